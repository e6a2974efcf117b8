//! What clients read, in their language: messages of findings, headings, words, small parts of mails.

mod amounts;
mod arguments;
mod findings;

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use dropcase_config::Locale;
use dropcase_parsers::catalogue;
use dropcase_parsers::fields::Field;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use amounts::{decimal, digits_of, grouped};
pub use findings::{Advice, Place};

static LANGUAGES: LazyLock<[Language; 3]> = LazyLock::new(|| [Locale::De, Locale::En, Locale::Da].map(Language::load));

/// Every locale, for tests and for whoever must prove that nothing is missing.
pub const LOCALES: [Locale; 3] = [Locale::De, Locale::En, Locale::Da];

/// One language with all its texts.
pub struct Language {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Language")
            .field("locale", &self.locale)
            .finish_non_exhaustive()
    }
}

/// The two letters of a locale.
pub const fn code(locale: Locale) -> &'static str {
    match locale {
        Locale::De => "de",
        Locale::En => "en",
        Locale::Da => "da",
    }
}

const fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::De => include_str!("../../language/de.ftl"),
        Locale::En => include_str!("../../language/en.ftl"),
        Locale::Da => include_str!("../../language/da.ftl"),
    }
}

impl Language {
    /// The texts of `locale`.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::De => &LANGUAGES[0],
            Locale::En => &LANGUAGES[1],
            Locale::Da => &LANGUAGES[2],
        }
    }

    fn load(locale: Locale) -> Self {
        let tag = code(locale).parse::<LanguageIdentifier>().unwrap_or_default();
        // A mistake in a language file costs the one message it is in; a test finds every one of them.
        let resource = FluentResource::try_new(source(locale).to_owned()).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { locale, bundle }
    }

    /// Which locale this is.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The text of `key`, without arguments.
    pub fn word(&self, key: &str) -> String {
        self.text(key, &[])
    }

    /// The heading of a column.
    pub fn heading(&self, column: &str) -> String {
        self.word(&format!("heading-{column}"))
    }

    /// A word out of a list (`stage`, `litigation`); what the list lacks is shown as it is.
    pub fn choice(&self, list: &str, value: &str) -> String {
        let key = format!("{list}-{value}");
        if self.bundle.has_message(&key) {
            self.word(&key)
        } else {
            value.to_owned()
        }
    }

    /// The text of `key` with `args`; the key itself when there is no such text.
    pub fn text(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let mut named = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            named.set(*name, value.clone());
        }
        self.format(key, None, &named).unwrap_or_else(|| key.to_owned())
    }

    /// The message `key` or its attribute; `None` when there is none.
    fn format(&self, key: &str, attribute: Option<&str>, args: &FluentArgs<'_>) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned();
        for error in errors {
            tracing::warn!(key, locale = code(self.locale), %error, "a text could not be put together");
        }
        Some(text)
    }

    /// What a field is called where its column has no header of its own.
    pub fn field(&self, field: Field) -> String {
        field.header(self.catalogue()).to_owned()
    }

    /// The language under which the field catalogue knows this one.
    pub fn catalogue(&self) -> catalogue::Language {
        match self.locale {
            Locale::De => catalogue::Language::De,
            Locale::En => catalogue::Language::En,
            Locale::Da => catalogue::Language::Da,
        }
    }

    /// A date as this language writes it.
    pub fn date(&self, date: NaiveDate) -> String {
        date.format(self.date_pattern()).to_string()
    }

    /// A time in the client's time zone, to the minute.
    pub fn time(&self, time: NaiveDateTime) -> String {
        format!("{} {}", self.date(time.date()), time.format("%H:%M"))
    }

    /// An instant as a time of the zone.
    pub fn instant(&self, at: DateTime<Utc>, zone: chrono_tz::Tz) -> String {
        self.time(at.with_timezone(&zone).naive_local())
    }

    /// An amount with thousands separators and its currency, for reading.
    pub fn money(&self, minor: i64, currency: &str) -> String {
        format!("{} {currency}", grouped(minor, digits_of(currency), self.locale))
    }

    const fn date_pattern(&self) -> &'static str {
        match self.locale {
            Locale::De => "%d.%m.%Y",
            Locale::En => "%Y-%m-%d",
            Locale::Da => "%d-%m-%Y",
        }
    }
}

#[cfg(test)]
mod tests;
