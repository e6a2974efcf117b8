//! Reads language, country, currency and time zone of a client, each with a default from the one before.

use chrono_tz::{TZ_VARIANTS, Tz};
use iso_currency::Currency;
use isocountry::CountryCode;

use super::Locale;
use crate::reader::{Section, nearest};

/// What a client's region settles.
pub(super) struct Region {
    pub(super) locale: Locale,
    pub(super) country: String,
    pub(super) currency: String,
    pub(super) time_zone: Tz,
}

pub(super) fn read(root: &mut Section<'_>) -> Region {
    let locale = root.choice("locale", Locale::WORDS).unwrap_or(Locale::De);
    let (home, zone) = match locale {
        Locale::De => ("DE", Tz::Europe__Berlin),
        Locale::En => ("GB", Tz::Europe__London),
        Locale::Da => ("DK", Tz::Europe__Copenhagen),
    };
    let country = root.parsed("country", country).unwrap_or_else(|| home.to_owned());
    let given = root.parsed("currency", currency);
    if given.is_none() && !root.has("currency") && usual_currency(&country).is_none() {
        root.mistake(
            "currency",
            format!("is missing, and {country} has no single currency; write currency = \"EUR\""),
        );
    }
    let currency = given
        .or_else(|| usual_currency(&country))
        .unwrap_or_else(|| "EUR".to_owned());
    let time_zone = root
        .parsed("time_zone", time_zone)
        .or_else(|| capital_zone(&country))
        .unwrap_or(zone);
    Region {
        locale,
        country,
        currency,
        time_zone,
    }
}

/// Decimals of a currency's minor unit (ISO 4217).
pub(super) fn decimals(currency: &str) -> usize {
    Currency::from_code(currency)
        .and_then(Currency::exponent)
        .map_or(2, usize::from)
}

fn country(text: &str) -> Result<String, String> {
    let known = CountryCode::for_alpha2(text).map(|code| code.alpha2().to_owned());
    known.map_err(
        |_| match CountryCode::for_alpha3_caseless(text).or(CountryCode::for_alpha2_caseless(text)) {
            Ok(code) => format!(
                "`{text}` is not a two-letter country; did you mean `{}`?",
                code.alpha2()
            ),
            Err(_) => format!("`{text}` is not a country of ISO 3166; write two capitals such as \"DE\""),
        },
    )
}

fn currency(text: &str) -> Result<String, String> {
    match Currency::from_code(text).filter(|c| c.exponent().is_some()) {
        Some(known) => Ok(known.code().to_owned()),
        None => match Currency::from_code(&text.to_ascii_uppercase()) {
            Some(near) => Err(format!("`{text}` is not a currency; did you mean `{}`?", near.code())),
            None => Err(format!(
                "`{text}` is not a currency of ISO 4217; write three capitals such as \"EUR\""
            )),
        },
    }
}

fn time_zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        let names: Vec<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
        match nearest(text, &names) {
            Some(near) => format!("`{text}` is not a time zone; did you mean `{near}`?"),
            None => format!("`{text}` is not a time zone of the IANA list; write it like \"Europe/Berlin\""),
        }
    })
}

/// The one currency that a country pays with today.
fn usual_currency(country: &str) -> Option<String> {
    let country: iso_currency::Country = country.parse().ok()?;
    let current = |c: &Currency| c.is_superseded().is_none() && !c.is_fund() && !c.is_special();
    let mut currencies = Currency::from_country(country).into_iter().filter(current);
    match (currencies.next(), currencies.next()) {
        (Some(only), None) => Some(only.code().to_owned()),
        _ => None,
    }
}

/// Time zone of the countries from which agencies take claims most often; others take the language's.
fn capital_zone(country: &str) -> Option<Tz> {
    Some(match country {
        "AT" => Tz::Europe__Vienna,
        "BE" => Tz::Europe__Brussels,
        "CH" | "LI" => Tz::Europe__Zurich,
        "CZ" => Tz::Europe__Prague,
        "DE" => Tz::Europe__Berlin,
        "DK" => Tz::Europe__Copenhagen,
        "ES" => Tz::Europe__Madrid,
        "FI" => Tz::Europe__Helsinki,
        "FR" => Tz::Europe__Paris,
        "GB" => Tz::Europe__London,
        "IE" => Tz::Europe__Dublin,
        "IT" => Tz::Europe__Rome,
        "LU" => Tz::Europe__Luxembourg,
        "NL" => Tz::Europe__Amsterdam,
        "NO" => Tz::Europe__Oslo,
        "PL" => Tz::Europe__Warsaw,
        "PT" => Tz::Europe__Lisbon,
        "SE" => Tz::Europe__Stockholm,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currency_of_a_country() {
        for (country, currency) in [
            ("DE", "EUR"),
            ("DK", "DKK"),
            ("GB", "GBP"),
            ("HR", "EUR"),
            ("CH", "CHF"),
        ] {
            assert_eq!(usual_currency(country).as_deref(), Some(currency), "{country}");
        }
        assert_eq!(usual_currency("PA"), None);
    }

    #[test]
    fn minor_units_of_a_currency() {
        assert_eq!([decimals("EUR"), decimals("JPY"), decimals("TND")], [2, 0, 3]);
    }
}
