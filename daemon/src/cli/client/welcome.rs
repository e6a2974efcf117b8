//! What a new client needs to connect: address, host key, and a letter that says so in its language.

use anyhow::Context;
use dropcase_config::{Client, Locale, Service};
use dropcase_inbox::host_keys;
use rustix::system::uname;

use crate::cli::exit;
use crate::control::Failure;

/// The letter in each language.
const LETTERS: [(Locale, &str); 3] = [
    (Locale::De, include_str!("../letters/de.txt")),
    (Locale::En, include_str!("../letters/en.txt")),
    (Locale::Da, include_str!("../letters/da.txt")),
];

/// Where clients connect to.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// Host name or address.
    pub(crate) host: String,
    /// Port of the first address that is listened on.
    pub(crate) port: u16,
    /// `ED25519 SHA256:…` and `RSA SHA256:…`.
    pub(crate) fingerprints: Vec<String>,
}

impl Door {
    /// The SFTP door of `service`; its host keys are made when there are none yet.
    ///
    /// # Errors
    /// When the host keys cannot be read or made.
    pub(crate) fn of(service: &Service) -> Result<Self, Failure> {
        let folder = &service.sftp.host_keys;
        let keys = host_keys::load_or_create(folder).with_context(|| format!("host keys in {}", folder.display()));
        let keys = keys.map_err(exit::failed)?;
        let algorithms = keys.iter().map(|key| match key.algorithm() {
            russh::keys::Algorithm::Rsa { .. } => "RSA".to_owned(),
            other => other.as_str().trim_start_matches("ssh-").to_uppercase(),
        });
        let fingerprints = host_keys::fingerprints(&keys);
        Ok(Self {
            host: service.sftp.public_host.clone().unwrap_or_else(machine),
            port: service.sftp.listen.first().map_or(2222, std::net::SocketAddr::port),
            fingerprints: algorithms
                .zip(fingerprints)
                .map(|(name, print)| format!("{name} {print}"))
                .collect(),
        })
    }

    /// The address as programs take it.
    pub(crate) fn url(&self, user: &str) -> String {
        // An address of IPv6 stands in brackets, so that its colons are not taken for the port's.
        let bare_v6 = self.host.contains(':') && !self.host.starts_with('[');
        let host = if bare_v6 {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        let user = user.replace('@', "%40");
        format!("sftp://{user}@{host}:{}", self.port)
    }
}

/// This machine's name.
fn machine() -> String {
    match uname().nodename().to_string_lossy().as_ref() {
        "" | "(none)" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}

/// The welcome letter for the first user of `client`.
pub(crate) fn letter(service: &Service, client: &Client, door: &Door) -> String {
    let template = LETTERS
        .iter()
        .find(|(locale, _)| *locale == client.locale)
        .map_or("", |(_, text)| text);
    let prints: Vec<String> = door.fingerprints.iter().map(|print| format!("  {print}")).collect();
    let user = client.key.as_str();
    let values = [
        ("{url}", door.url(user)),
        ("{host}", door.host.clone()),
        ("{port}", door.port.to_string()),
        ("{user}", user.to_owned()),
        ("{login}", login(client).to_owned()),
        ("{fingerprints}", prints.join("\n")),
        ("{agency}", service.agency.clone()),
        ("{name}", client.name.clone()),
    ];
    fill(template, &values)
}

/// Puts values in place of their names in one pass, so that no value is taken for a name.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                text.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// With what the first user logs in, in the client's language.
fn login(client: &Client) -> &'static str {
    let user = client.users.first();
    let key = user.is_some_and(|user| !user.keys.is_empty());
    let password = user.is_some_and(|user| user.password.is_some());
    match (client.locale, key, password) {
        (Locale::De, true, true) => "mit Ihrem Schlüssel oder mit Kennwort (geht Ihnen gesondert zu)",
        (Locale::De, true, false) => "mit Ihrem Schlüssel",
        (Locale::De, false, _) => "mit Kennwort (geht Ihnen gesondert zu)",
        (Locale::En, true, true) => "with your key, or with a password (which reaches you separately)",
        (Locale::En, true, false) => "with your key",
        (Locale::En, false, _) => "with a password (which reaches you separately)",
        (Locale::Da, true, true) => "med jeres nøgle eller med adgangskode (sendes særskilt)",
        (Locale::Da, true, false) => "med jeres nøgle",
        (Locale::Da, false, _) => "med adgangskode (sendes særskilt)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(host: &str) -> Door {
        Door {
            host: host.to_owned(),
            port: 2222,
            fingerprints: vec!["ED25519 SHA256:abc".to_owned()],
        }
    }

    #[test]
    fn urls() {
        for (host, user, expected) in [
            ("files.example.com", "muster", "sftp://muster@files.example.com:2222"),
            ("192.0.2.7", "muster", "sftp://muster@192.0.2.7:2222"),
            ("2001:db8::7", "muster", "sftp://muster@[2001:db8::7]:2222"),
            ("[2001:db8::7]", "a@b", "sftp://a%40b@[2001:db8::7]:2222"),
        ] {
            assert_eq!(door(host).url(user), expected);
        }
    }

    #[test]
    fn a_value_is_never_taken_for_a_name() {
        let values = [("{a}", "{b}".to_owned()), ("{b}", "x".to_owned())];
        assert_eq!(fill("{a} {b} {c} {", &values), "{b} x {c} {");
    }

    #[test]
    fn every_letter_says_all() {
        for (_, template) in LETTERS {
            for name in [
                "{url}",
                "{host}",
                "{port}",
                "{user}",
                "{login}",
                "{fingerprints}",
                "{agency}",
                "{name}",
            ] {
                assert!(template.contains(name), "{name}");
            }
            assert!(
                template.lines().all(|line| line.chars().count() <= 78),
                "lines fit a letter"
            );
        }
    }
}
