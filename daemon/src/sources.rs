//! What changes with the law, as the operator has it: the base rates and fee schedules of dropcase with those of its own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dropcase_cases::account::Sources;
use dropcase_cases::account::fees::{Schedule, ScheduleError, Schedules};
use dropcase_cases::checks::Tables;
use dropcase_config::{AccountFiles, Client, Mistake, Mistakes, Service};

/// Reads all settings, and the files of `[account]` beside them.
///
/// # Errors
/// Every mistake of all files at once. With mistakes in `dropcase.toml` it is not known where the others are.
pub(crate) fn load_all(config: &Path) -> Result<(Service, Vec<Client>, Sources), Mistakes> {
    let settings = dropcase_config::load_all(config);
    let service = match &settings {
        Ok((service, _)) => Some(service.clone()),
        Err(_) => Service::load(config).ok(),
    };
    let sources = service.map_or_else(|| Ok(Sources::built_in()), |service| load(&service.account));
    match (settings, sources) {
        (Ok((service, clients)), Ok(sources)) => Ok((service, clients, sources)),
        (settings, sources) => {
            let mut all = settings.err().unwrap_or_default();
            all.0.extend(sources.err().unwrap_or_default().0);
            all.0.sort();
            Err(all)
        }
    }
}

/// The sources with the operator's own.
///
/// # Errors
/// The first mistake of each file.
fn load(files: &AccountFiles) -> Result<Sources, Mistakes> {
    let mut mistakes = Vec::new();
    let mut built_in = Sources::built_in();
    if let Some(path) = &files.base_rates {
        match tables(&built_in.tables, path) {
            Ok(tables) => built_in.tables = Arc::new(tables),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    match files.schedules() {
        Ok(paths) if paths.is_empty() => {}
        Ok(paths) => built_in.fees = Arc::new(schedules(&built_in.fees, paths, &mut mistakes)),
        Err(error) => mistakes.push(mistake(&files.fees_dir, 0, "", format!("cannot be listed: {error}"))),
    }
    match mistakes.is_empty() {
        true => Ok(built_in),
        false => Err(Mistakes(mistakes)),
    }
}

fn tables(built_in: &Tables, path: &Path) -> Result<Tables, Mistake> {
    built_in
        .with_base_rates(&read(path)?)
        .map_err(|error| mistake(path, error.line, "", error.reason.to_owned()))
}

fn schedules(built_in: &Schedules, paths: Vec<PathBuf>, mistakes: &mut Vec<Mistake>) -> Schedules {
    let mut all = built_in.clone();
    let mut owners: HashMap<String, PathBuf> = HashMap::new();
    for path in paths {
        match schedule(&path) {
            Ok(schedule) => {
                if let Some(other) = owners.insert(schedule.name.clone(), path.clone()) {
                    let message = format!("`{}` stands in {} already", schedule.name, other.display());
                    mistakes.push(mistake(&path, 0, "schedule", message));
                }
                all.insert(schedule);
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    all
}

fn schedule(path: &Path) -> Result<Schedule, Mistake> {
    let text = read(path)?;
    Schedule::parse(&text).map_err(|error| {
        let line = error.line(&text);
        match error {
            ScheduleError::Shape { message, .. } => {
                mistake(path, line, "", format!("is not a fee schedule: {message}"))
            }
            ScheduleError::Value { version, key, reason } => {
                mistake(path, line, key, format!("{reason} (version {version})"))
            }
        }
    })
}

fn read(path: &Path) -> Result<String, Mistake> {
    std::fs::read_to_string(path).map_err(|error| mistake(path, 0, "", format!("cannot be read: {error}")))
}

fn mistake(file: &Path, line: usize, field: &str, message: String) -> Mistake {
    Mistake {
        file: file.to_owned(),
        line,
        field: field.to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const OWN: &str = "schedule = \"haus\"\ncurrency = \"EUR\"\n[[version]]\nid = \"haus-1\"\nfrom = \"2020-01-01\"\n\
        bands = [{ fee = \"50\" }]\n";

    /// A home with these files; yields its settings file.
    fn home(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        for folder in ["clients.d", "fees"] {
            fs::create_dir(home.path().join(folder)).unwrap();
        }
        for (name, text) in files {
            fs::write(home.path().join(name), text).unwrap();
        }
        let config = home.path().join("dropcase.toml");
        (home, config)
    }

    #[test]
    fn what_dropcase_ships_may_be_named_by_mandates() {
        // The settings know the names alone; both must say the same.
        let (_home, config) = home(&[("dropcase.toml", "")]);
        let sources = load_all(&config).unwrap().2;
        for name in ["de", "nl", "dk"] {
            assert!(sources.fees.get(name).is_some(), "{name}");
            let client = format!(
                "name = \"M\"\n[[mandate]]\nfrom = 2026-01-01\nfee_schedule = \"{name}\"\ninput_tax_deductible = true\n"
            );
            let (_home, config) = home(&[("dropcase.toml", ""), ("clients.d/m.toml", &client)]);
            assert!(load_all(&config).is_ok(), "{name}");
        }
    }

    #[test]
    fn an_operator_s_own_files_add_and_replace() {
        let settings = "[account]\nbase_rates = \"rates.csv\"\n";
        let rates = "valid_from,base_rate_percent\n2030-01-01,9\n";
        let replaced = OWN.replace("haus", "nl");
        let (_home, config) = home(&[
            ("dropcase.toml", settings),
            ("rates.csv", rates),
            ("fees/a.toml", OWN),
            ("fees/b.toml", &replaced),
        ]);
        let sources = load_all(&config).unwrap().2;
        assert_eq!(sources.tables.last_base_rate(), "2030-01-01".parse().ok());
        let version = |name: &str| {
            let day = "2026-01-01".parse().unwrap();
            sources
                .fees
                .get(name)
                .and_then(|fees| fees.version(day))
                .map(|version| version.id.clone())
        };
        assert_eq!(
            (version("haus").as_deref(), version("nl").as_deref()),
            (Some("haus-1"), Some("nl-1"))
        );
        assert!(version("de").is_some());
    }

    #[test]
    fn mistakes_of_all_files_come_together() {
        let settings = "[account]\nbase_rates = \"rates.csv\"\n";
        let wrong = OWN.replace("fee = \"50\"", "fee = \"fifty\"");
        let (home, config) = home(&[
            ("dropcase.toml", settings),
            (
                "rates.csv",
                "valid_from,base_rate_percent\n2030-01-01,9\n2030-07-01,nine\n",
            ),
            (
                "clients.d/m.toml",
                "name = \"M\"\nlocale = \"fr\"\n[[mandate]]\nfrom = 2026-01-01\n",
            ),
            ("fees/a.toml", OWN),
            ("fees/b.toml", &wrong),
            ("fees/c.toml", OWN),
            ("fees/d.toml", "schedule = \"d\"\ncurrency = 1\n"),
        ]);
        let mistakes = load_all(&config).unwrap_err();
        let prefix = format!("{}/", home.path().display());
        let shown: Vec<String> = mistakes.0.iter().map(|m| m.to_string().replace(&prefix, "")).collect();
        assert_eq!(
            shown,
            [
                "clients.d/m.toml:2: locale: `fr` is not known; write one of `de`, `en`, `da`",
                "fees/b.toml:4: fee: not an amount of the currency (15.00) (version haus-1)",
                "fees/c.toml: schedule: `haus` stands in fees/a.toml already",
                "fees/d.toml:2: is not a fee schedule: invalid type: integer `1`, expected a string",
                "rates.csv:3: not a rate in percent (1.52)",
            ]
        );
    }
}
