# What clients read in English.
#
# A finding: the message says what is; `.fix` says what to do about it.
# Every message knows $value, $column and $field; a value that is missing is `none`.
# The further values of a finding stand in `language/arguments.rs`.

## The file

EMPTY_FILE = The file is empty.
    .fix = Please create the file again and drop it once more.
HEADER_ONLY = The file holds only the header row and no records.
    .fix = There is nothing to do.
UNKNOWN_FORMAT = { $looks_like ->
    [none] The format of the file cannot be read.
    [binary] The format of the file cannot be read; it holds no text.
   *[other] The format of the file cannot be read (recognised: { $looks_like }).
}
    .fix = Please drop CSV, TXT, XLSX, XLS, ODS or XML. Templates are in the folder “templates”.
NO_HEADER = No header row with column names was found.
    .fix = Please put the column names into the first row, for example “customer number”, “invoice number”, “principal”.
MISSING_COLUMN = The column “{ $field }” is missing from the file.
    .fix = { $expected ->
    [none] Please add a column “{ $field }”.
   *[other] Please add a column with one of these names: { $expected }.
}
UNKNOWN_COLUMN = The column “{ $column }” is not known; its contents are kept with the claim.
    .fix = There is nothing to do. To have it evaluated, please use a column name from the guide in the folder “templates”.
COLUMN_TWICE = The column “{ $column }” brings “{ $field }” a second time.
    .fix = Please hand over only one of these columns, or rename one of them.
PASSWORD_PROTECTED = The file is protected by a password.
    .fix = Please save it without a password and drop it again. The transfer itself is encrypted.
CORRUPT_FILE = The file is damaged and cannot be opened.
    .fix = Please open the file, save it anew and drop it again.
BAD_ENCODING = The character encoding of the file cannot be read.
    .fix = Please save it as UTF-8 or Windows-1252 (ANSI).
NUL_BYTES = The file holds characters that must not occur in a text (NUL bytes).
    .fix = Please create the file again and save it as UTF-8 or Windows-1252 (ANSI).
FILE_TOO_LARGE = { $limit ->
    [none] The file is too large.
   *[other] The file is larger than the agreed { $limit }.
}
    .fix = Please split it into several files.
UNPACKS_TOO_LARGE = The file becomes too large when it is unpacked.
    .fix = Please split it into several files and delete empty formatted areas.
TOO_MANY_CELLS = { $limit ->
    [none] The file has too many cells, rows or columns.
   *[other] The file has too many cells, rows or columns (at most { $limit }).
}
    .fix = Please split it into several files and delete empty rows and columns.
XML_FORBIDDEN = The XML file holds a document type definition or entities of its own, which is not allowed for safety.
    .fix = Please create the XML file without a DOCTYPE.
XML_TOO_DEEP = The XML file is nested too deeply.
    .fix = Please create the file after the schema in the folder “templates”.
XML_MALFORMED = The XML file is not well-formed.
    .fix = Please create the file after the schema in the folder “templates” and check it before you drop it.
CUT_LAST_LINE = The last line is incomplete; the transfer may have broken off.
    .fix = Please check that the file arrived completely; otherwise drop it again.
TOO_EXPENSIVE = The file could not be read within reasonable time.
    .fix = Please split it into several files or drop it as CSV.
BAD_FILE_NAME = The name of the file cannot be used.
    .fix = Please use only letters, digits, full stop, hyphen and underscore.
QUARANTINED = The file could not be processed because of a fault on our side. We have been alerted and are looking into it.
    .fix = Please do not drop it again; we will contact you.

## Papers, bundles and messages

PAPER_MISSING = The attachment “{ $paper }” did not come with it.
    .fix = Please put it into the bundle, or into “inbox/documents” under a name that begins with the invoice number.
PAPER_WITHOUT_CASE = The name of the file “{ $paper }” begins with no number of a case or an invoice that we know.
    .fix = Please name it so that it begins with our case number or your invoice number (such as “RE-4711_contract.pdf”), and drop it again.
PAPER_NOT_NAMED = No line of the list names the file “{ $paper }” of the bundle; it was not filed.
    .fix = Please name it in the column “attachment”, or drop it into “inbox/documents”.
