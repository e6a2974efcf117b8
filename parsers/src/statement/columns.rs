//! The columns of a statement that is a list: recognised by its header, mapped to fields.

use super::headers::{Role, is_ledger, lookup};
use crate::fields::Field;
use crate::finding::{Code, Finding, Severity};
use crate::fold::fold;
use crate::formats::Row;
use crate::layout::correction::is_added;
use crate::layout::headers;
use crate::layout::mapping::{Column, Mapping, Target};

/// Name of the layout in [`crate::staged::Part::layout`].
const LAYOUT: &str = "bank-statement";

/// Columns with a known header that a statement has at least, unless two of them are words that only banks use.
const FEWEST: usize = 4;

/// Where a statement says what no field of the catalogue takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementColumns {
    /// Amounts are signed, and a negative one is a debit.
    pub(super) signed: bool,
    pub(super) account: Option<usize>,
    pub(super) direction: Option<usize>,
    pub(super) debit: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) serial: Option<usize>,
    /// Days as they are written; pending entries have a word there.
    pub(super) days: Vec<usize>,
    /// The pieces of the remittance text; more than one are put together.
    pub(super) texts: Vec<usize>,
}

impl StatementColumns {
    /// What the headers of a list say that is mapped by a client's layout: all but the fields.
    pub fn beside_layout(header: &Row) -> Self {
        let roles = roles(header);
        Self {
            signed: true,
            account: first(&roles, Role::Account),
            direction: first(&roles, Role::Direction),
            debit: first(&roles, Role::Credit).and(first(&roles, Role::Debit)),
            status: first(&roles, Role::Status),
            serial: first(&roles, Role::Serial),
            days: Vec::new(),
            texts: Vec::new(),
        }
    }
}

type Roles = Vec<Option<(Role, bool)>>;

fn roles(header: &Row) -> Roles {
    header
        .cells
        .iter()
        // `Betrag (EUR)`, `Bedrag in EUR`
        .map(|cell| lookup(cell).or_else(|| lookup(headers::without_note(cell)?.0)))
        .collect()
}

fn first(roles: &Roles, role: Role) -> Option<usize> {
    roles.iter().position(|found| found.is_some_and(|(r, _)| r == role))
}

/// Finds the header of a statement among the first rows of a part: its index there and the mapping that it leads to.
pub fn find(rows: &[Row]) -> Option<(usize, Mapping)> {
    let candidates = rows.iter().enumerate().filter_map(|(at, row)| {
        let roles = roles(row);
        is_statement(row, &roles).then_some((at, roles))
    });
    let known = |roles: &Roles| roles.iter().flatten().count();
    let (at, roles) = candidates.max_by_key(|(at, roles)| (known(roles), std::cmp::Reverse(*at)))?;
    Some((at, mapping(&rows[at], &rows[at + 1..], &roles)))
}

/// A day, an amount, a text and a word that only banks use; and nothing that only lists of claims or the books have.
fn is_statement(row: &Row, roles: &Roles) -> bool {
    let has = |role| first(roles, role).is_some();
    let has_own = |role| roles.iter().flatten().any(|(r, own)| *r == role && *own);
    let claims = row
        .cells
        .iter()
        .zip(roles)
        .any(|(cell, role)| role.is_none() && !is_added(cell) && headers::lookup(cell).is_some());
    // `Konto` and `Gegenkonto` are the two sides of a journal.
    let plain = |word: &str| row.cells.iter().any(|cell| fold(cell) == word);
    let ledger = row.cells.iter().any(is_ledger) || (plain("konto") && plain("gegenkonto"));
    let day = has(Role::BookingDay) || has(Role::ValueDay) || has(Role::Valuta);
    let amount = has(Role::Amount) || has(Role::Credit);
    let text = has(Role::Text) || has(Role::Kind) || has_own(Role::Payer);
    // A balance alone also stands on the statement of a customer's account, which has the customer's name.
    let own = roles.iter().flatten().filter(|(_, own)| *own).count();
    let enough = match own {
        0 if !has(Role::Balance) || has(Role::Payer) => false,
        0 | 1 => roles.iter().flatten().count() >= FEWEST,
        _ => true,
    };
    !claims && !ledger && day && amount && text && enough
}

