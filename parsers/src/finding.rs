//! What was found in a file: the stable codes and the finding itself.
//!
//! The messages stand in the language files of the outbox, one per code and language; a test there proves
//! that none is missing.

use serde::{Deserialize, Serialize};

use crate::fields::Field;

/// What a finding does to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Said once, changes nothing.
    Info,
    /// The record is taken over; the client is asked.
    Warning,
    /// The record (or, without a record, the file) is rejected.
    Error,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code.
    pub code: Code,
    /// What it does.
    pub severity: Severity,
    /// Column index in the raw row, from 0.
    pub column: Option<u32>,
    /// The column's header as it came.
    pub header: Option<String>,
    /// Field of the catalogue.
    pub field: Option<Field>,
    /// The offending value as it came, at most 80 characters; masked before anybody but the client sees it.
    pub value: Option<String>,
    /// Named arguments of the message (`limit`, `expected`, …).
    pub args: Vec<(String, String)>,
}

impl Finding {
    /// A finding with the code's own severity and nothing else.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            severity: code.severity(),
            column: None,
            header: None,
            field: None,
            value: None,
            args: Vec::new(),
        }
    }

    /// Names the field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    /// Names the column it was read from.
    #[must_use]
    pub fn column(mut self, index: u32, header: Option<&str>) -> Self {
        self.column = Some(index);
        self.header = header.map(str::to_owned);
        self
    }

    /// Shows the value, cut to 80 characters.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = Some(value.chars().take(80).collect());
        self
    }

    /// Adds a named argument of the message.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// Overrides the code's own severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// A stable code of a finding. Codes are never renamed and never used for another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as clients see it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Its severity unless the place where it arises says otherwise.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    // The file
    /// Nothing in it.
    EmptyFile = "EMPTY_FILE", Error;
    /// A header and no record: a normal empty night.
    HeaderOnly = "HEADER_ONLY", Info;
    /// Not a format that can be read (a PDF, an image, a program).
    UnknownFormat = "UNKNOWN_FORMAT", Error;
    /// No header row was recognised.
    NoHeader = "NO_HEADER", Error;
    /// A needed column is missing from the file.
    MissingColumn = "MISSING_COLUMN", Error;
    /// A column is not known; its values are kept.
    UnknownColumn = "UNKNOWN_COLUMN", Info;
    /// Two columns say the same field.
    ColumnTwice = "COLUMN_TWICE", Error;
    /// The workbook asks for a password.
    PasswordProtected = "PASSWORD_PROTECTED", Error;
    /// The file is damaged.
    CorruptFile = "CORRUPT_FILE", Error;
    /// The encoding could not be read.
    BadEncoding = "BAD_ENCODING", Error;
    /// NUL bytes in a text.
    NulBytes = "NUL_BYTES", Error;
    /// Larger than the client's limit.
    FileTooLarge = "FILE_TOO_LARGE", Error;
    /// Unpacks to more than is allowed.
    UnpacksTooLarge = "UNPACKS_TOO_LARGE", Error;
    /// More cells, rows or columns than are allowed.
    TooManyCells = "TOO_MANY_CELLS", Error;
    /// XML with a document type or entities.
    XmlForbidden = "XML_FORBIDDEN", Error;
    /// XML nested deeper than allowed.
    XmlTooDeep = "XML_TOO_DEEP", Error;
    /// XML that is not well-formed.
    XmlMalformed = "XML_MALFORMED", Error;
    /// The last line is cut: the upload may have broken off.
    CutLastLine = "CUT_LAST_LINE", Warning;
    /// The reader ran out of memory or time on this file.
    TooExpensive = "TOO_EXPENSIVE", Error;
    /// A file name that cannot be taken.
    BadFileName = "BAD_FILE_NAME", Error;
    /// The service failed three times; the agency was told.
    Quarantined = "QUARANTINED", Error;

    // The case desk
    /// No case, claim or payment is known by this number.
    UnknownReference = "UNKNOWN_REFERENCE", Error;
    /// Several cases are meant.
    AmbiguousReference = "AMBIGUOUS_REFERENCE", Error;
    /// The references of a record name different cases.
    ReferencesDisagree = "REFERENCES_DISAGREE", Error;
    /// The case is closed.
    CaseClosed = "CASE_CLOSED", Error;
    /// The case has several claims and the record names none.
    ClaimNotNamed = "CLAIM_NOT_NAMED", Error;
    /// A credit note higher than its claim.
    AmountAboveClaim = "AMOUNT_ABOVE_CLAIM", Error;
    /// More than what is open.
    AmountAboveOpen = "AMOUNT_ABOVE_OPEN", Error;
    /// A payment higher than the balance; the rest is a credit.
    Overpayment = "OVERPAYMENT", Warning;
    /// A payment to the agency whose case is not certain.
    UnmatchedPayment = "UNMATCHED_PAYMENT", Error;
    /// A return of the bank whose payment is not booked.
    UnmatchedReturn = "UNMATCHED_RETURN", Error;
    /// A return of the bank that may take several payments back.
    AmbiguousReturn = "AMBIGUOUS_RETURN", Error;
    /// What is to be cancelled is cancelled already.
    AlreadyCancelled = "ALREADY_CANCELLED", Error;
    /// The claim is recalled already.
    AlreadyRecalled = "ALREADY_RECALLED", Error;
    /// The same amount on the same day was booked before, and no number tells the two apart.
    PossibleDuplicate = "POSSIBLE_DUPLICATE", Warning;
    /// A case does not go from its stage to this one.
    StepNotAllowed = "STEP_NOT_ALLOWED", Error;
    /// A day that should lie ahead has passed.
    DatePassed = "DATE_PASSED", Error;
    /// The case does not rest.
    NotPaused = "NOT_PAUSED", Error;
    /// A change that says nothing.
    NothingToChange = "NOTHING_TO_CHANGE", Error;
    /// An answer, and nothing was asked.
    NoOpenQuery = "NO_OPEN_QUERY", Warning;
    /// A payment plan is running already.
    PlanRunning = "PLAN_RUNNING", Error;
    /// The instalments would take too long.
    PlanTooLong = "PLAN_TOO_LONG", Error;
    /// A fee was ordered, and the client's mandate names no schedule for it.
    NoFeeSchedule = "NO_FEE_SCHEDULE", Error;
    /// A word that is none of those that a field takes.
    ValueNotAllowed = "VALUE_NOT_ALLOWED", Error;
    /// More requests in one file than are answered.
    TooManyRequests = "TOO_MANY_REQUESTS", Error;

    // Papers, bundles and messages
    /// A paper that a record names did not come with it.
    PaperMissing = "PAPER_MISSING", Error;
    /// A paper whose name begins with no number that is known.
    PaperWithoutCase = "PAPER_WITHOUT_CASE", Error;
    /// A paper that no record names.
    PaperNotNamed = "PAPER_NOT_NAMED", Warning;
    /// A kind of file that is not taken as a paper.
    PaperTypeNotTaken = "PAPER_TYPE_NOT_TAKEN", Error;
    /// Larger than a paper may be.
    PaperTooLarge = "PAPER_TOO_LARGE", Error;
    /// More papers than one delivery may bring.
    TooManyPapers = "TOO_MANY_PAPERS", Error;
    /// A bundle without a list.
    BundleWithoutList = "BUNDLE_WITHOUT_LIST", Error;
    /// A bundle with more than one list.
    BundleSeveralLists = "BUNDLE_SEVERAL_LISTS", Error;
    /// A member of a bundle whose name leads out of it.
    BundleBadName = "BUNDLE_BAD_NAME", Error;
    /// Two members of a bundle have one name.
    BundleNameTwice = "BUNDLE_NAME_TWICE", Error;
    /// A member of a bundle that is a link or another special file.
    BundleLink = "BUNDLE_LINK", Error;
    /// An archive in a bundle.
    BundleNested = "BUNDLE_NESTED", Error;
    /// A message without a text.
    MessageWithoutText = "MESSAGE_WITHOUT_TEXT", Error;

    // The row
    /// Fewer fields than the header.
    TooFewFields = "TOO_FEW_FIELDS", Error;
    /// More fields than the header.
    TooManyFields = "TOO_MANY_FIELDS", Error;
    /// A field longer than allowed.
    FieldTooLong = "FIELD_TOO_LONG", Error;
    /// A quote that is not closed.
    UnclosedQuote = "UNCLOSED_QUOTE", Error;
    /// A totals line at the end was left out.
    TotalsLine = "TOTALS_LINE", Info;
    /// The kind of record is unknown.
    UnknownRecordType = "UNKNOWN_RECORD_TYPE", Error;
    /// The kind of record is known and not taken by file yet.
    RecordTypeNotTaken = "RECORD_TYPE_NOT_TAKEN", Error;

    // The value
    /// A value that the record needs is missing.
    Required = "REQUIRED", Error;
    /// A value needed before the first letter is missing.
    NeededBeforeLetter = "NEEDED_BEFORE_LETTER", Warning;
    /// The date cannot be read.
    DateUnreadable = "DATE_UNREADABLE", Error;
    /// The date can be read in two ways.
    DateAmbiguous = "DATE_AMBIGUOUS", Error;
    /// The amount cannot be read.
    AmountUnreadable = "AMOUNT_UNREADABLE", Error;
    /// The amount can be read in two ways.
    AmountAmbiguous = "AMOUNT_AMBIGUOUS", Error;
    /// More decimals than the currency has.
    AmountPrecision = "AMOUNT_PRECISION", Error;
    /// The number was damaged by the spreadsheet (more than 15 digits).
    NumberDamaged = "NUMBER_DAMAGED", Error;
    /// A cell holds a spreadsheet error such as #REF!.
    CellError = "CELL_ERROR", Error;
    /// Some other value cannot be read; it is kept as it came.
    ValueUnreadable = "VALUE_UNREADABLE", Warning;
    /// Characters that cannot be kept were replaced.
    ControlCharacters = "CONTROL_CHARACTERS", Warning;

    // The claim
    /// Not above zero.
    AmountNotPositive = "AMOUNT_NOT_POSITIVE", Error;
    /// Below zero where only zero and more makes sense.
    AmountNegative = "AMOUNT_NEGATIVE", Error;
    /// Below the client's minimum.
    AmountTooLow = "AMOUNT_TOO_LOW", Error;
    /// Implausibly high.
    AmountTooHigh = "AMOUNT_TOO_HIGH", Warning;
    /// In the future.
    DateInFuture = "DATE_IN_FUTURE", Error;
    /// Implausibly long ago.
    DateImplausible = "DATE_IMPLAUSIBLE", Error;
    /// Due before the invoice date.
    DueBeforeInvoice = "DUE_BEFORE_INVOICE", Warning;
    /// Not a birth date of a debtor.
    BirthDateImplausible = "BIRTH_DATE_IMPLAUSIBLE", Warning;
    /// No such currency.
    UnknownCurrency = "UNKNOWN_CURRENCY", Error;
    /// Another currency than the case has.
    IncorrectCurrency = "INCORRECT_CURRENCY", Error;
    /// No such country.
    UnknownCountry = "UNKNOWN_COUNTRY", Warning;
    /// Not a postcode of the country.
    PostcodeImplausible = "POSTCODE_IMPLAUSIBLE", Warning;
    /// The IBAN's check digits are wrong.
    IbanInvalid = "IBAN_INVALID", Warning;
    /// Not an e-mail address.
    EmailInvalid = "EMAIL_INVALID", Warning;
    /// Not a phone number.
    PhoneInvalid = "PHONE_INVALID", Warning;
    /// Probably time-barred.
    TimeBarred = "TIME_BARRED", Warning;
    /// Interest above the statutory rate without a reason.
    InterestReasonMissing = "INTEREST_REASON_MISSING", Warning;
    /// Consumer or business is not said: treated as a consumer.
    ActsAsUnknown = "ACTS_AS_UNKNOWN", Warning;
    /// No date from which interest could run.
    NoDefaultDate = "NO_DEFAULT_DATE", Warning;
    /// The open amount is above the original amount.
    PrincipalAboveOriginal = "PRINCIPAL_ABOVE_ORIGINAL", Warning;

    // Against the database
    /// The same claim was handed over before.
    Duplicate = "DUPLICATE", Error;
    /// The same claim was handed over before with another amount or date.
    DuplicateDiffers = "DUPLICATE_DIFFERS", Error;
    /// The debtor number belongs to another name.
    DebtorMismatch = "DEBTOR_MISMATCH", Error;
    /// A new debtor has the name and address of a known one with another number.
    LikelyTwin = "LIKELY_TWIN", Warning;
    /// No such creditor under this client.
    UnknownCreditor = "UNKNOWN_CREDITOR", Error;
    /// No contract is in force.
    NoMandate = "NO_MANDATE", Error;
    /// Good, but withheld because others of the file are not.
    Withheld = "WITHHELD", Info;

    // A bank statement
    /// Entries that are no payments received (debits, pending ones, returned transfers) were left out.
    EntriesLeftOut = "ENTRIES_LEFT_OUT", Info;
    /// The details of a batch booking are fewer, or sum up to another amount, than the booking itself says.
    BatchDiffers = "BATCH_DIFFERS", Warning;
}