PAPER_TYPE_NOT_TAKEN = A file of this kind is not taken as an attachment{ $looks_like ->
    [none] .
   *[other] {" "}(recognised: { $looks_like }).
}
    .fix = Please hand over PDF, PNG, JPEG, TIFF, DOCX, XLSX, text, XML or mails (EML, MSG).
PAPER_TOO_LARGE = The attachment is too large{ $limit ->
    [none] .
   *[other] {" "}(at most { $limit }).
}
    .fix = Please make it smaller or split it.
TOO_MANY_PAPERS = There are too many files{ $limit ->
    [none] .
   *[other] {" "}(at most { $limit }).
}
    .fix = Please spread them over several deliveries.
BUNDLE_WITHOUT_LIST = The bundle holds no list of records.
    .fix = Please put the list (CSV, XLSX, ODS, XML) into the bundle. Single papers belong into “inbox/documents”.
BUNDLE_SEVERAL_LISTS = The bundle holds several lists.
    .fix = Please make a bundle of its own for each list.
BUNDLE_BAD_NAME = The bundle holds a file with a name that is not allowed.
    .fix = Please make the bundle again with plain file names, without “..” and without a drive.
BUNDLE_NAME_TWICE = Two files of the bundle have the same name{ $paper ->
    [none] .
   *[other] : “{ $paper }”.
}
    .fix = Please rename one of them.
BUNDLE_LINK = The bundle holds a link instead of a file.
    .fix = Please put the file itself into the bundle.
BUNDLE_NESTED = The bundle holds another archive{ $paper ->
    [none] .
   *[other] : “{ $paper }”.
}
    .fix = Please put its files directly into the bundle.
MESSAGE_WITHOUT_TEXT = The message has no text.
    .fix = Please add a text file (TXT).

## The row

TOO_FEW_FIELDS = { $expected ->
    [none] The row has fewer fields than the header.
   *[other] The row has { $found } fields, the header has { $expected }.
}
    .fix = Please add the missing fields; empty fields need their separator, too.
TOO_MANY_FIELDS = { $limit ->
    [none] { $expected ->
        [none] The row has more fields than the header.
       *[other] The row has { $found } fields, the header has { $expected }.
    }
   *[other] The row has more than { $limit } fields.
}
    .fix = Please put texts that contain the separator into quotation marks.
FIELD_TOO_LONG = { $limit ->
    [none] The text is too long.
   *[other] The text is longer than { $limit } characters.
}
    .fix = Please shorten it.
UNCLOSED_QUOTE = A quotation mark is not closed.
    .fix = Please add the closing quotation mark; a quotation mark inside a text has to be doubled.
TOTALS_LINE = This row was recognised as a totals line and left out.
    .fix = There is nothing to do.
UNKNOWN_RECORD_TYPE = The record type “{ $value }” is not known.
    .fix = Please use a record type from the guide in the folder “templates”, or leave the field empty (new claim).
RECORD_TYPE_NOT_TAKEN = The record type “{ $value }” is not taken from here.
    .fix = { $value ->
        [agency_payment] Please report a payment that you received as “direct_payment”.
       *[other] The guide in the folder “templates” says which record types you can use.
    }

## The value

REQUIRED = “{ $field }” is missing.
    .fix = { $or ->
    [none] Please add “{ $field }”.
   *[other] Please add “{ $field }”; also possible: { $or }.
}
NEEDED_BEFORE_LETTER = “{ $field }” is missing; it is needed for the first letter to the debtor.
    .fix = Please hand it in later.
DATE_UNREADABLE = “{ $value }” is not a date.
    .fix = Please write it as YYYY-MM-DD, for example 2026-12-31.
DATE_AMBIGUOUS = “{ $value }” can be read in two ways: day and month cannot be told apart.
    .fix = Please write it as YYYY-MM-DD, for example 2026-12-31.
AMOUNT_UNREADABLE = “{ $value }” is not an amount.
    .fix = Please write it as a number, for example 1234.56.
AMOUNT_AMBIGUOUS = “{ $value }” can be read in two ways: as a thousands or as a decimal separator.
    .fix = Please write it with decimals, for example 1234.56.