/// The roles after a look at the neighbours and the values of those that have several.
fn settled(roles: &Roles, samples: &[Row]) -> Vec<Option<Role>> {
    let mut roles: Vec<Option<Role>> = roles.iter().map(|role| role.map(|(role, _)| role)).collect();
    let named = roles.contains(&Some(Role::Payer));
    for (index, role) in roles.iter_mut().enumerate() {
        if *role == Some(Role::Counterparty) {
            *role = Some(if named { Role::PayerIban } else { Role::Payer });
        }
        if *role == Some(Role::Valuta) {
            let day = crate::layout::mapping::valuta(samples, index) == Field::ValueDate;
            *role = Some(if day { Role::ValueDay } else { Role::Currency });
        }
    }
    if !roles.contains(&Some(Role::Text))
        && let Some(kind) = roles.iter_mut().find(|role| **role == Some(Role::Kind))
    {
        *kind = Some(Role::Text);
    }
    roles
}

fn mapping(header: &Row, samples: &[Row], roles: &Roles) -> Mapping {
    let roles = settled(roles, samples);
    let at = |role: Role| roles.iter().position(|found| *found == Some(role));
    // With a column for each side, a third one has the amount in another currency, or the same once more.
    let sides = at(Role::Credit).is_some() && at(Role::Debit).is_some();
    let amount = match at(Role::Amount) {
        Some(_) if !sides => Role::Amount,
        _ => Role::Credit,
    };
    let value = at(Role::ValueDay);
    let texts = roles.iter().enumerate().filter(|(_, role)| **role == Some(Role::Text));
    let statement = StatementColumns {
        signed: true,
        account: at(Role::Account),
        direction: at(Role::Direction),
        debit: at(Role::Debit).filter(|_| amount == Role::Credit),
        status: at(Role::Status),
        serial: at(Role::Serial),
        days: at(Role::BookingDay).into_iter().chain(value).collect(),
        texts: texts.map(|(index, _)| index).collect(),
    };
    let mut findings = Vec::new();
    let mut named = None;
    let mut columns = Vec::with_capacity(roles.len());
    for (index, (cell, role)) in header.cells.iter().zip(&roles).enumerate() {
        let target = match role {
            None if is_added(cell) => Target::Ignored,
            None => Target::Unknown,
            Some(role) if at(*role) != Some(index) => {
                if *role == amount || matches!(role, Role::ValueDay | Role::Reference) {
                    findings.push(twice(index, cell));
                }
                Target::Ignored
            }
            // The value date wins; where it is empty, the day of booking stands for it.
            Some(Role::BookingDay) if value.is_some_and(|value| value < index) => Target::Ignored,
            Some(role) => target(*role, amount),
        };
        if target == Target::Field(Field::Amount) {
            named = currency(cell);
        }
        columns.push(Column {
            header: cell.trim().to_owned(),
            target,
            yes_no: None,
        });
    }
    Mapping {
        columns,
        layout: format!("{LAYOUT}@{}", crate::catalogue::VERSION),
        own: None,
        currency: named,
        has_header: true,
        findings,
        requests: false,
        statement: Some(statement),
    }
}

/// The currency that a header names (`Bedrag (EUR)`).
fn currency(header: &str) -> Option<String> {
    let (_, note) = headers::without_note(header)?;
    crate::values::money::named(note).map(str::to_owned)
}

fn target(role: Role, amount: Role) -> Target {
    Target::Field(match role {
        Role::BookingDay | Role::ValueDay => Field::ValueDate,
        Role::Amount | Role::Credit if role == amount => Field::Amount,
        Role::Currency => Field::Currency,
        Role::Text => Field::Text,
        Role::Payer => Field::AccountHolder,
        Role::PayerIban => Field::Iban,
        Role::PayerBic => Field::Bic,
        Role::EndToEnd => Field::EndToEndId,
        Role::Reference => Field::PaymentNumber,
        _ => return Target::Ignored,
    })
}

fn twice(index: usize, header: &str) -> Finding {
    let position = u32::try_from(index).unwrap_or(u32::MAX);
    Finding::new(Code::ColumnTwice)
        .severity(Severity::Error)
        .column(position, Some(header.trim()))
}
