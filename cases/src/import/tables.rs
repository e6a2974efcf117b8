//! The inserts of an import, one a table.

use crate::store::bulk::Bulk;
use crate::store::bulk::Fixed::{Actor, At, Client, Delivery};
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
pub(crate) static DEBTORS: Bulk = Bulk::new(
    "debtors",
    &[
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
        ("created_at", Same(At)),
    ],
    concat!(
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
);

/// Phones and the like; those that are known stay.
pub(crate) static CONTACTS: Bulk = Bulk::new(
    "debtor_contacts",
    &[("debtor_id", Int), ("kind", Text), ("value", Text)],
    "on conflict do nothing",
);

/// Bank accounts; those that are known stay.
pub(crate) static ACCOUNTS: Bulk = Bulk::new(
    "debtor_accounts",
    &[("debtor_id", Int), ("iban", Text), ("bic", Text), ("holder", Text)],
    "on conflict do nothing",
);

/// New cases.
pub(crate) static CASES: Bulk = Bulk::new(
    "cases",
    &[
        ("id", Int),
        ("number", Text),
        ("client_id", Same(Client)),
        ("creditor_id", Int),
        ("debtor_id", Int),
        ("currency", Text),
        ("stage", Literal("extrajudicial")),
        ("processing", Literal("in_progress")),
        ("payment", Literal("unpaid")),
        ("opened_at", Same(At)),
    ],
    "",
);

/// Claims.
pub(crate) static CLAIMS: Bulk = Bulk::new(
    "claims",
    &[
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
        ("delivery_id", Same(Delivery)),
        ("part", Int),
        ("sequence", Int),
        ("created_at", Same(At)),
    ],
    "",
);

/// The ledger.
pub(crate) static BOOKINGS: Bulk = Bulk::new(
    "bookings",
    &[
        ("case_id", Int),
        ("claim_id", Int),
        ("kind", Text),
        ("amount", Int),
        ("currency", Text),
        ("value_date", Date),
        ("booked_at", Same(At)),
        ("delivery_id", Same(Delivery)),
        ("part", Int),
        ("sequence", Int),
        ("actor_id", Same(Actor)),
    ],
    "",
);

/// What happened on cases.
pub(crate) static HISTORY: Bulk = Bulk::new(
    "history",
    &[
        ("case_id", Int),
        ("at", Same(At)),
        ("kind", Text),
        ("visibility", Literal("client")),
        ("args", Text),
        ("delivery_id", Same(Delivery)),
        ("actor_id", Same(Actor)),
    ],
    "",
);

/// What became of each record.
pub(crate) static RESULTS: Bulk = Bulk::new(
    "results",
    &[
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
    "",
);

/// What was found.
pub(crate) static FINDINGS: Bulk = Bulk::new(
    "findings",
    &[
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
    "",
);

/// The parts of a delivery.
pub(crate) static PARTS: Bulk = Bulk::new(
    "delivery_parts",
    &[
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
    "",
);

/// Sums of a delivery.
pub(crate) static SUMS: Bulk = Bulk::new(
    "delivery_sums",
    &[
        ("delivery_id", Same(Delivery)),
        ("record_type", Text),
        ("currency", Text),
        ("outcome", Text),
        ("records", Int),
        ("amount", Int),
    ],
    "",
);

/// All of them.
#[cfg(test)]
pub(crate) static ALL: [&Bulk; 11] = [
    &DEBTORS, &CONTACTS, &ACCOUNTS, &CASES, &CLAIMS, &BOOKINGS, &HISTORY, &RESULTS, &FINDINGS, &PARTS, &SUMS,
];
