//! The inserts of an import, one a table.

use crate::store::bulk::Bulk;
use crate::store::bulk::Fixed::{Act, Client, Delivery};
use crate::store::bulk::Kind::{Bool, Date, Int, Literal, Same, Text};

/// `x = coalesce(debtors.x, excluded.x)` for each column.
macro_rules! fill {
    ($($column:literal),*) => {
        concat!($($column, " = coalesce(debtors.", $column, ", excluded.", $column, "), "),*)
    };
}

/// The address columns, taken together and only where no address is known.
macro_rules! fill_address {
    ($($column:literal),*) => {
        concat!($($column, " = case when debtors.street is null and debtors.postal_code is null and debtors.city is \
            null then coalesce(excluded.", $column, ", debtors.", $column, ") else debtors.", $column, " end, "),*)
    };
}

/// Whether one of the columns is news.
macro_rules! news {
    ($($column:literal),*) => {
        concat!($("(debtors.", $column, " is null and excluded.", $column, " is not null) or "),*)
    };
}

/// Debtors: new ones are added, those that are known (by id) completed.
pub(crate) static DEBTORS: Bulk = Bulk {
    table: "debtors",
    columns: &[
        ("id", Int),
        ("client_id", Same(Client)),
        ("creditor_id", Int),
        ("number", Text),
        ("kind", Text),
        ("acts_as", Text),
        ("salutation", Text),
        ("title", Text),
        ("first_name", Text),
        ("last_name", Text),
        ("company_name", Text),
        ("legal_form", Text),
        ("company_reg_no", Text),
        ("representative", Text),
        ("contact_person", Text),
        ("birth_date", Date),
        ("street", Text),
        ("house_number", Text),
        ("address_extra", Text),
        ("postal_code", Text),
        ("city", Text),
        ("country", Text),
        ("address_source", Text),
        ("name_key", Text),
        ("act_id", Same(Act)),
    ],
    tail: concat!(
        "on conflict (id) do update set ",
        fill!(
            "salutation",
            "title",
            "first_name",
            "last_name",
            "company_name",
            "legal_form",
            "company_reg_no",
            "representative",
            "contact_person",
            "birth_date"
        ),
        fill_address!(
            "house_number",
            "address_extra",
            "country",
            "address_source",
            "street",
            "postal_code",
            "city"
        ),
        "acts_as = case when debtors.acts_as = 'unknown' then excluded.acts_as else debtors.acts_as end where ",
        news!(
            "salutation",
            "title",
            "first_name",
            "last_name",
            "company_name",
            "legal_form",
            "company_reg_no",
            "representative",
            "contact_person",
            "birth_date"
        ),
        "(debtors.acts_as = 'unknown' and excluded.acts_as <> 'unknown') or \
         (debtors.street is null and debtors.postal_code is null and debtors.city is null and \
         coalesce(excluded.street, excluded.postal_code, excluded.city) is not null)"
    ),
};

/// Phones and the like; those that are known stay.
pub(crate) static CONTACTS: Bulk = Bulk {
    table: "debtor_contacts",
    columns: &[("debtor_id", Int), ("kind", Text), ("value", Text)],
    tail: "on conflict do nothing",
};

/// Bank accounts; those that are known stay.
pub(crate) static ACCOUNTS: Bulk = Bulk {
    table: "debtor_accounts",
    columns: &[("debtor_id", Int), ("iban", Text), ("bic", Text), ("holder", Text)],
    tail: "on conflict do nothing",
};

/// New cases.
pub(crate) static CASES: Bulk = Bulk {
    table: "cases",
    columns: &[
        ("id", Int),
        ("number", Text),
        ("client_id", Same(Client)),
        ("creditor_id", Int),
        ("debtor_id", Int),
        ("currency", Text),
        ("stage", Literal("extrajudicial")),
        ("processing", Literal("in_progress")),
        ("payment", Literal("unpaid")),
        ("act_id", Same(Act)),
    ],
    tail: "",
};

