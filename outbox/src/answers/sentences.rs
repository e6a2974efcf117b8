//! Sentences about findings, remembered: in a list of a million records the same warning stands a million times.

use std::collections::HashMap;

use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

use crate::language::{Advice, Language, Place};

/// What is said about a finding.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// Message and what to do, apart.
    pub(super) advice: Advice,
    /// Column, message and what to do as one line.
    pub(super) sentence: String,
}

/// Part, code, column and field: without a value and arguments a sentence depends on nothing else.
type Key = (i64, Code, Option<u32>, Option<Field>);

/// Puts findings into words and remembers those that do not depend on a value.
pub(super) struct Sentences {
    language: &'static Language,
    known: HashMap<Key, Said>,
}

impl Sentences {
    pub(super) fn new(language: &'static Language) -> Self {
        Self {
            language,
            known: HashMap::new(),
        }
    }

    /// Shows `take` what is said about a finding in a record of `part`.
    pub(super) fn say<T>(&mut self, part: i64, finding: &Finding, take: impl FnOnce(&Said) -> T) -> T {
        if finding.value.is_some() || !finding.args.is_empty() {
            return take(&said(self.language, finding));
        }
        let key = (part, finding.code, finding.column, finding.field);
        take(self.known.entry(key).or_insert_with(|| said(self.language, finding)))
    }
}

fn said(language: &Language, finding: &Finding) -> Said {
    Said {
        advice: language.advice(finding),
        sentence: language.sentence(finding, Place::default()),
    }
}
