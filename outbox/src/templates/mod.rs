//! What lies in a client's folder for people to start with: README, hand-over lists, record layout guide, schemas; kept up to date.

mod claims;
mod guide;
mod list;
mod office;
mod readme;

use std::io::{self, Read as _, Write as _};

use dropcase_config::{Client, Service};
use dropcase_parsers::formats::xml::SCHEMA as HANDOVER_SCHEMA;

use crate::answers::program;
use crate::context::client_folder;
use crate::language::Language;
use crate::publish::Folder;
use crate::reports;
use crate::writers::WriteError;

/// Why they could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The client's folder.
    #[error("the client's folder cannot be written")]
    Folder(#[from] io::Error),
    /// One of them.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Schemas of what only clients ask for.
const OF_REQUESTS: [(&str, &str); 4] = [
    ("cases-1.schema.json", reports::CASES_SCHEMA),
    ("case-1.schema.json", reports::CASE_SCHEMA),
    ("cases-1.xsd", reports::CASES_XSD),
    ("case-1.xsd", reports::CASE_XSD),
];

/// Writes README and templates of a client, or of the back office, in its language. Each is replaced whole and only
/// when it changed, so that dates in the folder mean something. Blocking.
///
/// # Errors
/// When the client's folder is missing or cannot be written.
pub fn write_templates(client: &Client, service: &Service) -> Result<(), TemplateError> {
    let language = Language::of(client.locale);
    let root = client_folder(&service.data_dir, client.key.as_str());
    let temp = service.data_dir.join("render");
    std::fs::create_dir_all(&temp)?;
    let top = Folder::open(&root, "")?;
    keep(&top, "README.txt", readme::text(client, service).as_bytes())?;
    let templates = Folder::open(&root, "templates")?;
    let (form, list, others) = match client.back_office {
        true => (office::form(client), "office-list-file", "list-file"),
        false => (claims::form(client), "list-file", "office-list-file"),
    };
    for ending in ["csv", "xlsx"] {
        templates.remove(&format!("{}.{ending}", language.word(others)))?;
    }
    let (list, guide) = (language.word(list), language.word("guide-file"));
    keep(&templates, &format!("{list}.csv"), &list::csv(&form, client)?)?;
    keep(&templates, &format!("{list}.xlsx"), &list::xlsx(&form, client, &temp)?)?;
    keep(&templates, &format!("{guide}.html"), form.guide.html(client).as_bytes())?;
    keep(&templates, "handover-1.xsd", HANDOVER_SCHEMA.as_bytes())?;
    keep(&templates, "acknowledgement-1.xsd", program::XML_SCHEMA.as_bytes())?;
    keep(
        &templates,
        "acknowledgement-1.schema.json",
        program::JSON_SCHEMA.as_bytes(),
    )?;
    for (name, schema) in OF_REQUESTS {
        match client.back_office {
            true => templates.remove(name)?,
            false => keep(&templates, name, schema.as_bytes())?,
        }
    }
    Ok(())
}

/// Makes `name` hold `bytes`; leaves it alone when it does.
fn keep(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<()> {
    if holds(folder, name, bytes)? {
        return Ok(());
    }
    let mut temp = folder.create_named(&format!("{name}.tmp"))?;
    temp.file.write_all(bytes)?;
    temp.sync()?;
    folder.replace(&temp.name, name)?;
    folder.sync()
}

fn holds(folder: &Folder, name: &str, bytes: &[u8]) -> io::Result<bool> {
    let file = match folder.read(name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let same_size = file.metadata()?.is_file() && file.metadata()?.len() == bytes.len() as u64;
    let mut held = Vec::new();
    if same_size {
        file.take(bytes.len() as u64 + 1).read_to_end(&mut held)?;
    }
    Ok(same_size && held == bytes)
}