AMOUNT_PRECISION = { $currency ->
    [none] “{ $value }” has more decimals than the currency knows.
   *[other] “{ $value }” has more decimals than { $currency } knows.
}
    .fix = Please round it to whole smallest units (cents).
NUMBER_DAMAGED = The number “{ $value }” was changed by the spreadsheet: numbers of more than 15 digits lose digits there.
    .fix = Please format the column as text and enter the number again.
CELL_ERROR = The cell holds the error value { $value }.
    .fix = Please correct the formula or enter the value.
VALUE_UNREADABLE = “{ $value }” cannot be read as “{ $field }”; the value is kept as it came.
    .fix = Please correct it when convenient; the guide in the folder “templates” says what is possible.
CONTROL_CHARACTERS = The text holds invisible control characters; they were replaced.
    .fix = Please remove them at the source when convenient.

## The claim

AMOUNT_NOT_POSITIVE = The amount “{ $value }” is not above zero.
    .fix = Please enter the open amount as a positive number.
AMOUNT_NEGATIVE = The amount “{ $value }” is negative.
    .fix = Please enter zero or a positive amount.
AMOUNT_TOO_LOW = { $limit ->
    [none] The amount is below the agreed minimum.
   *[other] The amount is below the agreed minimum of { $limit }.
}
    .fix = Claims below the minimum cannot be taken over.
AMOUNT_TOO_HIGH = { $reason ->
    [beyond] The amount is above { $limit } and cannot be booked.
   *[other] { $limit ->
        [none] The amount “{ $value }” is unusually high.
       *[other] The amount “{ $value }” is unusually high (from { $limit } on we ask).
    }
}
    .fix = Please check the decimal point and the thousands separator.
DATE_IN_FUTURE = The date “{ $value }” is in the future.
    .fix = Please correct the date, or hand the claim over once it is due.
DATE_IMPLAUSIBLE = { $earliest ->
    [none] The date “{ $value }” is implausibly long ago.
   *[other] The date “{ $value }” is implausibly long ago (before { $earliest }).
}
    .fix = Please check the year and write it with four digits.
DUE_BEFORE_INVOICE = { $invoice_date ->
    [none] The due date is before the invoice date.
   *[other] The due date is before the invoice date { $invoice_date }.
}
    .fix = Please check it. For payment in advance, such as rent, there is nothing to do.
BIRTH_DATE_IMPLAUSIBLE = { $reason ->
    [minor] By the date of birth “{ $value }” the debtor is a minor.
    [future] The date of birth “{ $value }” is in the future.
    [too_old] By the date of birth “{ $value }” the debtor would be older than 120 years.
   *[other] “{ $value }” cannot be the date of birth of the debtor.
}
    .fix = { $reason ->
    [minor] If the date is right, there is nothing to correct; please tell us who represents the debtor by law (column “Representative”).
    [future] Please check the year and write it with four digits, or leave the field empty.
    [too_old] Please check the year and write it with four digits, or leave the field empty.
   *[other] Please check the date of birth or leave it empty.
}
UNKNOWN_CURRENCY = “{ $value }” is not a known currency.
    .fix = Please use the currency code of three letters, for example EUR.
INCORRECT_CURRENCY = { $expected ->
    [none] The currency “{ $value }” does not match the case.
   *[other] The currency “{ $value }” does not match; expected is { $expected }.
}
    .fix = Please hand the claim over in the agreed currency.
UNKNOWN_COUNTRY = “{ $value }” is not a known country.
    .fix = Please use the country code of two letters, for example GB.
POSTCODE_IMPLAUSIBLE = { $country ->
    [none] “{ $value }” is not a postcode of this country.
   *[other] “{ $value }” is not a postcode in { $country }.
}
    .fix = { $expected ->
    [none] Please check postcode and country; leading zeros belong to it.
   *[other] Please check postcode and country; there it has the form { $expected }, and leading zeros belong to it.
}
IBAN_INVALID = The check digits of the IBAN “{ $value }” are wrong.
    .fix = Please check the IBAN.
EMAIL_INVALID = “{ $value }” is not an e-mail address.
    .fix = Please check the address.
