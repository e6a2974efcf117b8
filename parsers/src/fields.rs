//! The field catalogue: canonical fields with their names, types and headers in three languages.
//!
//! Checks, layouts, templates and guides grow from it; adding a field adds one line here.

use serde::{Deserialize, Serialize};

/// The type of a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Free text.
    Text,
    /// Text out of a list.
    Code,
    /// A calendar date.
    Date,
    /// An amount in the record's currency.
    Money,
    /// A rate in percent.
    Percent,
    /// Yes or no.
    Bool,
    /// Several texts.
    List,
}

macro_rules! fields {
    ($($name:ident = $text:literal, $kind:ident;)*) => {
        /// A canonical field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs, reason = "the catalogue's entries document the fields")]
        pub enum Field { $($name,)* }

        impl Field {
            /// Every field in the order of the catalogue.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];

            /// The canonical name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Field::$name => $text,)* }
            }

            /// The type of its values.
            pub const fn kind(self) -> Kind {
                match self { $(Field::$name => Kind::$kind,)* }
            }
        }
    };
}

fields! {
    RecordType = "record_type", Code;
    Creditor = "creditor", Text;
    DebtorNumber = "debtor_number", Text;
    DebtorType = "debtor_type", Code;
    ActsAs = "acts_as", Code;
    Salutation = "salutation", Code;
    Title = "title", Text;
    FirstName = "first_name", Text;
    LastName = "last_name", Text;
    CompanyName = "company_name", Text;
    LegalForm = "legal_form", Code;
    CompanyRegNo = "company_reg_no", Text;
    Representative = "representative", Text;
    ContactPerson = "contact_person", Text;
    BirthDate = "birth_date", Date;
    Street = "street", Text;
    HouseNumber = "house_number", Text;
    AddressExtra = "address_extra", Text;
    PostalCode = "postal_code", Text;
    City = "city", Text;
    Country = "country", Code;
    AddressSource = "address_source", Code;
    Email = "email", List;
    Phone = "phone", List;
    Mobile = "mobile", List;
    Fax = "fax", List;
    Iban = "iban", List;
    Bic = "bic", List;
    AccountHolder = "account_holder", Text;
    InvoiceNumber = "invoice_number", Text;
    ContractNumber = "contract_number", Text;
    InvoiceDate = "invoice_date", Date;
    DueDate = "due_date", Date;
    ReminderDate = "reminder_date", Date;
    DefaultDate = "default_date", Date;
    OriginalAmount = "original_amount", Money;
    PrincipalAmount = "principal_amount", Money;
    Currency = "currency", Code;
    DunningCosts = "dunning_costs", Money;
    OtherCosts = "other_costs", Money;
    InterestRate = "interest_rate", Percent;
    InterestReason = "interest_reason", Text;
    PaymentsReceived = "payments_received", Money;
    LastPaymentDate = "last_payment_date", Date;
    ClaimReason = "claim_reason", Text;
    ContractDate = "contract_date", Date;
    ClaimTypeCode = "claim_type_code", Code;
    OriginalCreditor = "original_creditor", Text;
    TitleKind = "title_kind", Code;
    TitleDate = "title_date", Date;
    TitleCourt = "title_court", Text;
    TitleReference = "title_reference", Text;
    JointDebtorOf = "joint_debtor_of", Text;
    Disputed = "disputed", Bool;
    Memo = "memo", Text;
    Attachment = "attachment", List;
    CaseNumber = "case_number", Text;
    PaymentNumber = "payment_number", Text;
    ValueDate = "value_date", Date;
    Amount = "amount", Money;
    AllocateTo = "allocate_to", Code;
    Reason = "reason", Text;
    Until = "until", Date;
    Stage = "stage", Code;
    Handler = "handler", Text;
    EntryKind = "entry_kind", Code;
    Visibility = "visibility", Code;
    Text = "text", Text;
    ReplyByMail = "reply_by_mail", Bool;
    ClosingReason = "closing_reason", Code;
    EndToEndId = "end_to_end_id", Text;
    BankReference = "bank_reference", Text;
    FeeRate = "fee_rate", Text;
    RequestKind = "request_kind", Code;
    ClientReference = "client_reference", Text;
    DebtorName = "debtor_name", Text;
    DebtorCountry = "debtor_country", Code;
    Status = "status", Code;
    From = "from", Date;
    To = "to", Date;
    Format = "format", Code;
}
