//! Real and hostile texts from elsewhere: no panic, bounded time, always an end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dropcase_parsers::job::Job;

use super::support::{job, parse_bytes, parse_with};

/// Folders of the corpus that hold texts; and others, where only the end counts.
const FOLDERS: &[&str] = &[
    "csv",
    "csv-bank",
    "csv-datev",
    "text-encodings",
    "einvoice-pdf",
    "pdf-hostile",
    "zip",
    "xml",
];

/// No file of the corpus may take longer, also in a build without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

/// A layout of a list without a header that has at least two columns.
const ANY: &str = "name = \"any\"\nno_header = true\n\
    [columns]\n1 = [\"debtor_number\", \"invoice_number\", \"company_name\", \"principal_amount\"]\n\
    2 = [\"invoice_date\", \"original_amount\", \"email\", \"disputed\", \"interest_rate\", \"salutation\", \"memo\"]\n";

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_file_of_the_corpus_ends() {
    let Some(corpus) = std::env::var_os("DROPCASE_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: DROPCASE_CORPUS is not set");
        return;
    };
    let mut all = Vec::new();
    for folder in FOLDERS {
        files(&corpus.join(folder), &mut all);
    }
    assert!(all.len() > 100, "the corpus is not where DROPCASE_CORPUS says");
    let any = Job {
        layouts: vec![toml::from_str(ANY).expect("a layout")],
        ..job()
    };
    let mut read = 0;
    for path in all {
        let bytes = std::fs::read(&path).expect("the corpus can be read");
        let begun = Instant::now();
        let parsed = parse_bytes(&bytes);
        let took = begun.elapsed();
        assert!(took < LONGEST, "{} took {took:?}", path.display());
        // The same with a layout that takes any first columns, so that values are read too.
        let begun = Instant::now();
        let values = parse_with(&bytes, &any);
        let took = took.max(begun.elapsed());
        assert!(took < LONGEST, "{} took {took:?}", path.display());
        read += values.summary.records;
        let said = parsed.summary.records > 0 || !parsed.findings.is_empty();
        assert!(said, "{} was passed over in silence", path.display());
        eprintln!(
            "{:>8} ms {:>6} records {:>6} rejected  {}  {:?}",
            took.as_millis(),
            values.summary.records,
            values.summary.rejected,
            path.strip_prefix(&corpus).unwrap_or(&path).display(),
            parsed.codes().into_iter().take(4).collect::<Vec<_>>()
        );
    }
    assert!(read > 1_000, "only {read} rows of the corpus were read as records");
}