PHONE_INVALID = “{ $value }” is not a phone number.
    .fix = Please write it with the area code, for example +44 20 7946 0000.
TIME_BARRED = { $date ->
    [none] The claim is probably time-barred.
   *[other] The claim has probably been time-barred since { $date }.
}
    .fix = Please check whether the limitation was suspended or a title exists, and tell us.
INTEREST_REASON_MISSING = { $statutory ->
    [none] The interest rate is above the statutory one; the reason is missing.
   *[other] The interest rate is above the statutory { $statutory } %; the reason is missing.
}
    .fix = Please give the reason, for example the agreement in the contract.
ACTS_AS_UNKNOWN = { $reason ->
    [no_column] No column of the list says who acts as a consumer and who as a business; whoever is not known to be a business is treated as a consumer.
   *[other] It is not said whether the debtor acts as a consumer or a business; the debtor is treated as a consumer.
}
    .fix = { $reason ->
    [no_column] Please add a column “{ $field }” with “consumer” or “business” in future.
   *[other] Please say so in future (“consumer” or “business”).
}
NO_DEFAULT_DATE = No start of default follows from what was given; no interest is charged.
    .fix = Please hand in the due date, the date of the reminder or the date of default.
PRINCIPAL_ABOVE_ORIGINAL = { $original ->
    [none] The open amount is above the original amount of the invoice.
   *[other] The open amount is above the original amount of the invoice, { $original }.
}
    .fix = Please check it. Reminder fees and interest belong into columns of their own.

## The case

UNKNOWN_REFERENCE = None of your cases is known to us by “{ $value }”.
    .fix = Please check the case, customer, invoice or payment number.
AMBIGUOUS_REFERENCE = “{ $value }” stands for several of your cases.
    .fix = Please give the case number.
REFERENCES_DISAGREE = The numbers in this row do not belong to the same case (“{ $value }”).
    .fix = Please check the numbers; one of them is enough.
CASE_CLOSED = The case is closed.
    .fix = Please check the case or write to us.
CLAIM_NOT_NAMED = The case has several claims; the row does not say which one is meant.
    .fix = Please give the invoice number.
AMOUNT_ABOVE_CLAIM = The credit note is higher than the claim ({ $limit }).
    .fix = Please check amount and invoice number.
AMOUNT_ABOVE_OPEN = The amount is higher than what is open ({ $limit }).
    .fix = Please check the amount.
OVERPAYMENT = The payment is higher than what is open; { $over } are kept as a credit.
    .fix = Please check the amount; we will come back to you about the credit.
UNMATCHED_PAYMENT = { $found ->
    [none] No case could be found for this payment.
    [several] The text has the numbers of several cases.
   *[other] The invoice number is one of case { $found }, but neither name nor amount are.
}
    .fix = Please fill in the case number and drop the row again.
UNMATCHED_RETURN = No payment of this amount is booked that this return could take back.
    .fix = Please fill in the payment number and drop the row again.
AMBIGUOUS_RETURN = Several payments of this amount have the reference of this return.
    .fix = Please fill in the payment number of the one that is meant and drop the row again.
ALREADY_CANCELLED = “{ $value }” is cancelled already.
    .fix = There is nothing to do; else please check the number.
ALREADY_RECALLED = This claim is recalled already.
    .fix = There is nothing to do.
POSSIBLE_DUPLICATE = The same amount of the same day is booked already; it was booked once more.
    .fix = If it is the same one, please cancel it. With a payment number this does not happen.
STEP_NOT_ALLOWED = A case does not go from “{ $from }” to “{ $value }”.
    .fix = Please check the stage; enforcement needs a title, and “close” ends a case.
DATE_PASSED = The day has passed.
    .fix = Please give a day from today on.
NOT_PAUSED = The case is not on hold.
    .fix = There is nothing to do.
NOTHING_TO_CHANGE = There is no new address, e-mail or phone number in the row.
    .fix = Please say what has changed.
NO_OPEN_QUERY = No query is open on this case; the text was taken as a message.
    .fix = Please check that it is the right case.
PLAN_RUNNING = A payment plan is running on this case already.
    .fix = Please end that one first.
PLAN_TOO_LONG = With this instalment there are more than { $limit } of them.
    .fix = Please give a higher instalment.
