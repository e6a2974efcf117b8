//! What an entry of a statement and its transaction details say, by the path of each element (ISO 20022, camt.05x).

use crate::statement::number;
use crate::values::money;

/// Characters of a remittance text that are kept; more than the field takes, so that its own finding tells of the cut.
const TEXT_CHARS: usize = 5_000;

/// Characters of any other value that are kept.
const VALUE_CHARS: usize = 400;

/// An amount as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Digits and a point.
    pub(super) number: String,
    /// The attribute `Ccy`.
    pub(super) currency: String,
}

impl Written {
    fn is_empty(&self) -> bool {
        self.number.is_empty()
    }

    fn clear(&mut self) {
        self.number.clear();
        self.currency.clear();
    }

    /// Minor units of `currency`; `None` where the text is no amount of it.
    pub(super) fn minor(&self, currency: &str) -> Option<i64> {
        if !is_decimal(&self.number) {
            return None;
        }
        let amount = money::Amount::read_typed(&self.number).ok()?;
        amount.minor(money::exponent(currency)?).ok()
    }
}

/// Whether a text is written as the standard writes amounts: digits, perhaps a point and digits.
pub(super) fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

/// An entry without its details.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub(super) reference: String,
    pub(super) amount: Written,
    pub(super) direction: String,
    pub(super) reversal: String,
    pub(super) status: String,
    pub(super) booked: String,
    pub(super) value: String,
    pub(super) servicer_reference: String,
    pub(super) additional: String,
    /// Sub-family of its bank transaction code.
    pub(super) sub_family: String,
    /// Transactions that its batches say they have.
    pub(super) batch: u64,
}

impl Entry {
    /// Forgets everything and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.amount.clear();
        self.batch = 0;
        for text in [
            &mut self.reference,
            &mut self.direction,
            &mut self.reversal,
            &mut self.status,
            &mut self.booked,
            &mut self.value,
            &mut self.servicer_reference,
            &mut self.additional,
            &mut self.sub_family,
        ] {
            text.clear();
        }
    }

    /// Takes the element at `path` below the entry.
    pub(super) fn take(&mut self, path: &str, text: &str, currency: &str) {
        match path {
            "NtryRef" => reference(&mut self.reference, text),
            "Amt" => amount(&mut self.amount, text, currency),
            "CdtDbtInd" => once(&mut self.direction, text),
            "RvslInd" => once(&mut self.reversal, text),
            // Up to version 7 a code of its own, later a choice.
            "Sts" | "Sts/Cd" | "Sts/Prtry" => once(&mut self.status, text),
            "BookgDt/Dt" | "BookgDt/DtTm" => once(&mut self.booked, text),
            "ValDt/Dt" | "ValDt/DtTm" => once(&mut self.value, text),
            "AcctSvcrRef" => reference(&mut self.servicer_reference, text),
            "BkTxCd/Domn/Fmly/SubFmlyCd" => once(&mut self.sub_family, text),
            "AddtlNtryInf" => append(&mut self.additional, text),
            "NtryDtls/Btch/NbOfTxs" => self.batch = self.batch.saturating_add(text.parse().unwrap_or(0)),
            _ => {}
        }
    }
}

/// A transaction's details.
#[derive(Debug, Clone, Default)]
pub(super) struct Detail {
    /// Line on which it begins.
    pub(super) line: u64,
    pub(super) servicer_reference: String,
    pub(super) end_to_end: String,
    pub(super) amount: Written,
    transaction_amount: Written,
    pub(super) instructed: Written,
    pub(super) direction: String,
    /// It gives the reason of a return.
    pub(super) returned: bool,
    pub(super) debtor: String,
    pub(super) iban: String,
    pub(super) bic: String,
    pub(super) remittance: String,
    pub(super) additional: String,
    /// Sub-family of its bank transaction code.
    pub(super) sub_family: String,
}

impl Detail {
    /// Forgets everything and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.line = 0;
        self.returned = false;
        self.amount.clear();
        self.transaction_amount.clear();
        self.instructed.clear();
        for text in [
            &mut self.servicer_reference,
            &mut self.end_to_end,
            &mut self.direction,
            &mut self.debtor,
            &mut self.iban,
            &mut self.bic,
            &mut self.remittance,
            &mut self.additional,
            &mut self.sub_family,
        ] {
            text.clear();
        }
    }

    /// Takes the element at `path` below the details.
    pub(super) fn take(&mut self, path: &str, text: &str, currency: &str) {
        match path {
            "Refs/AcctSvcrRef" => reference(&mut self.servicer_reference, text),
            "Refs/EndToEndId" => reference(&mut self.end_to_end, text),
            "Amt" => amount(&mut self.amount, text, currency),
            "AmtDtls/TxAmt/Amt" => amount(&mut self.transaction_amount, text, currency),
            "AmtDtls/InstdAmt/Amt" => amount(&mut self.instructed, text, currency),
            "CdtDbtInd" => once(&mut self.direction, text),
            "RltdPties/Dbtr/Nm" | "RltdPties/Dbtr/Pty/Nm" => once(&mut self.debtor, text),
            "RltdPties/DbtrAcct/Id/IBAN" => once(&mut self.iban, text),
            "RltdAgts/DbtrAgt/FinInstnId/BIC" | "RltdAgts/DbtrAgt/FinInstnId/BICFI" => once(&mut self.bic, text),
            "RmtInf/Ustrd" | "RmtInf/Strd/CdtrRefInf/Ref" | "RmtInf/Strd/RfrdDocInf/Nb" | "RmtInf/Strd/AddtlRmtInf" => {
                append(&mut self.remittance, text)
            }
            "BkTxCd/Domn/Fmly/SubFmlyCd" => once(&mut self.sub_family, text),
            "AddtlTxInf" => append(&mut self.additional, text),
            _ => self.returned |= path == "RtrInf" || path.starts_with("RtrInf/"),
        }
    }

    /// The amount of the transaction itself: `Amt` (from version 3 on), else `AmtDtls/TxAmt`.
    pub(super) fn own_amount(&self) -> &Written {
        if self.amount.is_empty() {
            &self.transaction_amount
        } else {
            &self.amount
        }
    }
}

/// Keeps the first value.
fn once(value: &mut String, text: &str) {
    if value.is_empty() {
        value.extend(text.chars().take(VALUE_CHARS));
    }
}

fn reference(value: &mut String, text: &str) {
    if !number::is_none(text) {
        once(value, text);
    }
}

fn amount(value: &mut Written, text: &str, currency: &str) {
    if value.is_empty() {
        once(&mut value.number, text);
        once(&mut value.currency, currency);
    }
}

/// Adds a piece to a text of several.
fn append(value: &mut String, text: &str) {
    if text.is_empty() || value.len() >= TEXT_CHARS * 4 {
        return;
    }
    if !value.is_empty() {
        value.push(' ');
    }
    value.extend(text.chars().take(TEXT_CHARS));
}
