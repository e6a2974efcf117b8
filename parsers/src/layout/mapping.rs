//! The mapping of a part's columns to fields: the client's own layout first, then the built-in headers.
//!
//! What a combined column holds is decided here by its neighbours: `Name` beside `Vorname` is the last name,
//! `Ort` without a postcode column holds both, `Adresse` alone holds the whole address.

use super::Layout;
use super::context::Context;
use super::headers::{self, Known};
use crate::fields::Field;
use crate::finding::{Code, Finding, Severity};
use crate::fold::fold;
use crate::formats::Row;
use crate::needed;
use crate::statement::columns::StatementColumns;
use crate::statement::settle;
use crate::values::code::YesNo;

/// Name of the built-in layout in [`crate::staged::Part::layout`].
const BUILT_IN: &str = "built-in";

/// What a column is read into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One field.
    Field(Field),
    /// A whole name.
    Name,
    /// Street and house number.
    Street,
    /// Postcode and city.
    PostalCity,
    /// The whole address.
    Address,
    /// The same text in each of these.
    Several(Vec<Field>),
    /// Not known: kept in the record's extra fields.
    Unknown,
    /// Added by a correction file, or left out by the client's layout.
    Ignored,
}

impl Target {
    /// The fields that it can bring.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Field(field) => std::slice::from_ref(field),
            Self::Name => &[Field::FirstName, Field::LastName, Field::CompanyName],
            Self::Street => &[Field::Street, Field::HouseNumber],
            Self::PostalCity => &[Field::PostalCode, Field::City],
            Self::Address => &[Field::Street, Field::HouseNumber, Field::PostalCode, Field::City],
            Self::Several(fields) => fields,
            Self::Unknown | Self::Ignored => &[],
        }
    }
}

/// A column and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header as it came; empty without one.
    pub header: String,
    /// What it is read into.
    pub target: Target,
    /// What yes and no mean in it, where the header names one side.
    pub yes_no: Option<YesNo>,
}

/// How the columns of a part are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// By position.
    pub columns: Vec<Column>,
    /// The layout's name and version.
    pub layout: String,
    /// Index of the client's own layout in [`crate::job::Job::layouts`], if it is one.
    pub own: Option<usize>,
    /// The currency that the headers name, if one and the same.
    pub currency: Option<String>,
    /// The part has a header row.
    pub has_header: bool,
    /// What was found in the header.
    pub findings: Vec<Finding>,
    /// The part is a bank statement.
    pub statement: Option<StatementColumns>,
    /// Each record of the part is a request: its headers say so.
    pub requests: bool,
}

impl Mapping {
    /// Whether some column can bring `field`.
    pub fn brings(&self, field: Field) -> bool {
        self.columns
            .iter()
            .any(|column| column.target.fields().contains(&field))
    }

    /// The first column that can bring `field`.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.target.fields().contains(&field))
    }
}

