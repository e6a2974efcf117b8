//! What would be said of every record of a part alike is said once, of the part.

use std::io;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};
use dropcase_parsers::staged::{Frame, Sink};

/// Stands between a parser and the staged file. In a part without a column for the debtor's role nobody's role is
/// given, so that the warning belongs to the list: of a million lines it would be noise, and no cell could answer it.
///
/// Where the column is there and a record leaves it empty, that record keeps its warning.
pub struct OncePerPart<'a> {
    sink: &'a mut (dyn Sink + Send),
    /// Number of the part that is open.
    part: u32,
    /// It has a column for the role, or was told that it has none.
    settled: Option<Settled>,
}

/// What is known of the open part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// It has a column: records speak for themselves.
    HasColumn,
    /// It has none, and that has been said.
    Said,
}

impl std::fmt::Debug for OncePerPart<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OncePerPart")
            .field("part", &self.part)
            .field("settled", &self.settled)
            .finish_non_exhaustive()
    }
}

impl<'a> OncePerPart<'a> {
    /// Hands what it is given on to `sink`.
    pub fn new(sink: &'a mut (dyn Sink + Send)) -> Self {
        Self {
            sink,
            part: 0,
            settled: None,
        }
    }
}

impl Sink for OncePerPart<'_> {
    fn put(&mut self, mut frame: Frame) -> io::Result<()> {
        match &mut frame {
            Frame::Part(part) => {
                let has_column = part.columns.iter().flatten().any(|field| *field == Field::ActsAs);
                self.part = part.part;
                self.settled = has_column.then_some(Settled::HasColumn);
            }
            Frame::Record(record) if self.settled != Some(Settled::HasColumn) => {
                let found = record.findings.len();
                record.findings.retain(|finding| finding.code != Code::ActsAsUnknown);
                if record.findings.len() < found && self.settled.is_none() {
                    self.settled = Some(Settled::Said);
                    self.sink.put(Frame::Finding {
                        part: Some(self.part),
                        row: None,
                        finding: Finding::new(Code::ActsAsUnknown)
                            .field(Field::ActsAs)
                            .arg("reason", "no_column"),
                    })?;
                }
            }
            _ => {}
        }
        self.sink.put(frame)
    }
}

#[cfg(test)]
mod tests {
    use dropcase_parsers::finding::Severity;
    use dropcase_parsers::record::{Cells, Record};
    use dropcase_parsers::staged::{Dialect, Part, Summary};

    use super::super::check;
    use super::super::fixture::{claim, context};
    use super::*;

    /// Keeps each frame as one word and its codes.
    #[derive(Default)]
    struct Told(Vec<String>);

    impl Sink for Told {
        fn put(&mut self, frame: Frame) -> io::Result<()> {
            let codes = |record: &Record| -> Vec<&str> { record.findings.iter().map(|f| f.code.as_str()).collect() };
            self.0.push(match &frame {
                Frame::Part(part) => format!("part {}", part.part),
                Frame::Record(record) => format!("record {}", codes(record).join(" ")).trim_end().to_owned(),
                Frame::Finding { part, row, finding } => {
                    assert_eq!((*row, finding.severity), (None, Severity::Warning));
                    format!("finding of {part:?} {}", finding.code.as_str())
                }
                Frame::Header { .. } => "header".to_owned(),
                Frame::Paper { .. } | Frame::PaperBytes(_) => "paper".to_owned(),
                Frame::End(_) => "end".to_owned(),
            });
            Ok(())
        }
    }

    fn part(part: u32, columns: &[Field]) -> Frame {
        Frame::Part(Part {
            part,
            member: None,
            sheet: None,
            dialect: Dialect::Xml {
                encoding: "UTF-8".to_owned(),
            },
            header: Cells::default(),
            header_row: None,
            columns: columns.iter().map(|field| vec![*field]).collect(),
            layout: "built-in".to_owned(),
        })
    }

    /// A checked claim against a person, or a company that is known to be one by its name.
    fn checked(fields: &[(Field, &str)]) -> Frame {
        let mut record = claim(fields);
        check(&mut record, &context());
        Frame::Record(Box::new(record))
    }

    #[test]
    fn a_missing_column_is_said_once_a_part() {
        let person = || checked(&[(Field::ActsAs, "")]);
        let company = || {
            checked(&[
                (Field::ActsAs, ""),
                (Field::DebtorType, ""),
                (Field::FirstName, ""),
                (Field::LastName, "Muster GmbH"),
            ])
        };
        let odd = || checked(&[(Field::ActsAs, ""), (Field::Email, "nobody")]);
        let mut told = Told::default();
        let mut sink = OncePerPart::new(&mut told);
        let without = [Field::LastName, Field::DebtorType];
        for frame in [
            part(0, &without),
            company(),
            person(),
            odd(),
            person(),
            part(1, &[Field::LastName, Field::ActsAs]),
            person(),
            person(),
            part(2, &without),
            person(),
            part(3, &without),
            company(),
            Frame::End(Summary::default()),
        ] {
            sink.put(frame).expect("memory takes it");
        }
        assert_eq!(
            told.0,
            [
                "part 0",
                "record",
                "finding of Some(0) ACTS_AS_UNKNOWN",
                "record",
                "record EMAIL_INVALID",
                "record",
                "part 1",
                "record ACTS_AS_UNKNOWN",
                "record ACTS_AS_UNKNOWN",
                "part 2",
                "finding of Some(2) ACTS_AS_UNKNOWN",
                "record",
                "part 3",
                "record",
                "end",
            ]
        );
    }
}
