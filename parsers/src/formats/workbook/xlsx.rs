//! XLSX and XLSM (ECMA-376): sheets, number formats and shared strings; cells are streamed from the sheet's XML.
//!
//! Written on the XML events and not on a spreadsheet library, since a library that builds strings, styles and
//! tables of what the file claims cannot promise how much memory a hostile file takes.

use std::collections::HashMap;

use crate::finding::{Code, Finding};
use crate::formats::xml::events::{Node, attribute};
use crate::formats::{PartHead, Source, Unreadable};
use crate::limits::Limits;
use crate::staged::{Dialect, WorkbookKind};

use super::package::{Package, damaged};
use super::rows::{Rows, Visit};
use super::shape::Shape;
use super::sheet::{self, Context};
use super::strings::Strings;

/// Number formats that are kept; Excel itself allows 65,490 of them in a workbook.
const STYLES: usize = 100_000;

/// An opened workbook.
pub(crate) struct Xlsx {
    package: Package,
    limits: Limits,
    sheets: Vec<String>,
    parts: Vec<PartHead>,
    strings: Strings,
    shapes: Vec<Shape>,
    epoch_1904: bool,
}

/// A relation of the package: its type without the address, and the path it leads to.
pub(crate) struct Relation {
    pub(crate) kind: String,
    pub(crate) path: String,
}

/// The path of the main part, which tells a workbook from other packages.
pub(crate) fn main_part(package: &mut Package) -> Result<Option<String>, Unreadable> {
    let relations = relations(package, "")?;
    Ok(relations
        .into_values()
        .find(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.path))
}

impl Xlsx {
    /// Opens a workbook whose main part stands at `main`.
    pub(crate) fn open(mut package: Package, main: &str, limits: &Limits) -> Result<Self, Unreadable> {
        let relations = relations(&mut package, main)?;
        let path = |kind: &str| {
            relations
                .values()
                .find(|relation| relation.kind == kind)
                .map(|relation| relation.path.clone())
        };
        let shapes = match path("styles") {
            Some(path) => shapes(&mut package, &path)?,
            None => Vec::new(),
        };
        let strings = match path("sharedStrings") {
            Some(path) => Strings::read(&mut package, &path, limits.field_bytes)?,
            None => Strings::default(),
        };
        let kind = if path("vbaProject").is_some() {
            WorkbookKind::Xlsm
        } else {
            WorkbookKind::Xlsx
        };
        let (sheets, parts, epoch_1904) = (Vec::new(), Vec::new(), false);
        let mut workbook = Self {
            package,
            limits: limits.clone(),
            sheets,
            parts,
            strings,
            shapes,
            epoch_1904,
        };
        for (name, path) in workbook.read_sheets(main, &relations)? {
            if workbook.has_text(&path)? {
                workbook.sheets.push(path);
                workbook.parts.push(PartHead {
                    member: None,
                    sheet: Some(name),
                    dialect: Dialect::Workbook { kind },
                });
            }
        }
        Ok(workbook)
    }

