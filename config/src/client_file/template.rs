//! The commented file of a new client.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use toml_edit::{Array, Value};

use crate::client::{AnswerFormat, ClientKey, DateOrder, Locale};

/// Lines that start with `#` and a key (no space between) are settings with their defaults; `# ` starts prose.
const TEXT: &str = include_str!("../templates/client.toml");

/// What is said about a new client; the rest has its default.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Name as it stands on letters.
    pub name: String,
    /// The agency's own back office: it hands nothing over and has no mandate.
    pub back_office: bool,
    /// First day of the mandate.
    pub mandate_from: NaiveDate,
    /// OpenSSH public keys of the first user, a line each.
    pub keys: Vec<String>,
    /// argon2id hash of the first user's password, of [`hash_password`](crate::hash_password).
    pub password: Option<String>,
    /// Addresses for notices.
    pub email: Vec<String>,
    /// Language.
    pub locale: Option<Locale>,
    /// ISO 3166 country.
    pub country: Option<String>,
    /// ISO 4217 currency.
    pub currency: Option<String>,
    /// Formats of acknowledgements.
    pub answers: BTreeSet<AnswerFormat>,
}

impl NewClient {
    /// A client of this name with a mandate from this day on, everything else by default.
    pub fn new(name: &str, mandate_from: NaiveDate) -> Self {
        let (keys, password, email, answers) = Default::default();
        let (locale, country, currency) = (None, None, None);
        Self {
            name: name.to_owned(),
            back_office: false,
            mandate_from,
            keys,
            password,
            email,
            locale,
            country,
            currency,
            answers,
        }
    }
}

/// The template with what is said filled in; public keys and password are added afterwards.
pub(super) fn render(key: &ClientKey, new: &NewClient) -> String {
    let name = Value::from(new.name.as_str()).to_string();
    let text = TEXT
        .replace("@KEY@", key.as_str())
        .replace("@FROM@", &new.mandate_from.to_string());
    let text = if new.back_office { for_back_office(&text) } else { text };
    // The name last: whatever it holds is not taken for a placeholder.
    let mut text = text.replacen("\"@NAME@\"", &name, 1);
    let answers = new.answers.iter().map(|format| format.as_str());
    let said: [(&str, Option<Value>); 7] = [
        ("back_office", new.back_office.then(|| true.into())),
        ("locale", new.locale.map(|locale| locale.as_str().into())),
        ("date_order", date_order(new.locale).map(|order| order.as_str().into())),
        ("country", new.country.as_deref().map(Value::from)),
        ("currency", new.currency.as_deref().map(Value::from)),
        (
            "email",
            (!new.email.is_empty()).then(|| new.email.iter().map(String::as_str).collect::<Array>().into()),
        ),
        (
            "answers",
            (!new.answers.is_empty()).then(|| answers.collect::<Array>().into()),
        ),
    ];
    for (key, value) in said {
        if let Some(value) = value {
            text = set(&text, key, &value.to_string());
        }
    }
    text
}

/// The template without what belongs to clients that hand claims over: its paragraphs about creditors and mandates.
fn for_back_office(text: &str) -> String {
    let handing_over = ["[[creditor]]", "[[mandate]]"];
    let stays = |paragraph: &&str| {
        !paragraph
            .lines()
            .any(|line| handing_over.contains(&line.trim_start_matches('#')))
    };
    text.split("\n\n").filter(stays).collect::<Vec<_>>().join("\n\n")
}

/// How dates are written where it goes without saying: German and Danish lists put the day first. English ones may be
/// of either side of the Atlantic, and nothing is assumed.
fn date_order(locale: Option<Locale>) -> Option<DateOrder> {
    match locale.unwrap_or(Locale::De) {
        Locale::De | Locale::Da => Some(DateOrder::DayMonthYear),
        Locale::En => None,
    }
}

/// Puts `key = value` in place of the template's commented line.
fn set(text: &str, key: &str, value: &str) -> String {
    let commented = format!("#{key} = ");
    let lines = text.lines().map(|line| match line.starts_with(&commented) {
        true => format!("{key} = {value}\n"),
        false => format!("{line}\n"),
    });
    lines.collect()
}
