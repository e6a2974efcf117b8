//! Which numbers a payer may have meant: what stands in the remittance text and the end-to-end reference of a payment.

use std::collections::HashSet;

use dropcase_parsers::fields::Field;
use dropcase_parsers::record::Record;
use dropcase_parsers::values::references::{MOST, candidates, normal};

use crate::checks::search_words;
use crate::import::is_case_number;

/// Shortest invoice number that is believed to be one where it stands in a text.
const SHORTEST: usize = 4;

/// From this length on one digit makes a number: `MUSTER-R-1`.
const LONG: usize = 6;

/// Pieces of a text that a break may have torn out of one number.
const TORN: usize = 3;

/// The numbers in a payment's texts, as they stand there and without separators, each once.
pub(super) fn numbers(record: &Record) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for text in texts(record) {
        let pieces: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || ",;:()\"'+".contains(c))
            .map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|piece| !piece.is_empty())
            .collect();
        let joined = (0..pieces.len())
            .flat_map(|start| (1..=TORN.min(pieces.len() - start)).map(move |length| (start, length)))
            .map(|(start, length)| pieces[start..start + length].concat());
        for number in joined.chain(candidates(text)) {
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            let length = number.chars().count();
            let enough = digits >= 2 || digits == 1 && length >= LONG;
            let plausible = length >= SHORTEST && number.len() <= 40 && enough;
            if plausible && found.len() < MOST && seen.insert(number.clone()) {
                found.push(number);
            }
        }
    }
    found
}

/// Those of the numbers that could be ours: the check digit holds.
pub(super) fn case_numbers(numbers: &[String]) -> Vec<String> {
    let ours = |number: &&String| number.len() >= 8 && is_case_number(number);
    numbers.iter().filter(ours).map(|number| normal(number)).collect()
}

/// Whether the payment names the debtor: a word of the name of four letters or more stands in it.
pub(super) fn names(record: &Record, debtor: &str) -> bool {
    let said: HashSet<String> = texts(record)
        .chain(record.text(Field::AccountHolder))
        .flat_map(search_words)
        .collect();
    search_words(debtor)
        .iter()
        .any(|word| word.chars().count() >= SHORTEST && said.contains(word))
}

fn texts(record: &Record) -> impl Iterator<Item = &str> {
    [Field::Text, Field::EndToEndId]
        .into_iter()
        .filter_map(|field| record.text(field))
}

#[cfg(test)]
mod tests {
    use dropcase_parsers::record::{Cells, Position, Value};

    use super::*;

    fn payment(text: &str) -> Record {
        let position = Position {
            part: 0,
            sequence: 1,
            row: 2,
        };
        let mut record = Record::new(position, Cells::default());
        record.set(Field::Text, Value::Text(text.to_owned()));
        record
    }

    #[test]
    fn numbers_stand_in_texts() {
        for (text, expected) in [
            ("Rechnung RE-2026/0815 vom 3.4.", "RE-2026/0815"),
            ("Az. 1000 0004, danke", "10000004"),
            ("R-4711/Muster", "R-4711/Muster"),
            ("re.nr.:R 4711", "R4711"),
            ("Rechnung MUSTER-R-1", "MUSTER-R-1"),
        ] {
            assert!(numbers(&payment(text)).contains(&expected.to_owned()), "{text}");
        }
        assert_eq!(case_numbers(&numbers(&payment("Akte 1000 0004"))), ["10000004"]);
        assert_eq!(case_numbers(&numbers(&payment("Akte 10000005"))), Vec::<String>::new());
        assert!(numbers(&payment(&"1234 ".repeat(10_000))).len() <= MOST);
    }

    #[test]
    fn names_stand_in_texts() {
        assert!(names(&payment("Miete E. Müstermann"), "Erika Müstermann"));
        assert!(!names(&payment("Miete"), "Erika Mustermann"));
        assert!(!names(&payment("an AG"), "Al AG"));
    }
}