/// Claims.
pub(crate) static CLAIMS: Bulk = Bulk {
    table: "claims",
    columns: &[
        ("id", Int),
        ("case_id", Int),
        ("creditor_id", Int),
        ("debtor_number", Text),
        ("reference", Text),
        ("invoice_number", Text),
        ("contract_number", Text),
        ("invoice_date", Date),
        ("due_date", Date),
        ("reminder_date", Date),
        ("default_date", Date),
        ("contract_date", Date),
        ("original_amount", Int),
        ("principal_amount", Int),
        ("currency", Text),
        ("interest_rate", Int),
        ("interest_reason", Text),
        ("claim_reason", Text),
        ("claim_type_code", Text),
        ("original_creditor", Text),
        ("title_kind", Text),
        ("title_date", Date),
        ("title_court", Text),
        ("title_reference", Text),
        ("joint_debtor_of", Text),
        ("disputed", Bool),
        ("memo", Text),
        ("extra", Text),
        ("act_id", Same(Act)),
        ("part", Int),
        ("sequence", Int),
    ],
    tail: "",
};

/// The ledger.
pub(crate) static BOOKINGS: Bulk = Bulk {
    table: "bookings",
    columns: &[
        ("case_id", Int),
        ("id", Int),
        ("claim_id", Int),
        ("kind", Text),
        ("amount", Int),
        ("currency", Text),
        ("value_date", Date),
        ("act_id", Same(Act)),
        ("part", Int),
        ("sequence", Int),
        ("reversal_of", Int),
        ("key", Text),
        ("allocate_to", Text),
        ("args", Text),
    ],
    tail: "",
};

/// Papers that claims name.
pub(crate) static DOCUMENTS: Bulk = Bulk {
    table: "documents",
    columns: &[
        ("client_id", Same(Client)),
        ("case_id", Int),
        ("claim_id", Int),
        ("sha256", Text),
        ("content_type", Text),
        ("size", Int),
        ("name", Text),
        ("visibility", Literal("client")),
        ("act_id", Same(Act)),
    ],
    tail: "on conflict (case_id, sha256) do nothing",
};

/// What became of each record.
pub(crate) static RESULTS: Bulk = Bulk {
    table: "results",
    columns: &[
        ("delivery_id", Same(Delivery)),
        ("part", Int),
        ("sequence", Int),
        ("source_row", Int),
        ("record_type", Text),
        ("outcome", Text),
        ("claim_id", Int),
        ("case_number", Text),
        ("debtor_number", Text),
        ("reference", Text),
        ("amount", Int),
        ("currency", Text),
        ("raw", Text),
    ],
    tail: "",
};

/// What was found.
pub(crate) static FINDINGS: Bulk = Bulk {
    table: "findings",
    columns: &[
        ("delivery_id", Same(Delivery)),
        ("part", Int),
        ("sequence", Int),
        ("source_row", Int),
        ("source_column", Int),
        ("header", Text),
        ("field", Text),
        ("code", Text),
        ("severity", Text),
        ("value", Text),
        ("args", Text),
    ],
    tail: "",
};

/// The parts of a delivery.
pub(crate) static PARTS: Bulk = Bulk {
    table: "delivery_parts",
    columns: &[
        ("delivery_id", Same(Delivery)),
        ("part", Int),
        ("member", Text),
        ("sheet", Text),
        ("dialect", Text),
        ("header", Text),
        ("header_row", Int),
        ("columns", Text),
        ("layout", Text),
    ],
    tail: "",
};

/// Sums of a delivery.
pub(crate) static SUMS: Bulk = Bulk {
    table: "delivery_sums",
    columns: &[
        ("delivery_id", Same(Delivery)),
        ("record_type", Text),
        ("currency", Text),
        ("outcome", Text),
        ("records", Int),
        ("amount", Int),
    ],
    tail: "",
};

/// All of them.
#[cfg(test)]
pub(crate) static ALL: [&Bulk; 11] = [
    &DEBTORS, &CONTACTS, &ACCOUNTS, &CASES, &CLAIMS, &BOOKINGS, &DOCUMENTS, &RESULTS, &FINDINGS, &PARTS, &SUMS,
];