NO_FEE_SCHEDULE = The mandate of this client names no fee schedule, or the schedule does not know the case.
    .fix = Please name the schedule in the mandate, or give the amount.
VALUE_NOT_ALLOWED = “{ $value }” is not one of the values here.
    .fix = Please give one of the values of the record layout guide.
TOO_MANY_REQUESTS = One file may hold at most { $limit } requests.
    .fix = Please put the other requests into another file, or ask for a list instead of many single cases.

## Against what is there

DUPLICATE = This claim was handed over before.
    .fix = There is nothing to do; please do not hand it over again.
DUPLICATE_DIFFERS = { $field ->
    [none] This claim was handed over before, but with another amount or date.
   *[other] This claim was handed over before, but with another value in “{ $field }”.
}
    .fix = Please check the invoice number. If the amount has changed, please tell us the change.
DEBTOR_MISMATCH = { $reason ->
    [birth_date] The customer number “{ $value }” already belongs to somebody of this name with another date of birth.
   *[other] The customer number “{ $value }” already belongs to another name.
}
    .fix = { $reason ->
    [birth_date] Please check number and date of birth; each debtor needs a number of its own.
   *[other] Please check number and name; each debtor needs a number of its own.
}
LIKELY_TWIN = Name and address are the same as under the customer number “{ $value }”.
    .fix = If it is the same person, please use one number from now on and let us know.
UNKNOWN_CREDITOR = The creditor “{ $value }” is not known.
    .fix = Please use the agreed code of the creditor.
NO_MANDATE = There is no mandate for this claim at present.
    .fix = Please settle with us from when on and for which creditor you hand over.
WITHHELD = Nothing to change: the row is fine and was withheld because other rows are to be corrected.
    .fix = Please drop it again together with the corrected rows.

## The bank statement

ENTRIES_LEFT_OUT = Left out of this bank statement, as they are no payments received: debits: { $debits }, pending entries: { $pending }, own transfers that came back: { $returned }.
    .fix = There is nothing to do.
BATCH_DIFFERS = The details of this batch booking do not add up to it: expected { $expected }, found { $found }.
    .fix = Please compare the batch with the bank or with the file of its details (camt.054).

## Where

place-row-column = Row { $row }, column “{ $column }”
place-row = Row { $row }
place-column = Column “{ $column }”
place-sheet = Sheet “{ $sheet }”

## Columns of answers and reports

heading-sheet = Sheet
heading-row = Row
heading-outcome = Outcome
heading-case_number = Case number
heading-debtor_number = Customer number
heading-invoice_number = Invoice number
heading-amount = Amount
heading-currency = Currency
heading-code = Code
heading-field = Field
heading-message = Message
heading-todo = What to do
heading-creditor = Creditor
heading-debtor = Debtor
heading-opened = Opened on
heading-closed = Closed on
heading-stage = Stage
heading-processing = Processing
heading-payment = Payment
heading-claims = Claims
heading-principal = Principal
heading-costs = Other costs
heading-paid = Paid
heading-balance = Open balance
heading-closing_reason = Closing reason
heading-handed_over = Handed over on
heading-file = File
heading-delivery = Delivery
heading-mode = Kind
heading-status = Status
heading-submitted = Submitted
heading-accepted = Taken over
heading-rejected = Rejected
heading-duplicate = Duplicate
heading-withheld = Withheld
heading-finished = Answered on
total = Total

outcome-accepted = taken over
outcome-rejected = rejected
outcome-duplicate = handed over before
outcome-withheld = withheld
outcome-file = file
# Nothing is taken over while validating.
outcome-accepted-validate = fine
outcome-rejected-validate = would be rejected
outcome-duplicate-validate = handed over before
outcome-withheld-validate = would be withheld

status-ACCP = all taken over
status-PART = partly taken over
status-RJCT = rejected
status-DUPL = handed over before
status-none = in progress
mode-import = hand-over
mode-validate = validation

stage-extrajudicial = out of court
stage-judicial_dunning = court dunning procedure
stage-litigation = litigation
stage-enforcement = enforcement
stage-insolvency = insolvency
stage-long_term_monitoring = long-term monitoring
stage-ended = ended
processing-in_progress = in progress
processing-paused = paused
processing-ended = ended
payment-unpaid = unpaid
payment-partially_paid = partly paid
payment-fully_paid = paid

