//! The payment that a return gives back, where the same file names it.

use std::collections::HashMap;

use super::walk::Transaction;
use super::{Kind, amount_of, currency_of, kind, number};

/// Returns of a file whose originals are looked for; further ones are returns without one.
const MOST: usize = 10_000;

/// What is known of an original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Original {
    /// The file does not have it.
    NotMet,
    /// Its payment number.
    One(String),
    /// Several payments could be meant.
    Several,
}

/// The originals of the returns in a file, by what both have in common.
#[derive(Debug, Default)]
pub(super) struct Originals {
    wanted: HashMap<String, Original>,
}

impl Originals {
    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Takes a transaction in whose original will be looked for, if it is a return.
    pub(super) fn want(&mut self, transaction: &Transaction<'_>) {
        if kind(transaction) == Kind::Return && self.wanted.len() < MOST {
            for key in keys(transaction) {
                self.wanted.insert(key, Original::NotMet);
            }
        }
    }

    /// Takes a transaction in that may be the original of a return.
    pub(super) fn meet(&mut self, transaction: &Transaction<'_>) {
        if kind(transaction) != Kind::Payment {
            return;
        }
        for key in keys(transaction) {
            if let Some(original) = self.wanted.get_mut(&key) {
                let number = number(transaction);
                *original = match original {
                    Original::NotMet if !number.is_empty() => Original::One(number),
                    _ => Original::Several,
                };
            }
        }
    }

    /// What a return can mean: the only payment under one of its keys, before several under another.
    pub(super) fn of(&self, transaction: &Transaction<'_>) -> &Original {
        let mut found = &Original::NotMet;
        for original in keys(transaction).iter().filter_map(|key| self.wanted.get(key)) {
            match original {
                Original::One(_) => return original,
                Original::Several => found = original,
                Original::NotMet => {}
            }
        }
        found
    }
}

/// What a return and its original have in common: the bank's reference, or the payer's reference and the amount (which
/// stands as the instructed one where the return charges fees).
fn keys(transaction: &Transaction<'_>) -> Vec<String> {
    let mut keys = Vec::new();
    let account = transaction.account;
    let own = transaction.detail.map_or("", |detail| &detail.servicer_reference);
    let reference = if own.is_empty() && !transaction.several {
        &transaction.entry.servicer_reference
    } else {
        own
    };
    if !reference.is_empty() {
        keys.push(format!("bank\u{1f}{account}\u{1f}{reference}"));
    }
    let Some(detail) = transaction.detail.filter(|detail| !detail.end_to_end.is_empty()) else {
        return keys;
    };
    let currency = currency_of(transaction);
    let mut amounts = vec![amount_of(transaction).minor(currency)];
    if kind(transaction) == Kind::Return && detail.instructed.currency == currency {
        amounts.push(detail.instructed.minor(currency));
    }
    amounts.dedup();
    for minor in amounts.into_iter().flatten() {
        keys.push(format!(
            "payer\u{1f}{account}\u{1f}{}\u{1f}{currency}\u{1f}{minor}",
            detail.end_to_end
        ));
    }
    keys
}