    /// The names and paths of the visible worksheets.
    fn read_sheets(
        &mut self,
        main: &str,
        relations: &HashMap<String, Relation>,
    ) -> Result<Vec<(String, String)>, Unreadable> {
        let mut sheets = Vec::new();
        let mut events = self
            .package
            .events(main)?
            .ok_or_else(|| Finding::new(Code::CorruptFile))?;
        loop {
            match events.next().map_err(damaged)? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "workbookPr" => {
                        self.epoch_1904 |=
                            attribute(&start, "date1904").is_some_and(|value| value == "1" || value == "true");
                    }
                    "sheet" => {
                        let visible = attribute(&start, "state").is_none_or(|state| state == "visible");
                        let relation = attribute(&start, "id").and_then(|id| relations.get(id.as_ref()));
                        if let Some(relation) = relation.filter(|relation| visible && relation.kind == "worksheet") {
                            let name = attribute(&start, "name").unwrap_or_default();
                            sheets.push((name.into_owned(), relation.path.clone()));
                        }
                        if sheets.len() > self.limits.parts as usize {
                            return Err(Finding::new(Code::TooManyCells).arg("limit", self.limits.parts).into());
                        }
                    }
                    _ => {}
                },
                Node::Eof => return Ok(sheets),
                _ => {}
            }
        }
    }

    /// Whether the sheet holds any text at all.
    fn has_text(&mut self, path: &str) -> Result<bool, Unreadable> {
        let mut found = false;
        self.read(path, &mut |_| {
            found = true;
            Ok(std::ops::ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    fn read(&mut self, path: &str, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let events = self
            .package
            .events(path)?
            .ok_or_else(|| Finding::new(Code::CorruptFile))?;
        let context = Context {
            strings: &self.strings,
            shapes: &self.shapes,
            epoch_1904: self.epoch_1904,
            field_bytes: self.limits.field_bytes,
        };
        sheet::read(events, &context, &mut Rows::new(&self.limits, visit))
    }
}

impl Source for Xlsx {
    fn parts(&self) -> &[PartHead] {
        &self.parts
    }

    fn rows(&mut self, index: usize, visit: &mut Visit<'_>) -> Result<(), Unreadable> {
        let Some(path) = self.sheets.get(index).cloned() else {
            return Ok(());
        };
        self.read(&path, visit)
    }
}

/// The relations of a part by id; of the package itself when `part` is empty.
pub(crate) fn relations(package: &mut Package, part: &str) -> Result<HashMap<String, Relation>, Unreadable> {
    let (folder, name) = part
        .rsplit_once('/')
        .map_or(("", part), |(folder, name)| (folder, name));
    let path = if folder.is_empty() {
        format!("_rels/{name}.rels")
    } else {
        format!("{folder}/_rels/{name}.rels")
    };
    let mut relations = HashMap::new();
    let Some(mut events) = package.events(&path)? else {
        return Ok(relations);
    };
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) if start.local_name().as_ref() == "Relationship" => {
                let (Some(id), Some(kind), Some(target)) = (
                    attribute(&start, "Id"),
                    attribute(&start, "Type"),
                    attribute(&start, "Target"),
                ) else {
                    continue;
                };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(
                    id.into_owned(),
                    Relation {
                        kind,
                        path: resolve(folder, &target),
                    },
                );
                if relations.len() > STYLES {
                    return Err(Finding::new(Code::UnpacksTooLarge).arg("limit", STYLES).into());
                }
            }
            Node::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The path of a target that is absolute or relative to `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

/// The shape of each cell style.
fn shapes(package: &mut Package, path: &str) -> Result<Vec<Shape>, Unreadable> {
    let mut codes: HashMap<u32, Shape> = HashMap::new();
    let mut shapes = Vec::new();
    let Some(mut events) = package.events(path)? else {
        return Ok(shapes);
    };
    let mut in_cells = false;
    loop {
        match events.next().map_err(damaged)? {
            Node::Start(start) => {
                let id = attribute(&start, "numFmtId").and_then(|id| id.parse().ok());
                match (start.local_name().as_ref(), id) {
                    ("cellXfs", _) => in_cells = true,
                    // Other lists of styles follow that are not meant.
                    ("cellStyles" | "cellStyleXfs" | "dxfs", _) => in_cells = false,
                    ("numFmt", Some(id)) => {
                        let code = attribute(&start, "formatCode").unwrap_or_default();
                        codes.insert(id, Shape::of_code(&code));
                    }
                    ("xf", id) if in_cells => {
                        let id = id.unwrap_or(0);
                        shapes.push(codes.get(&id).cloned().unwrap_or_else(|| Shape::of_builtin(id)));
                    }
                    _ => {}
                }
                if codes.len().max(shapes.len()) > STYLES {
                    return Err(Finding::new(Code::UnpacksTooLarge).arg("limit", STYLES).into());
                }
            }
            Node::Eof => return Ok(shapes),
            _ => {}
        }
    }
}