## Mails

greeting = Hello,
regards = Kind regards
automatic = This message was created automatically.
delivery-subject = { $mode ->
    [validate] Validation “{ $file }”: { $submitted ->
        [0] no records
       *[other] { $accepted } of { $submitted } fine{ $faulty ->
            [0] { "" }
           *[other] , { $faulty } to correct
        }
    }
   *[import] { $status ->
        [WAIT] “{ $file }” could not be processed yet
        [DUPL] “{ $file }” was handed over before
       *[other] “{ $file }”: { $submitted ->
            [0] { $faulty ->
                [0] no records
               *[other] cannot be read
            }
           *[other] { $accepted } of { $submitted } taken over{ $duplicate ->
                [0] { "" }
               *[other] , { $duplicate } handed over before
            }{ $faulty ->
                [0] { "" }
               *[other] , { $faulty } to correct
            }{ $withheld ->
                [0] { "" }
               *[other] , { $withheld } withheld
            }
        }
    }
}
delivery-summary = { $mode ->
    [validate] Your file “{ $file }” was checked. Nothing was taken over.
   *[import] { $status ->
        [ACCP] Your file “{ $file }” was taken over completely.
        [PART] Your file “{ $file }” was taken over in part.
        [WAIT] Your file “{ $file }” could not be processed yet because of a fault on our side.
        [DUPL] The same file as “{ $file }” arrived before (delivery { $first }). It was not taken over again.
       *[other] Your file “{ $file }” could not be taken over.
    }
}
delivery-counts = Records: { $submitted } – taken over: { $accepted }, to correct: { $rejected }, handed over before: { $duplicate }, withheld: { $withheld }
delivery-counts-validate = Records: { $submitted } – fine: { $accepted }, to correct: { $rejected }, handed over before: { $duplicate }, to be withheld: { $withheld }
delivery-next = { $next ->
    [correct] The rows to correct are in “outbox/corrections”. Please correct them there, save, and drop the file into “inbox” again.
    [file] What has to be changed in the file is said in the answer in “outbox/acknowledgements”.
    [wait] We are looking into it. Please do not drop the file again.
   *[nothing] There is nothing to do. The answer with the case numbers is in “outbox/acknowledgements”.
}
delivery-next-validate = { $next ->
    [correct] What has to be corrected is said in the answer in “outbox/acknowledgements” and in the file in “outbox/corrections”. To hand the claims over, please drop the corrected file into “inbox”.
    [file] What has to be changed in the file is said in the answer in “outbox/acknowledgements”.
    [wait] We are looking into it. Please do not drop the file again.
   *[nothing] To hand the claims over, please drop the file into “inbox”.
}
duplicate-file-fix = There is nothing to do. The rows show the result of the first delivery.
report-subject = { $report } is ready
report-summary = { $report } is in “outbox/reports”: { $file }
report-cases = Report “Cases”
report-deliveries = Report “Hand-overs”
quarantine-subject = Delivery { $delivery } of { $client } in quarantine
quarantine-summary = Delivery { $delivery } of the client { $client } could not be worked because of a fault of the service and is in quarantine. The client has been told.
quarantine-next = The cause: `dropcase delivery show { $delivery }` and the log. Afterwards: `dropcase delivery resubmit { $delivery }`.

## Messages

message-date = Date
message-kind = What it is
message-reply = Reply to your message of { $date }
message-news = Message about your case
message-query = Question; please answer us
message-papers = With it, in the same folder:
message-how-answer = How to answer: save the two lines below with your text as a CSV file and put it into the folder “inbox”.
message-how-more = To write back, save the two lines below with your text as a CSV file and put it into the folder “inbox”.
message-your-text = Your text
message-subject = { $kind ->
    [query] Question about case { $case }
   *[reply] Reply about case { $case }
}
message-summary = { $kind ->
    [query] We have a question about case { $case }:
   *[reply] This is our reply about case { $case }:
}
message-next = The same text lies in “outbox/messages” ({ $file }), with how to answer by file{ $papers ->
    [0] .
    [one] {" "}and with one attachment.
   *[other] {" "}and with { $papers } attachments.
} Please do not reply to this mail.

