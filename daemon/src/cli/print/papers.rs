//! Papers of a case.

use crate::cli::table::{Column, table};
use crate::cli::words::{count, time};
use crate::commands::papers::PaperList;

/// The list; where papers were saved, with the files.
pub(crate) fn list(list: &PaperList) -> String {
    const COLUMNS: [Column; 7] = [
        Column::Left("NAME"),
        Column::Left("TYPE"),
        Column::Right("BYTES"),
        Column::Left("FILED"),
        Column::Left("FROM"),
        Column::Left("SEEN BY"),
        Column::Left("SHA-256"),
    ];
    let rows = list.papers.iter().map(|paper| {
        vec![
            paper.name.clone(),
            paper.content_type.clone(),
            paper.size.to_string(),
            time(paper.at, &list.time_zone),
            paper.by.clone(),
            paper.visibility.clone(),
            paper.sha256.clone(),
        ]
    });
    let mut text = table(&COLUMNS, rows, "There are no papers.");
    let saved: Vec<Vec<String>> = list
        .papers
        .iter()
        .filter_map(|paper| Some(vec![paper.saved_as.clone()?]))
        .collect();
    if !saved.is_empty() {
        let heading = count(i64::try_from(saved.len()).unwrap_or(i64::MAX), "paper");
        text += &format!("\n {heading} saved\n\n{}", table(&[Column::Left("FILE")], saved, ""));
    }
    text
}
