//! Editing of clients' files: comments and order stay, mistakes are refused, keys are never used twice.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use chrono::NaiveDate;
use tempfile::TempDir;

use super::{home, load};
use crate::client::{AnswerFormat, ClientKey, DateOrder, Locale, Right};
use crate::client_file::{ClientFile, EditError, NewClient, NewUser, fingerprint};
use crate::password::{hash_password, verify_password};
use crate::service::Service;

const ED25519: &str = include_str!("keys/ed25519.pub");
const RSA: &str = include_str!("keys/rsab2048.pub");

fn key(name: &str) -> ClientKey {
    ClientKey::new(name).unwrap()
}

fn new_client() -> NewClient {
    NewClient::new(
        "Muster \"Strom\" GmbH @KEY@",
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
    )
}

fn fresh() -> (TempDir, Service) {
    let home = home(&[("dropcase.toml", "")]);
    let (service, _) = load(home.path()).unwrap();
    (home, service)
}

fn text_of(service: &Service, name: &str) -> String {
    fs::read_to_string(service.clients_dir.join(format!("{name}.toml"))).unwrap()
}

#[test]
fn a_new_client_loads_as_it_was_said() {
    let (home, service) = fresh();
    let mut new = new_client();
    new.keys = vec![ED25519.to_owned(), RSA.to_owned()];
    new.password = Some(hash_password("geheim", [3; 16]));
    new.email = vec!["a@example.com".to_owned(), "b@example.org".to_owned()];
    (new.locale, new.country, new.currency) = (Some(Locale::Da), Some("SE".to_owned()), Some("EUR".to_owned()));
    new.answers = [AnswerFormat::Csv, AnswerFormat::Json].into();
    let made = ClientFile::create(&service, &key("muster"), &new).unwrap();
    let (_, clients) = load(home.path()).unwrap();
    assert_eq!(clients.first(), Some(&made));
    assert_eq!(
        (made.name.as_str(), made.locale, made.currency.as_str()),
        (new.name.as_str(), Locale::Da, "EUR")
    );
    assert_eq!(
        (made.country.as_str(), &made.email, &made.answers),
        ("SE", &new.email, &new.answers)
    );
    assert_eq!((made.mandates[0].from, made.mandates[0].to), (new.mandate_from, None));
    let user = &made.users[0];
    assert_eq!(
        (user.name.as_str(), user.keys.len(), user.rights.len()),
        ("muster", 2, 4)
    );
    assert!(verify_password("geheim", user.password.as_ref().unwrap()));
    let mode = fs::metadata(service.clients_dir.join("muster.toml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(
        fs::read_dir(&service.clients_dir).unwrap().count(),
        1,
        "a temporary file stayed"
    );
}

#[test]
fn a_new_back_office_hands_nothing_over() {
    let (_home, service) = fresh();
    let mut new = new_client();
    new.back_office = true;
    let made = ClientFile::create(&service, &key("office"), &new).unwrap();
    assert!(made.back_office && made.mandates.is_empty());
    let text = text_of(&service, "office");
    for word in ["\n[[mandate]]", "#[[creditor]]", "fee_schedule"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
    assert!(text.contains("#[[report]]") && text.contains("\n[[user]]\n"), "{text}");
}

#[test]
fn the_language_of_a_new_client_says_how_it_writes_dates() {
    for (locale, written, expected) in [
        (None, true, Some(DateOrder::DayMonthYear)),
        (Some(Locale::De), true, Some(DateOrder::DayMonthYear)),
        (Some(Locale::Da), true, Some(DateOrder::DayMonthYear)),
        (Some(Locale::En), false, None),
    ] {
        let (_home, service) = fresh();
        let mut new = new_client();
        new.locale = locale;
        let made = ClientFile::create(&service, &key("muster"), &new).unwrap();
        assert_eq!(made.date_order, expected, "{locale:?}");
        let text = text_of(&service, "muster");
        let line = if written { "\ndate_order = " } else { "\n#date_order = " };
        assert!(text.contains(&format!("{line}\"day-month-year\"\n")), "{text}");
    }
}

#[test]
fn a_key_or_login_is_not_given_twice() {
    let (home, service) = fresh();
    ClientFile::create(&service, &key("muster"), &new_client()).unwrap();
    let again = ClientFile::create(&service, &key("muster"), &new_client());
    assert!(matches!(again, Err(EditError::Exists(_))), "{again:?}");
    let mut file = ClientFile::open(&service, &key("muster")).unwrap();
    file.add_user(&NewUser {
        name: "Second".to_owned(),
        ..NewUser::default()
    })
    .unwrap();
    file.save().unwrap();
    let taken = ClientFile::create(&service, &key("second"), &new_client());
    assert!(matches!(taken, Err(EditError::LoginTaken(_))), "{taken:?}");

    let kept = ClientFile::retire(&service, &key("muster")).unwrap();
    assert_eq!(kept, service.clients_dir.join("muster.toml.removed"));
    assert!(load(home.path()).unwrap().1.is_empty());
    let again = ClientFile::create(&service, &key("muster"), &new_client());
    assert!(matches!(again, Err(EditError::Retired(_))), "{again:?}");
    let gone = ClientFile::retire(&service, &key("muster"));
    assert!(matches!(gone, Err(EditError::NoClient(_))), "{gone:?}");
}

#[test]
fn a_wrong_value_is_refused_before_anything_is_written() {
    let (_home, service) = fresh();
    let mut new = new_client();
    new.currency = Some("EURO".to_owned());
    let refused = ClientFile::create(&service, &key("muster"), &new).unwrap_err();
    assert!(
        refused.to_string().contains("currency: `EURO` is not a currency"),
        "{refused}"
    );
    assert!(!service.clients_dir.join("muster.toml").exists());
}

const EDITED: &str = r#"# by hand
name = "Muster GmbH" # the name

[[mandate]]
from = 2026-01-01

# our logins
[[user]]
name = "a" # first
password = "PASSWORD" # set in spring
rights = ["drop"]

[[user]]
name = "b"
# the old machine
keys = "KEY"

# the end
"#;

/// A home whose client `muster` was written by hand.
fn by_hand() -> (TempDir, Service, String) {
    let text = EDITED
        .replace("PASSWORD", &hash_password("alt", [4; 16]))
        .replace("KEY", ED25519.trim());
    let home = home(&[("dropcase.toml", ""), ("clients.d/muster.toml", &text)]);
    let (service, _) = load(home.path()).unwrap();
    (home, service, text)
}

#[test]
fn editing_keeps_comments_and_order() {
    let (_home, service, before) = by_hand();
    let mut file = ClientFile::open(&service, &key("muster")).unwrap();
    file.save().unwrap();
    assert_eq!(
        text_of(&service, "muster"),
        before,
        "saving without a change changed the file"
    );

    let hash = hash_password("neu", [5; 16]);
    file.set_password("a", Some(&hash)).unwrap();
    file.add_key("a", RSA).unwrap();
    file.add_key("b", RSA).unwrap();
    let rights = Some([Right::Reports, Right::Answers].into());
    let new = NewUser {
        name: "c".to_owned(),
        keys: vec![ED25519.to_owned()],
        password: None,
        rights,
    };
    file.add_user(&new).unwrap();
    let client = file.save().unwrap();
    assert_eq!(client.users[2].rights, [Right::Answers, Right::Reports].into());

    let (ed25519, rsa) = (ED25519.trim(), RSA.trim());
    let expected = before
        .replace(&hash_password("alt", [4; 16]), &hash)
        .replace("rights = [\"drop\"]\n", &format!("rights = [\"drop\"]\nkeys = [\n    \"{rsa}\",\n]\n"))
        .replace(&format!("keys = \"{ed25519}\""), &format!("keys = [\"{ed25519}\",\n    \"{rsa}\",\n]"))
        .replace("\n# the end\n", &format!("\n[[user]]\nname = \"c\"\nrights = [\"answers\", \"reports\"]\nkeys = [\n    \"{ed25519}\",\n]\n\n# the end\n"));
    assert_eq!(text_of(&service, "muster"), expected);

    file.remove_user("c").unwrap();
    file.remove_key("a", rsa).unwrap();
    file.set_password("a", None).unwrap();
    let client = file.save().unwrap();
    assert_eq!(
        (
            client.users.len(),
            client.users[0].keys.len(),
            &client.users[0].password
        ),
        (2, 0, &None)
    );
    assert!(text_of(&service, "muster").ends_with("# the end\n"));
}

#[test]
fn keys_are_named_by_fingerprint_comment_or_line() {
    let (_home, service, _) = by_hand();
    for which in [
        ED25519.trim().to_owned(),
        fingerprint(ED25519).unwrap(),
        "muster".to_owned(),
    ] {
        let mut file = ClientFile::open(&service, &key("muster")).unwrap();
        assert_eq!(file.remove_key("b", &which).unwrap(), ED25519.trim(), "{which}");
        assert!(matches!(file.remove_key("b", &which), Err(EditError::NoKey(_))));
    }
    let mut file = ClientFile::open(&service, &key("muster")).unwrap();
    assert!(matches!(
        file.add_key("b", &format!("{} other", ED25519.trim())),
        Err(EditError::HasKey)
    ));
    file.add_key("b", RSA).unwrap();
    assert!(matches!(file.remove_key("b", "muster"), Err(EditError::ManyKeys(_))));
    assert!(matches!(file.remove_key("z", "muster"), Err(EditError::NoUser(_))));
    assert!(matches!(
        file.add_key("b", "ssh-rsa nonsense"),
        Err(EditError::BadKey(_))
    ));
    assert_eq!(fingerprint("nonsense"), None);
}

#[test]
fn old_mistakes_do_not_hinder_a_change_but_new_ones_do() {
    let (_home, service, before) = by_hand();
    let path = service.clients_dir.join("muster.toml");
    fs::write(&path, format!("colour = \"red\"\n{before}")).unwrap();
    let mut file = ClientFile::open(&service, &key("muster")).unwrap();
    file.remove_key("b", "muster").unwrap();
    file.save().unwrap();
    assert!(!text_of(&service, "muster").contains("ssh-ed25519"));

    file.set_password("b", Some("plain text")).unwrap();
    let refused = file.save().unwrap_err();
    assert!(
        matches!(&refused, EditError::Mistakes(found) if found.0.len() == 1),
        "{refused}"
    );
    assert!(!text_of(&service, "muster").contains("plain text"));

    fs::write(&path, "name = ").unwrap();
    assert!(matches!(
        ClientFile::open(&service, &key("muster")),
        Err(EditError::Mistakes(_))
    ));
    assert!(matches!(
        ClientFile::open(&service, &key("nobody")),
        Err(EditError::NoClient(_))
    ));
}

#[test]
fn inline_users_become_tables() {
    let text =
        "name = \"Muster GmbH\"\nmandate = [{ from = 2026-01-01 }]\nuser = [{ name = \"a\" }, { name = \"b\" }]\n";
    let home = home(&[("dropcase.toml", ""), ("clients.d/muster.toml", text)]);
    let (service, _) = load(home.path()).unwrap();
    let mut file = ClientFile::open(&service, &key("muster")).unwrap();
    file.add_key("b", ED25519).unwrap();
    file.save().unwrap();
    let client = load(home.path()).unwrap().1.remove(0);
    assert_eq!((client.users[0].keys.len(), client.users[1].keys.len()), (0, 1));
}

#[test]
fn words_are_read_and_written_alike() {
    for (word, locale) in Locale::WORDS {
        assert_eq!((locale.as_str(), word.parse()), (*word, Ok(*locale)));
    }
    assert_eq!(
        "DE".parse::<Locale>(),
        Err("`DE` is not known; did you mean `de`?".to_owned())
    );
    assert_eq!(Right::Settlements.to_string(), "settlements");
}
