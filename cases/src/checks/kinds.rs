//! Which groups of rules apply to which kind of record.

/// The groups of rules that apply to a record. Rules about a single value (postcode, e-mail, IBAN, …) apply wherever
/// the value is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rules {
    /// It hands over a claim: money, dates, interest, limitation.
    pub(super) claim: bool,
    /// It says who the debtor is: person or company, consumer or business.
    pub(super) debtor: bool,
    /// It brings an amount with its date: payments, credit notes, costs.
    pub(super) payment: bool,
    /// That date may lie ahead: a payment plan begins then.
    pub(super) ahead: bool,
}

/// The rules for a record type; a record without one is a new claim.
pub(super) fn rules(record_type: Option<&str>) -> Rules {
    match record_type.unwrap_or("new_claim") {
        "new_claim" | "additional_claim" => Rules {
            claim: true,
            debtor: true,
            ..Rules::default()
        },
        "debtor" | "address_search" => Rules {
            debtor: true,
            ..Rules::default()
        },
        "direct_payment"
        | "payment_cancellation"
        | "credit_note"
        | "credit_note_cancellation"
        | "agency_payment"
        | "cost"
        | "write_off"
        | "payout" => Rules {
            payment: true,
            ..Rules::default()
        },
        "payment_plan" => Rules {
            payment: true,
            ahead: true,
            ..Rules::default()
        },
        _ => Rules::default(),
    }
}
