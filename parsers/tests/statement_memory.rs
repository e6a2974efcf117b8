//! A bank statement costs the same memory however long it is. A process of its own: others would be counted too.

#[path = "statements/messages.rs"]
mod messages;

use std::fs::File;
use std::io::{BufWriter, Seek, Write};

use dropcase_parsers::fields::Field;
use dropcase_parsers::job::Job;
use dropcase_parsers::limits::Limits;
use dropcase_parsers::parse::parse;
use dropcase_parsers::staged::{Frame, Sink};

use messages::{detail, entry, statement};

/// Entries of a statement, and details of a batch: 11 and 17 MB of XML.
const COUNT: u32 = 40_000;

/// What may be needed more than for a short one, in KiB: less than half of the file.
const MORE: u64 = 4 << 10;

/// Counts payments and sums them up without keeping any.
#[derive(Default)]
struct Sum {
    records: u64,
    minor: i64,
}

impl Sink for Sum {
    fn put(&mut self, frame: Frame) -> std::io::Result<()> {
        if let Frame::Record(record) = frame {
            self.records += 1;
            self.minor += record.money(Field::Amount).unwrap_or(0);
            assert!(!record.is_rejected(), "{:?}", record.findings);
        }
        Ok(())
    }
}

/// Most memory that the process has held so far, in KiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// A statement with `count` payments of 1.00, each an entry or all in one batch.
fn file(count: u32, one_batch: bool) -> File {
    let mut out = BufWriter::new(tempfile::tempfile().expect("a temporary file"));
    let details = |number: u32| detail("", &format!("E2E-{number}"), "1.00", &format!("Akte {number} Rate"));
    let inner = match one_batch {
        true => entry(
            &format!("{count}.00"),
            "CRDT",
            "BOOK",
            "<AcctSvcrRef>B1</AcctSvcrRef>",
            "#",
        ),
        false => "#".to_owned(),
    };
    let whole = statement(53, 8, &inner);
    let (before, after) = whole.split_once('#').expect("a place for the payments");
    out.write_all(before.as_bytes()).unwrap();
    for number in 0..count {
        let text = match one_batch {
            true => details(number),
            false => entry("1.00", "CRDT", "BOOK", "", &details(number)),
        };
        out.write_all(text.as_bytes()).unwrap();
    }
    out.write_all(after.as_bytes()).unwrap();
    let mut file = out.into_inner().unwrap();
    file.rewind().unwrap();
    file
}

fn read(count: u32, one_batch: bool) {
    let mut sum = Sum::default();
    let job = Job {
        currency: "EUR".into(),
        country: "DE".into(),
        number_format: None,
        date_order: None,
        debtor_number_from_invoice: false,
        creditor_required: false,
        layouts: Vec::new(),
        limits: Limits::default(),
    };
    parse(file(count, one_batch), &job, &mut sum).unwrap();
    assert_eq!((sum.records, sum.minor), (u64::from(count), i64::from(count) * 100));
}

#[test]
fn a_long_statement_and_a_large_batch_need_no_more_memory() {
    for one_batch in [false, true] {
        read(100, one_batch);
        let before = peak();
        assert!(file(COUNT, one_batch).metadata().unwrap().len() > (2 * MORE) << 10);
        read(COUNT, one_batch);
        if let (Some(before), Some(after)) = (before, peak()) {
            assert!(after < before + MORE, "{before} KiB, then {after} KiB");
        }
    }
}
