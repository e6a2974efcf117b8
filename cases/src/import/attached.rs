//! The papers that claims name: filed on their cases when the claims are booked.

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding, Severity};
use dropcase_parsers::record::Record;

use super::effects::Booked;
use super::sift::Entry;
use crate::papers::Papers;
use crate::store::rows::{Form, Rows};

/// Which papers of a delivery its records have named so far.
#[derive(Debug)]
pub(super) struct Named(Vec<bool>);

impl Named {
    pub(super) fn new(papers: &Papers) -> Self {
        Self(vec![false; papers.len()])
    }

    /// A record, whatever became of it.
    pub(super) fn see(&mut self, papers: &Papers, record: &Record) {
        if self.0.is_empty() {
            return;
        }
        for name in record.list(Field::Attachment) {
            if let Some(named) = papers.place(name).and_then(|place| self.0.get_mut(place)) {
                *named = true;
            }
        }
    }

    /// What is told of a bundle's papers that nobody named.
    pub(super) fn findings(&self, papers: &Papers) -> Vec<Finding> {
        let unnamed = papers.iter().zip(&self.0).filter(|(_, named)| !**named);
        let finding = |name: &str| Finding::new(Code::PaperNotNamed).arg("paper", name);
        match papers.is_bundle() {
            true => unnamed.map(|(paper, _)| finding(&paper.name)).collect(),
            false => Vec::new(),
        }
    }
}

/// What is wrong with the papers of claims is a warning: the claim is taken all the same.
pub(super) fn warn(entries: &mut [Entry], papers: &Papers) {
    if !papers.is_bundle() {
        return;
    }
    for entry in entries.iter_mut().filter(|entry| entry.good.is_some()) {
        let (_, findings) = papers.of(&entry.record);
        let warning = |finding: Finding| finding.severity(Severity::Warning);
        entry.record.findings.extend(findings.into_iter().map(warning));
    }
}

/// Rows of `documents` for the claims that were booked.
pub(super) fn rows(entries: &[Entry], booked: &[Option<Booked>], papers: &Papers, form: Form) -> Rows {
    let mut rows = Rows::new(form);
    if papers.is_empty() {
        return rows;
    }
    for (entry, booked) in entries.iter().zip(booked) {
        let Some(booked) = booked else { continue };
        for (name, stored) in papers.of(&entry.record).0 {
            rows.row().int(booked.case).int(booked.claim).text(&*stored.sha256);
            rows.text(stored.content_type)
                .int(i64::try_from(stored.size).unwrap_or(i64::MAX))
                .text(name);
        }
    }
    rows
}