/// Finds the header among the first rows of a part: its index there and the mapping it leads to.
///
/// Rows before it are titles. `None` when no row is a header and no layout of the client does without one.
pub fn find(rows: &[Row], layouts: &[Layout]) -> Option<(Option<usize>, Mapping)> {
    if let Some((at, own)) = own_layout(rows, layouts) {
        let mut mapping = with_layout(&rows[at], &rows[at + 1..], &layouts[own], own);
        if is_statement(&layouts[own], &mapping) {
            mapping.statement = Some(StatementColumns::beside_layout(&rows[at]));
        }
        return Some((Some(at), mapping));
    }
    let scores = rows.iter().map(|row| headers::known(row.cells.iter()));
    let (at, known) = scores
        .enumerate()
        .max_by_key(|(at, known)| (*known, std::cmp::Reverse(*at)))?;
    if known >= 2 {
        return Some((Some(at), built_in(&rows[at], &rows[at + 1..])));
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let own = layouts.iter().position(|layout| {
        let last = layout
            .columns
            .keys()
            .filter_map(|key| key.trim().parse::<usize>().ok())
            .max();
        layout.no_header && last.is_some_and(|last| last <= width)
    })?;
    let mut mapping = without_header(&layouts[own], own, width);
    if is_statement(&layouts[own], &mapping) {
        mapping.statement = Some(StatementColumns::beside_layout(&Row::default()));
    }
    Some((None, mapping))
}

/// A layout of a bank statement: payments on the agency's account whose case is not known yet.
fn is_statement(layout: &Layout, mapping: &Mapping) -> bool {
    let kind = layout.defaults.get(&Field::RecordType);
    kind.is_some_and(|kind| kind == settle::PAYMENT)
        && !mapping.brings(Field::RecordType)
        && !mapping.brings(Field::CaseNumber)
}

/// The client's layout all of whose headers stand in one of the rows; the one with the most columns.
fn own_layout(rows: &[Row], layouts: &[Layout]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (index, layout) in layouts.iter().enumerate().filter(|(_, layout)| !layout.no_header) {
        let wanted: Vec<String> = layout.columns.keys().map(|key| fold(key)).collect();
        let at = rows.iter().position(|row| {
            let cells: Vec<String> = row.cells.iter().map(fold).collect();
            !wanted.is_empty() && wanted.iter().all(|key| cells.contains(key))
        });
        let better = best.is_none_or(|(_, best)| layouts[best].columns.len() < layout.columns.len());
        if let Some(at) = at
            && better
        {
            best = Some((at, index));
        }
    }
    best
}

fn layout_name(layout: &Layout) -> String {
    format!("{}@{}", layout.name, layout.version)
}

/// Columns by number; what the layout does not name is kept like an unknown column.
fn without_header(layout: &Layout, own: usize, width: usize) -> Mapping {
    let numbered = |number: usize| layout.columns.iter().find(|(key, _)| key.trim().parse() == Ok(number));
    let columns = (1..=width)
        .map(|number| {
            let target = numbered(number).map_or(Target::Unknown, |(_, fields)| of_layout(fields));
            Column {
                header: String::new(),
                target,
                yes_no: None,
            }
        })
        .collect();
    let mut mapping = Mapping {
        columns,
        layout: layout_name(layout),
        own: Some(own),
        currency: None,
        has_header: false,
        findings: Vec::new(),
        statement: None,
        requests: false,
    };
    twice(&mut mapping);
    mapping
}

fn with_layout(header: &Row, samples: &[Row], layout: &Layout, own: usize) -> Mapping {
    let mut mapping = built_in_columns(header, samples, |cell| {
        let folded = fold(cell);
        let (_, fields) = layout.columns.iter().find(|(key, _)| fold(key) == folded)?;
        Some(of_layout(fields))
    });
    mapping.layout = layout_name(layout);
    mapping.own = Some(own);
    mapping
}

fn built_in(header: &Row, samples: &[Row]) -> Mapping {
    built_in_columns(header, samples, |_| None)
}

/// The target of a layout's column: the fields that belong together are split, others get the same text.
fn of_layout(fields: &[Field]) -> Target {
    let is = |set: &[Field]| fields.len() == set.len() && fields.iter().all(|field| set.contains(field));
    match fields {
        [] => Target::Ignored,
        [Field::FirstName, Field::LastName] | [Field::LastName, Field::FirstName] => Target::Name,
        [field] => Target::Field(*field),
        _ if is(Target::Name.fields()) || is(&[Field::LastName, Field::CompanyName]) => Target::Name,
        _ if is(Target::Street.fields()) => Target::Street,
        _ if is(Target::PostalCity.fields()) => Target::PostalCity,
        _ if is(Target::Address.fields()) => Target::Address,
        several => Target::Several(several.to_vec()),
    }
}

fn built_in_columns(header: &Row, samples: &[Row], own: impl Fn(&str) -> Option<Target>) -> Mapping {
    let owns: Vec<Option<Target>> = header.cells.iter().map(own).collect();
    let knowns: Vec<Option<Known>> = header.cells.iter().map(headers::lookup).collect();
    let context = Context::of(&owns, &knowns);
    let mut columns = Vec::with_capacity(owns.len());
    let mut currencies: Vec<&str> = Vec::new();
    let layout_used = owns.iter().any(Option::is_some);
    for (index, (cell, own)) in header.cells.iter().zip(owns).enumerate() {
        let known = knowns[index];
        let from_layout = own.is_some();
        let mut target = own.unwrap_or_else(|| match known {
            Some(known) => context.target(known.meaning, samples, index),
            None => Target::Unknown,
        });
        // What the client's layout names is not read a second time from a column that it does not name.
        if layout_used && !from_layout && target.fields().iter().any(|field| context.own.contains(field)) {
            target = Target::Unknown;
        }
        if let Some(currency) = known.and_then(|known| known.currency)
            && target != Target::Unknown
        {
            currencies.push(currency);
        }
        columns.push(Column {
            header: cell.trim().to_owned(),
            yes_no: yes_no(cell, &target),
            target,
        });
    }
    currencies.dedup();
    let currency = if let [one] = currencies[..] {
        Some(one.to_owned())
    } else {
        None
    };
    let layout = format!("{BUILT_IN}@{}", crate::catalogue::VERSION);
    let mut mapping = Mapping {
        columns,
        layout,
        own: None,
        currency,
        has_header: true,
        findings: Vec::new(),
        statement: None,
        requests: !layout_used && context.holds_requests(),
    };
    twice(&mut mapping);
    mapping
}

/// `Valuta` is a currency in Danish and a date in German: its first value tells.
pub(crate) fn valuta(samples: &[Row], index: usize) -> Field {
    let first = samples
        .iter()
        .filter_map(|row| row.cells.get(index))
        .map(str::trim)
        .find(|cell| !cell.is_empty());
    match first {
        Some(cell) if cell.bytes().any(|byte| byte.is_ascii_digit()) => Field::ValueDate,
        _ => Field::Currency,
    }
}

/// What yes and no mean under a header that names one side.
fn yes_no(header: &str, target: &Target) -> Option<YesNo> {
    let Target::Field(field) = target else { return None };
    let business = ["gewerblich", "unternehmer", "erhverv", "b2b", "business"].map(fold);
    let (yes, no) = match field {
        Field::ActsAs if business.contains(&fold(header)) => ("business", "consumer"),
        Field::ActsAs => ("consumer", "business"),
        _ => return None,
    };
    Some(YesNo { yes, no })
}

/// Two columns for one field: an error where the record needs it, else the first is read and the other kept.
///
/// A whole name only fills in where no other column brings one, so that it stands in nobody's way.
fn twice(mapping: &mut Mapping) {
    let mut seen: Vec<Field> = Vec::new();
    let mut named = false;
    for (index, column) in mapping.columns.iter_mut().enumerate() {
        let again = match &column.target {
            Target::Name if !named => {
                named = true;
                continue;
            }
            Target::Name => Some(Field::LastName),
            target => target
                .fields()
                .iter()
                .find(|field| seen.contains(field) && !field.is_list())
                .copied(),
        };
        let Some(field) = again else {
            seen.extend_from_slice(column.target.fields());
            continue;
        };
        let combined = !matches!(column.target, Target::Field(_) | Target::Several(_));
        let severity = if needed::identifies(field) && !combined {
            Severity::Error
        } else {
            Severity::Warning
        };
        let position = u32::try_from(index).unwrap_or(u32::MAX);
        let finding = Finding::new(Code::ColumnTwice).severity(severity).field(field);
        mapping.findings.push(finding.column(position, Some(&column.header)));
        column.target = Target::Unknown;
    }
}
