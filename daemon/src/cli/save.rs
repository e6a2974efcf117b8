//! Papers of a case as files in a folder of whoever commands.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dropcase_outbox::names::{answer_name, stem_and_extension};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};

use crate::commands::papers::PaperLine;
use crate::control::{Failure, Heard};
use crate::delivery::hex;

/// Bytes of a name that every system takes.
const LONGEST: usize = 255;

/// Takes papers' content as it comes, into hidden files of the folder; what is whole gets its name in the end.
pub(super) struct Saver {
    folder: PathBuf,
    /// What is being written: its place on the list.
    current: Option<(usize, NamedTempFile, Sha256)>,
    /// What was written: place, digest, where.
    written: Vec<(usize, String, TempPath)>,
    failed: Option<io::Error>,
}

impl Saver {
    /// Saves into `folder`, which is made if only itself is missing.
    ///
    /// # Errors
    /// `NotFound` when there is no place for the folder, `Refused` when it cannot be used.
    pub(super) fn new(folder: &Path) -> Result<Self, Failure> {
        let told = |error: io::Error| {
            let message = format!("{}: {error}", folder.display());
            match error.kind() {
                io::ErrorKind::NotFound => Failure::not_found(message),
                _ => Failure::refused(message),
            }
        };
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.map_err(told)?,
        }
        if !folder.is_dir() {
            return Err(told(io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self {
            folder: folder.to_owned(),
            current: None,
            written: Vec::new(),
            failed: None,
        })
    }

    /// Takes the next bytes. What goes wrong is told in the end.
    pub(super) fn hear(&mut self, heard: Heard<'_>) {
        if let (Heard::Piece { place, bytes }, None) = (heard, &self.failed) {
            self.failed = self.take(place, bytes).err();
        }
    }

    fn take(&mut self, place: usize, bytes: &[u8]) -> io::Result<()> {
        if self.current.as_ref().is_none_or(|(current, ..)| *current != place) {
            self.close()?;
            let file = tempfile::Builder::new()
                .prefix(".dropcase-")
                .tempfile_in(&self.folder)?;
            self.current = Some((place, file, Sha256::new()));
        }
        if let Some((_, file, hasher)) = &mut self.current {
            hasher.update(bytes);
            file.write_all(bytes)?;
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some((place, file, hasher)) = self.current.take() {
            file.as_file().sync_all()?;
            self.written
                .push((place, hex(&hasher.finalize()), file.into_temp_path()));
        }
        Ok(())
    }

    /// Gives what came whole its name and notes that in `papers`; the others, which are missing or damaged, have none.
    ///
    /// # Errors
    /// `Refused` when the folder could not be written.
    pub(super) fn finish(mut self, papers: &mut [PaperLine]) -> Result<(), Failure> {
        let closed = self.close();
        let told = |error: io::Error| Failure::refused(format!("{}: {error}", self.folder.display()));
        if let Some(error) = self.failed.or(closed.err()) {
            return Err(told(error));
        }
        for (place, sha256, path) in self.written {
            if let Some(paper) = papers.get_mut(place).filter(|paper| paper.sha256 == sha256) {
                let name = publish(path, &self.folder, &paper.name).map_err(told)?;
                paper.saved_as = Some(self.folder.join(name).display().to_string());
            }
        }
        fs::File::open(&self.folder)
            .and_then(|folder| folder.sync_all())
            .map_err(told)
    }
}

/// Renames a file to the paper's name, or the first of `name (2)`, `name (3)`, … that is free.
fn publish(mut file: TempPath, folder: &Path, paper: &str) -> io::Result<String> {
    for number in 1_u32.. {
        let name = safe(paper, number);
        match file.persist_noclobber(folder.join(&name)) {
            Ok(()) => return Ok(name),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => file = taken.path,
            Err(other) => return Err(other.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The name of a paper without what was its folder, as every system takes it; its ending stays, behind the number of those
/// that are not the first of their name.
fn safe(paper: &str, number: u32) -> String {
    let base = paper.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = stem_and_extension(base);
    let stem = match stem.trim_matches(['.', ' ']) {
        "" => "paper",
        _ => stem,
    };
    let number = match number {
        1 => String::new(),
        number => format!(" ({number})"),
    };
    let extension = extension.map_or_else(String::new, |extension| format!(".{extension}"));
    let suffix = format!("{number}{extension}");
    match stem.len() + suffix.len() <= LONGEST {
        true => answer_name(&format!("{stem}{suffix}"), ""),
        // The stem is cut, not what tells it from others.
        false => answer_name(stem, &suffix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, content: &[u8]) -> PaperLine {
        let line = serde_json::json!({"name": name, "content_type": "application/pdf", "size": content.len(),
            "at": "2026-07-01T22:30:10Z", "by": "muster", "delivery": null, "visibility": "client",
            "invoice_number": null, "sha256": hex(&Sha256::digest(content))});
        serde_json::from_value(line).unwrap()
    }

    fn hear(saver: &mut Saver, place: usize, bytes: &[u8]) {
        saver.hear(Heard::Piece { place, bytes });
    }

    #[test]
    fn names_stay_in_their_folder() {
        for (name, expected) in [
            ("R-1 Vertrag.pdf", "R-1 Vertrag.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "paper"),
            (".", "paper"),
            ("", "paper"),
            ("a/", "paper"),
            (".bashrc", "_bashrc"),
            ("CON.pdf", "_CON.pdf"),
            ("a:b\n\u{202e}fdp.exe", "a_b__fdp.exe"),
            ("x. . ", "x"),
            ("Köln.pdf", "Köln.pdf"),
        ] {
            assert_eq!(safe(name, 1), expected, "{name:?}");
        }
        let long = safe(&format!("{}.pdf", "ä".repeat(300)), 12);
        assert!(long.len() <= LONGEST && long.ends_with("ä (12).pdf"), "{long}");
    }

    #[test]
    fn papers_are_told_apart_and_nothing_is_overwritten() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("papers");
        let mut saver = Saver::new(&folder).unwrap();
        fs::write(folder.join("a.pdf"), "mine").unwrap();
        let mut papers = [
            line("a.pdf", b"one"),
            line("b/a.pdf", b"two"),
            line("c.pdf", b"three"),
            line("d.pdf", b"four"),
        ];
        hear(&mut saver, 0, b"o");
        hear(&mut saver, 0, b"ne");
        hear(&mut saver, 1, b"two");
        // Damaged; and of the last nothing came.
        hear(&mut saver, 2, b"thr");
        saver.finish(&mut papers).unwrap();
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(
            [read("a.pdf"), read("a (2).pdf"), read("a (3).pdf")],
            ["mine", "one", "two"]
        );
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        let saved: Vec<bool> = papers.iter().map(|paper| paper.saved_as.is_some()).collect();
        assert_eq!(saved, [true, true, false, false]);
    }

    #[test]
    fn a_folder_without_a_place_does_not_exist() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let kind = |path: &str| Saver::new(&home.path().join(path)).err().map(|failure| failure.kind);
        assert_eq!(kind("no/where"), Some(crate::control::Kind::NotFound));
        assert_eq!(kind("file"), Some(crate::control::Kind::Refused));
    }
}