## Answers to requests

heading-postal_code = Postcode
heading-city = City
heading-country = Country
heading-value = Value
heading-paused_until = On hold until
heading-contract_number = Contract number
heading-invoice_date = Invoice date
heading-due_date = Due date
heading-claim_reason = Reason
heading-disputed = Disputed
heading-interest = Interest
heading-agency_costs = Collection costs
heading-client_costs = Costs of the creditor
heading-credit = Credit
heading-as_of = As of
heading-value_date = Value date
heading-booked = Booked on
heading-booking = Booking
heading-claim = Claim
heading-number = Your number
heading-at = When
heading-what = What
heading-details = Details
heading-text = Text
case-title = Case
case-none = No case found
case-facts = Case
case-claims = Claims
case-account = Account
case-payments = Payments
case-history = History
case-messages = Messages
case-cancels = cancelled
report-request = Answer to your request
yes-no-yes = yes
yes-no-no = no
booking-payment = Payment before the hand-over
booking-direct_payment = Payment to you
booking-agency_payment = Payment to us
booking-credit_note = Credit note
booking-recall = Recall
history-opened = Case opened
history-claim_added = Claim added
history-message = Your message
history-answer = Your answer
history-reply = Our reply
history-query = Our question
history-direct_payment = Payment to you
history-agency_payment = Payment to us
history-payment_cancellation = Payment cancelled
history-credit_note = Credit note
history-credit_note_cancellation = Credit note cancelled
history-recalled = Case recalled
history-claim_recalled = Claim recalled
history-paused = Case on hold
history-resumed = Case resumed
history-disputed = Claim disputed
history-address_change = Address or contact changed
history-address_search = Address search ordered
history-stage = Stage changed
history-handler = Case handler changed
history-cost = Costs
history-write_off = Write-off
history-payment_plan = Payment plan
history-payment_plan_kept = Payment plan kept
history-payout = Paid out to you
history-closed = Case closed
history-letter = Letter
history-sms = Text message
history-call = Call
history-visit = Visit
history-agreement = Agreement
history-note = Note
closing-FULL_PAYMENT = paid in full
closing-PARTIAL_SUCCESS = paid in part
closing-SETTLEMENT = settlement
closing-COMPLETED_BY_CREDIT = settled by credit note
closing-RECALLED_BY_CLIENT = recalled by you
closing-RETURNED_TO_CLIENT = returned to you
closing-WRITE_OFF = written off
closing-IRRECOVERABLE = irrecoverable
closing-POOR_CREDIT_RATING = poor credit rating
closing-INSOLVENCY = insolvency
closing-COMPANY_LIQUIDATED = company dissolved
closing-UNKNOWN_ADDRESS = address unknown
closing-DEBTOR_ABROAD = debtor abroad
closing-DEBTOR_DECEASED = debtor deceased
closing-MINOR_DEBTOR = debtor is a minor
closing-CLAIM_DISPUTED = claim disputed
closing-CLAIM_DISMISSED = claim dismissed
closing-FRAUD = fraud
closing-TIME_BARRED = time-barred
closing-TOO_LOW_FOR_LEGAL_ACTION = too low for legal action
closing-HIGH_COST_RISK = risk of costs too high
closing-MISSING_DATA = data missing
closing-DUPLICATE = duplicate
closing-PAID_BEFORE_HANDOVER = paid before the hand-over
closing-LONG_TERM_MONITORING = long-term monitoring

## Templates

ack-sheet = Result
list-sheet = Hand-over
guide-sheet = Guide
list-file = hand-over
guide-file = guide
guide-title = Record layout guide
guide-intro = These are the columns that are understood. Columns may stand in any order; case, spaces and hyphens in column names do not matter. Leave out columns that you do not need.
guide-field = Column
guide-headers = Also recognised as
guide-type = Contents
guide-needed = Needed
guide-name = Field name
needed-required = yes
needed-letter = before the first letter
needed-optional = no
kind-text = text
kind-code = choice
kind-date = date (YYYY-MM-DD)
kind-money = amount (1234.56)
kind-percent = percentage (5.12)
kind-bool = yes or no
kind-list = text, several separated by commas
kind-length = at most { $limit } characters
note-required = This is needed; without it the row is rejected.
note-letter = This is needed before the first letter.
note-optional = This is optional.
example-hint = Example row – please delete

