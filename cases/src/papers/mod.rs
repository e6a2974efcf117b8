//! The papers that came with a delivery: stored as files already, to be filed on cases by the records that name them.

pub(crate) mod names;

use std::collections::HashMap;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::record::Record;

/// What the papers of a delivery came with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum With {
    /// With nothing: the delivery is a paper, or has none.
    #[default]
    Nothing,
    /// With a list that should name each of them.
    List,
    /// With the text of a message, in a folder of their own.
    Message,
}

/// What a paper's file name says of its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This number of a case or a claim.
    One(Field, String),
    /// Several claims are called so in file names: the text that was found.
    Several(String),
}

/// Where the content of a paper lies, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPaper {
    /// SHA-256 of the content, lower-case hexadecimal: its name in the paper store.
    pub sha256: String,
    /// As registered with IANA.
    pub content_type: &'static str,
    /// Bytes.
    pub size: u64,
}

/// A paper of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// As the client called it, with its folder in a bundle. Personal data.
    pub name: String,
    /// Where it lies; or why it is not taken.
    pub stored: Result<StoredPaper, Finding>,
}

/// The papers of a delivery, found by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    papers: Vec<Paper>,
    /// Folded paths, and folded names without their folder; `None` where two have one.
    index: HashMap<String, Option<usize>>,
    with: With,
}

impl Papers {
    /// The papers of a delivery.
    pub fn new(papers: Vec<Paper>, with: With) -> Self {
        let mut index: HashMap<String, Option<usize>> = HashMap::new();
        let paths: Vec<String> = papers.iter().map(|paper| folded(&paper.name)).collect();
        for (place, path) in paths.iter().enumerate() {
            index
                .entry(path.clone())
                .and_modify(|twin| *twin = None)
                .or_insert(Some(place));
        }
        // A path that is one goes before a name that is the same.
        let mut names: HashMap<&str, Option<usize>> = HashMap::new();
        for (place, path) in paths.iter().enumerate() {
            let name = path.rsplit('/').next().unwrap_or(path);
            names.entry(name).and_modify(|twin| *twin = None).or_insert(Some(place));
        }
        for (name, place) in names {
            index.entry(name.to_owned()).or_insert(place);
        }
        Self { papers, index, with }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.papers.len()
    }

    /// None came.
    pub fn is_empty(&self) -> bool {
        self.papers.is_empty()
    }

    /// They came in a bundle: a list and what it names.
    pub(crate) fn is_bundle(&self) -> bool {
        self.with == With::List
    }

    /// The delivery is a message by file.
    pub(crate) fn is_message(&self) -> bool {
        self.with == With::Message
    }

    /// All, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Paper> {
        self.papers.iter()
    }

    /// The place of the paper that a record calls `name`: its path, or its name alone where that is one paper's.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.index.get(&folded(name)).copied().flatten()
    }

    /// The papers that a record names, each once; and what is wrong with the others.
    pub(crate) fn of(&self, record: &Record) -> (Vec<(&str, &StoredPaper)>, Vec<Finding>) {
        let (mut found, mut findings) = (Vec::new(), Vec::new());
        let mut seen = Vec::new();
        for name in record.list(Field::Attachment) {
            let place = self.place(name);
            if place.is_some_and(|place| seen.contains(&place)) {
                continue;
            }
            seen.extend(place);
            match place.and_then(|place| self.papers.get(place)) {
                Some(paper) => match &paper.stored {
                    Ok(stored) => found.push((base(&paper.name), stored)),
                    Err(finding) => findings.push(of_paper(finding.clone(), &paper.name)),
                },
                None => findings.push(of_paper(Finding::new(Code::PaperMissing), name)),
            }
        }
        (found, findings)
    }
}

/// The name without its folder.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// A finding about the paper `name` of a record.
fn of_paper(finding: Finding, name: &str) -> Finding {
    finding.field(Field::Attachment).arg("paper", base(name))
}

/// A path as it is compared: case and the kind of slash do not matter.
fn folded(path: &str) -> String {
    let path = path.trim().replace('\\', "/").to_lowercase();
    path.trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use dropcase_parsers::record::{Cells, Position, Value};

    use super::*;

    #[test]
    fn papers_are_found_by_path_or_by_a_name_that_is_one() {
        let paper = |name: &str| Paper {
            name: name.to_owned(),
            stored: Ok(StoredPaper {
                sha256: name.to_owned(),
                content_type: "application/pdf",
                size: 1,
            }),
        };
        let papers = Papers::new(
            ["a/R1.pdf", "b/R1.pdf", "b/R2.pdf", "r3.PDF"].map(paper).to_vec(),
            With::List,
        );
        for (name, place) in [
            ("a/R1.pdf", Some(0)),
            ("B\\r1.pdf", Some(1)),
            ("R1.pdf", None),
            ("r2.pdf", Some(2)),
            ("./R3.pdf", Some(3)),
            ("c/R2.pdf", None),
            ("", None),
        ] {
            assert_eq!(papers.place(name), place, "{name}");
        }
        let position = Position {
            part: 0,
            sequence: 1,
            row: 2,
        };
        let mut record = Record::new(position, Cells::default());
        let names = ["R2.pdf", "b/R2.pdf", "R9.pdf"].map(str::to_owned);
        record.set(Field::Attachment, Value::List(names.to_vec()));
        let (found, findings) = papers.of(&record);
        assert_eq!(found.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["R2.pdf"]);
        assert_eq!(
            findings.iter().map(|f| f.code).collect::<Vec<_>>(),
            [Code::PaperMissing]
        );
    }
}
