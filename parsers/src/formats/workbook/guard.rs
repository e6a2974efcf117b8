//! What is looked at in an XLSX or XLSB before the library reads it, since the library keeps what it reads and
//! believes what the file claims.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::finding::{Code, Finding};
use crate::formats::Unreadable;
use crate::formats::xml::events::{Node, attribute};

use super::package::{Package, damaged};

/// Bytes that shared strings and cell styles may take in memory, each.
const TABLE_BYTES: usize = 256 << 20;

/// Bytes of an empty string in memory.
const STRING_BYTES: usize = size_of::<String>();

/// Bytes of a part that is kept in memory after it was read, other than shared strings; real ones have thousands.
const PART_BYTES: u64 = 64 << 20;

/// Bytes of shared strings in an XLSB: an empty string takes seven there and [`STRING_BYTES`] in memory.
const BINARY_STRINGS_BYTES: u64 = 128 << 20;

/// Cell styles and number formats; Excel itself allows 65,490 of them in a workbook.
const STYLES: usize = 100_000;

/// Bytes of all that one cell holds: its text and its formula.
const CELL_BYTES: usize = 12 << 20;

/// A relation of a part: the last word of its type, and where it leads.
struct Relation {
    kind: String,
    target: String,
}

/// The path of the main part of a package, which tells a workbook from other packages.
///
/// # Errors
/// As those of XML.
pub(crate) fn main_part(package: &mut Package) -> Result<Option<String>, Unreadable> {
    let relations = relations(package, "_rels/.rels")?;
    Ok(relations
        .into_iter()
        .rfind(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.target.trim_start_matches('/').to_owned()))
}

/// Looks through all parts of an XLSX that the library reads, whose main part stands at `main`.
///
/// # Errors
/// A finding when a part is no harmless XML, or would take more memory than allowed.
pub(crate) fn xlsx(package: &mut Package, main: &str) -> Result<(), Unreadable> {
    let (folder, name) = main
        .rsplit_once('/')
        .map_or(("", main), |(folder, name)| (folder, name));
    let folder = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let theme = format!("{folder}theme/theme1.xml");
    let style_sheet = format!("{folder}styles.xml");
    small(package, &[main, &theme, &style_sheet])?;
    for part in [main, &theme] {
        walk(package, part, |_| Ok(ControlFlow::Continue(())))?;
    }
    styles(package, &style_sheet)?;
    strings(package, &format!("{folder}sharedStrings.xml"))?;
    let mut sheets = BTreeSet::new();
    for relation in relations(package, &format!("{folder}_rels/{name}.rels"))? {
        if relation.kind == "worksheet" {
            // As the library resolves it.
            sheets.insert(match relation.target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("{folder}{}", relation.target),
            });
        }
    }
    sheets.iter().try_for_each(|sheet| cells(package, sheet))
}

/// Looks through the parts of an XLSB that are XML or are kept in memory.
///
/// # Errors
/// As [`xlsx`].
pub(crate) fn xlsb(package: &mut Package) -> Result<(), Unreadable> {
    package.check_paths()?;
    relations(package, "xl/_rels/workbook.bin.rels")?;
    small(package, &["xl/workbook.bin", "xl/styles.bin"])?;
    if package.size("xl/sharedStrings.bin")? > BINARY_STRINGS_BYTES {
        return Err(too_large(BINARY_STRINGS_BYTES));
    }
    Ok(())
}

/// Refuses parts that would fill the memory.
fn small(package: &mut Package, parts: &[&str]) -> Result<(), Unreadable> {
    for part in parts {
        if package.size(part)? > PART_BYTES {
            return Err(too_large(PART_BYTES));
        }
    }
    Ok(())
}