## README

readme-title = How this area works
readme-valid-rows = A row with errors does not hold up the others; the good ones are taken over.
readme-whole-file = If one row is faulty, none of the file is taken over.
readme-completion-hold = The file is collected a few seconds after the upload.
readme-completion-rename = Please upload under a temporary name (for example list.csv.part) and rename the file afterwards; only then is it collected.
readme-completion-marker = After the file, put an empty file with the ending .ok beside it (for example list.csv.ok); only then is it collected.
choice-acts_as-consumer = consumer
choice-acts_as-business = business
choice-salutation-mr = Mr
choice-salutation-ms = Ms
choice-salutation-company = Company
choice-visibility-internal = internal
choice-visibility-client = client
choice-allocate_to-principal = principal
choice-allocate_to-costs = costs
choice-allocate_to-interest = interest
example-number = EXAMPLE
example-reason = Delivery of goods
example-service = Services
guide-about = Meaning
guide-findings = Codes of findings
guide-code = Code
needed-one_of = one of them
note-one_of = This or something equivalent is needed.
guide-records = Record types
guide-record = Record type
guide-records-intro = What a row asks for stands in the column “Record type”; where it is empty or missing, it is a new claim. Of values with a slash one is enough.
record-new_claim = claim
record-about-new_claim = Hands over a claim; it joins the running case of the customer or opens one.
record-additional_claim = additional
record-about-additional_claim = Adds an invoice to a running case.
record-debtor = debtor
record-about-debtor = Brings master data without a claim.
record-direct_payment = payment
record-about-direct_payment = The debtor paid you.
record-payment_cancellation = payment cancellation
record-about-payment_cancellation = Takes a payment back, such as after a returned direct debit.
record-credit_note = credit note
record-about-credit_note = Lowers a claim.
record-credit_note_cancellation = credit note cancellation
record-about-credit_note_cancellation = Takes a credit note back.
record-recall = recall
record-about-recall = Takes a claim back, without an invoice number the whole case.
record-hold = hold
record-about-hold = Lets the case rest, until a day or until it is resumed.
record-resume = resume
record-about-resume = Lets the case go on.
record-address_change = address change
record-about-address_change = Brings a new address, e-mail address or phone number.
record-address_search = address search
record-about-address_search = Orders a search for the address.
record-dispute = dispute
record-about-dispute = The debtor objects to a claim, without an invoice number to all of the case.
record-message = message
record-about-message = Writes to the case handler.
record-answer = answer
record-about-answer = Answers a question of ours.
record-request = request
record-about-request = Asks for your cases or for one case; the answer lies in “outbox/reports” after seconds. With nothing else: all open cases.
record-document = document
record-about-document = Files papers of a bundle on a case.

## For the back office

office-list-file = orders
office-list-sheet = Orders
office-records-intro = What a row asks for stands in the column “Record type”. The case is named by its number; a number of the client will do where it means one case among all. Of values with a slash one is enough.
example-handler = Team 3
record-agency_payment = agency payment
record-about-agency_payment = Books what the debtor paid to us.
record-cost = cost
record-about-cost = Books a cost of ours, or a fee as agreed.
record-write_off = write off
record-about-write_off = Gives up an amount; without one, all that is open.
record-history_entry = history entry
record-about-history_entry = Writes a letter, call, visit or note into the history; internal unless it says otherwise.
record-status_change = status change
record-about-status_change = Moves the case to another stage.
record-handler_change = handler change
record-about-handler_change = Gives the case to somebody else; without a handler, to nobody.
record-reply = reply
record-about-reply = Writes to the client; answers its oldest open message.
record-query = query
record-about-query = Asks the client.
record-payment_plan = payment plan
record-about-payment_plan = Agrees on monthly instalments of this amount.
record-payout = payout
record-about-payout = Notes what was paid on to the client.
record-close = close
record-about-close = Ends the case.
