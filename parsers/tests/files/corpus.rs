//! Real and hostile texts from elsewhere: no panic, bounded time, always an end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::support::parse_bytes;

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
    for path in all {
        let bytes = std::fs::read(&path).expect("the corpus can be read");
        let begun = Instant::now();
        let parsed = parse_bytes(&bytes);
        let took = begun.elapsed();
        assert!(took < LONGEST, "{} took {took:?}", path.display());
        let said = parsed.summary.records > 0 || !parsed.findings.is_empty();
        assert!(said, "{} was passed over in silence", path.display());
        eprintln!(
            "{:>8} ms {:>6} records {:>6} rejected  {}  {:?}",
            took.as_millis(),
            parsed.summary.records,
            parsed.summary.rejected,
            path.strip_prefix(&corpus).unwrap_or(&path).display(),
            parsed.codes().into_iter().take(4).collect::<Vec<_>>()
        );
    }
}