/// Hands each node of a part to `visit` until that has enough; a part that is missing has none.
fn walk(
    package: &mut Package,
    path: &str,
    mut visit: impl FnMut(Node<'_>) -> Result<ControlFlow<()>, Unreadable>,
) -> Result<(), Unreadable> {
    let Some(mut events) = package.events(path)? else {
        return Ok(());
    };
    loop {
        let node = events.next().map_err(damaged)?;
        let end = matches!(node, Node::Eof);
        if visit(node)?.is_break() || end {
            return Ok(());
        }
    }
}

fn relations(package: &mut Package, path: &str) -> Result<Vec<Relation>, Unreadable> {
    let mut relations = Vec::new();
    small(package, &[path])?;
    walk(package, path, |node| {
        if let Node::Start(start) = node
            && start.local_name().as_ref() == "Relationship"
        {
            let kind = attribute(&start, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let target = attribute(&start, "Target").unwrap_or_default().into_owned();
            relations.push(Relation { kind, target });
        }
        match relations.len() {
            0..=STYLES => Ok(ControlFlow::Continue(())),
            _ => Err(too_large(STYLES as u64)),
        }
    })?;
    Ok(relations)
}

/// Each cell style keeps copies of all that it refers to: of a font, a number format, a border.
fn styles(package: &mut Package, path: &str) -> Result<(), Unreadable> {
    let (mut count, mut longest) = (0_usize, 512);
    walk(package, path, |node| {
        if let Node::Start(start) = node {
            longest = longest.max(start.len());
            count += usize::from(matches!(
                start.local_name().as_ref(),
                "xf" | "numFmt" | "font" | "fill" | "border"
            ));
        }
        if count > STYLES || count.saturating_mul(longest) > TABLE_BYTES {
            return Err(too_large(TABLE_BYTES as u64));
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The shared strings, and how many of them the table claims to hold: the library makes room for these.
fn strings(package: &mut Package, path: &str) -> Result<(), Unreadable> {
    let mut bytes = 0_usize;
    walk(package, path, |node| {
        match node {
            Node::Start(start) => match start.local_name().as_ref() {
                "si" => bytes = bytes.saturating_add(STRING_BYTES),
                "sst" => {
                    for count in start.attributes().with_checks(false).flatten() {
                        let claimed = count.value.trim().parse::<usize>().unwrap_or(0);
                        if claimed.saturating_mul(STRING_BYTES) > TABLE_BYTES && count.key.as_ref() != "count" {
                            return Err(too_large(TABLE_BYTES as u64));
                        }
                    }
                }
                _ => {}
            },
            Node::Text(text) => bytes = bytes.saturating_add(text.len()),
            _ => {}
        }
        if bytes > TABLE_BYTES {
            return Err(too_large(TABLE_BYTES as u64));
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The cells of a sheet, as far as the library reads on.
fn cells(package: &mut Package, path: &str) -> Result<(), Unreadable> {
    // Elements that are open, those above the cells, and those above a cell's content.
    let (mut depth, mut data, mut cell) = (0_usize, None, None);
    let mut bytes = 0_usize;
    walk(package, path, |node| {
        match node {
            Node::Start(start) => {
                depth += 1;
                match start.local_name().as_ref() {
                    "sheetData" if data.is_none() => data = Some(depth),
                    "c" if cell.is_none() => {
                        cell = Some(depth);
                        bytes = 0;
                    }
                    _ => bytes = bytes.saturating_add(start.len()),
                }
            }
            Node::End(open) => {
                depth = open;
                cell = cell.filter(|cell| depth >= *cell);
                if data.is_some_and(|data| depth < data) {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Node::Text(text) => bytes = bytes.saturating_add(text.len()),
            Node::Other | Node::Eof => {}
        }
        match cell {
            Some(_) if bytes > CELL_BYTES => Err(too_large(CELL_BYTES as u64)),
            _ => Ok(ControlFlow::Continue(())),
        }
    })
}

/// More than may be kept in memory.
pub(crate) fn too_large(limit: u64) -> Unreadable {
    Finding::new(Code::UnpacksTooLarge).arg("limit", limit).into()
}
