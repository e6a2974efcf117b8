//! Hostile and odd files from outside: no panic, bounded time, bounded memory.
//!
//! `DROPCASE_CORPUS` names the folder; without it the test says that it was skipped. With `DROPCASE_CORPUS_LIST`
//! set it prints what became of each file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dropcase_parsers::formats::{Source, Unreadable, workbook, xml};
use dropcase_parsers::limits::Limits;

/// What a file may take.
const TIME: Duration = Duration::from_secs(10);

/// By how much the process may grow over a file, in KiB.
const GROWTH_KIB: u64 = 200 << 10;

/// One reader for the whole corpus, in one test, as the peak of the process is measured.
#[test]
fn no_file_of_the_corpus_breaks_the_readers() {
    let Some(corpus) = std::env::var_os("DROPCASE_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: DROPCASE_CORPUS is not set");
        return;
    };
    let limits = Limits::default();
    let mut outcomes: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for folder in ["spreadsheet", "zip", "xml", "einvoice-xml", "csv", "pdf-hostile"] {
        for path in files_under(&corpus.join(folder)) {
            for (reader, open) in [("workbook", workbook::open as Open), ("xml", xml::open as Open)] {
                reset_peak();
                let before = peak_kib();
                let begin = Instant::now();
                let outcome = outcome(open, &path, &limits);
                let (time, growth) = (begin.elapsed(), peak_kib().saturating_sub(before));
                if std::env::var_os("DROPCASE_CORPUS_LIST").is_some() {
                    eprintln!(
                        "{reader}\t{outcome}\t{} ms\t{growth} KiB\t{}",
                        time.as_millis(),
                        path.display()
                    );
                }
                if time > TIME || growth > GROWTH_KIB {
                    mistakes.push(format!("{reader} {}: {time:?}, {growth} KiB", path.display()));
                }
                *outcomes.entry((format!("{folder} as {reader}"), outcome)).or_default() += 1;
            }
        }
    }
    for ((what, outcome), count) in &outcomes {
        eprintln!("{what}: {outcome}: {count}");
    }
    assert!(!outcomes.is_empty(), "the corpus is empty");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

type Open = fn(File, &Limits) -> Result<Box<dyn Source>, Unreadable>;

/// Reads every part of a file to its end.
fn outcome(open: Open, path: &Path, limits: &Limits) -> String {
    let mut rows = 0_u64;
    let result = open(File::open(path).expect("a file of the corpus"), limits).and_then(|mut source| {
        for index in 0..source.parts().len() {
            source.rows(index, &mut |_| {
                rows += 1;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    });
    match result {
        Ok(()) if rows > 0 => "read".into(),
        Ok(()) => panic!("{}: parts without a row", path.display()),
        Err(Unreadable::Finding(finding)) => finding.code.as_str().into(),
        Err(Unreadable::Io(error)) => panic!("{}: {error}", path.display()),
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// Forgets the peak of the process so far; where that is not possible growth counts from the highest peak.
fn reset_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The peak of the process, in KiB.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
