//! The papers of a message: each a file of its own beside the text, published before it.

use std::fs::File;
use std::io;

use dropcase_cases::model::OutboxItem;

use super::Said;
use crate::context::Context;
use crate::failure::Failure;
use crate::files::blocking_write;
use crate::language::Language;
use crate::names::{answer_name, numbered, stem_and_extension};

/// The names under which the papers of a message are published, each once whatever the papers themselves are called:
/// `<case number>.<kind>.<number>.<name of the paper>`.
pub(super) fn names(said: &Said) -> Vec<String> {
    let message = &said.message;
    let mut names: Vec<String> = Vec::with_capacity(said.papers.len());
    for paper in &said.papers {
        let (stem, extension) = stem_and_extension(&paper.name);
        let suffix = extension.map_or_else(String::new, |extension| format!(".{extension}"));
        let wanted = format!("{}.{}.{}.{stem}", message.case_number, message.kind, message.number);
        let wanted = answer_name(&wanted, &suffix);
        let taken = |name: &String| names.iter().any(|other| other.to_lowercase() == name.to_lowercase());
        let name = std::iter::once(wanted.clone())
            .chain((2..).map(|number| numbered(&wanted, number)))
            .find(|name| !taken(name));
        names.push(name.unwrap_or(wanted));
    }
    names
}

/// What the text says of them; nothing where there are none.
pub(super) fn list(said: &Said, language: &Language) -> String {
    if said.papers.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", language.word("message-papers"));
    for name in names(said) {
        text.push_str(&format!("- {name}\n"));
    }
    text
}

/// Copies the paper whose row is `paper` into `file`; returns the name it is to get.
pub(super) async fn write(
    context: &Context,
    item: &OutboxItem,
    (message, paper): (i64, i64),
    mut file: File,
) -> Result<String, Failure> {
    let said = Said::read(context, item, message).await?;
    let place = said.papers.iter().position(|known| known.id == paper);
    let place = place.ok_or(Failure::Broken("NO_PAPER"))?;
    let name = names(&said).swap_remove(place);
    let (store, stored) = (context.paper_store.clone(), said.papers[place].clone());
    blocking_write(move || {
        let mut source = store(&stored.stored_under, &stored.sha256)?;
        io::copy(&mut source, &mut file)?;
        Ok(())
    })
    .await?;
    Ok(name)
}
