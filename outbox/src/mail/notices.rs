//! The notices: a folder each under `notices/` with subject, text and HTML in every language.
//!
//! A template has placeholders `{name}`; values are put in once and never read again, escaped in HTML.

use dropcase_config::Locale;

use crate::answers::plan::Notice;

/// A notice with everything put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// For readers with HTML.
    pub html: String,
}

/// What is put into a template: names and values.
pub type Values = Vec<(&'static str, String)>;

macro_rules! templates {
    ($($notice:ident = $folder:literal;)*) => {
        fn templates(notice: Notice, locale: Locale) -> [&'static str; 3] {
            match (notice, locale) {
                $(
                    (Notice::$notice, Locale::De) => templates!(@files $folder, "de"),
                    (Notice::$notice, Locale::En) => templates!(@files $folder, "en"),
                    (Notice::$notice, Locale::Da) => templates!(@files $folder, "da"),
                )*
            }
        }

        #[cfg(test)]
        const NOTICES: &[Notice] = &[$(Notice::$notice,)*];
    };
    (@files $folder:literal, $language:literal) => {
        [
            include_str!(concat!("../../notices/", $folder, "/subject.", $language, ".txt")),
            include_str!(concat!("../../notices/", $folder, "/text.", $language, ".txt")),
            include_str!(concat!("../../notices/", $folder, "/html.", $language, ".html")),
        ]
    };
}

templates! {
    DeliveryResult = "delivery_result";
    ReportReady = "report_ready";
    Quarantine = "quarantine";
    Message = "message";
}

/// Puts `values` into the templates of a notice.
pub fn render(notice: Notice, locale: Locale, values: &Values) -> Letter {
    let [subject, text, html] = templates(notice, locale);
    // A line break in a subject would begin another header.
    let subject = fill(subject.trim_end(), values, |value, out| {
        out.extend(value.chars().map(|c| if c.is_control() { ' ' } else { c }));
    });
    Letter {
        subject,
        text: fill(text, values, |value, out| out.push_str(value)),
        html: fill(html, values, escape),
    }
}

/// Puts values in; a placeholder without a value stays as it is, so that a test sees it.
pub(crate) fn fill(template: &str, values: &Values, put: impl Fn(&str, &mut String)) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        match found {
            Some((value, tail)) => {
                put(value, &mut out);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

pub(crate) fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LOCALES;

    /// Every name that some notice may use.
    const NAMES: &[&str] = &[
        "headline",
        "greeting",
        "summary",
        "counts",
        "next",
        "delivery",
        "received",
        "files",
        "text",
        "regards",
        "agency",
        "automatic",
    ];

    #[test]
    fn templates_use_only_known_names() {
        let values: Values = NAMES.iter().map(|name| (*name, format!("<{name}>"))).collect();
        for notice in NOTICES {
            for locale in LOCALES {
                let letter = render(*notice, locale, &values);
                for text in [&letter.subject, &letter.text, &letter.html] {
                    assert!(
                        !text.contains('{') && !text.contains('}'),
                        "{notice:?} {locale:?}: {text}"
                    );
                }
                assert!(!letter.html.contains("<headline>") && letter.html.contains("&lt;headline&gt;"));
                assert!(!letter.subject.contains('\n'));
            }
        }
    }

    #[test]
    fn values_are_put_in_once() {
        let values = vec![("a", "{b} <&>".to_owned()), ("b", "no".to_owned())];
        assert_eq!(
            fill("{a}|{c}|{", &values, |value, out| out.push_str(value)),
            "{b} <&>|{c}|{"
        );
        assert_eq!(fill("{a}", &values, escape), "{b} &lt;&amp;&gt;");
    }
}
