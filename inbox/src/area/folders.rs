//! The folders that a client sees and what each allows, as one table.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::{fs, io};

use dropcase_config::{ClientKey, Right};

use super::{AreaError, RelativePath};

/// What may be done in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ops(u8);

impl Ops {
    /// Look up and list.
    pub const LIST: Self = Self(1);
    /// Read files.
    pub const READ: Self = Self(2);
    /// Upload, resume, overwrite, rename, set times, make and remove subfolders.
    pub const DROP: Self = Self(4);
    /// Delete files.
    pub const DELETE: Self = Self(8);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Are all of `wanted` allowed?
    pub const fn allow(self, wanted: Self) -> bool {
        self.0 & wanted.0 == wanted.0
    }
}

/// One line of the table.
#[derive(Debug)]
pub struct Folder {
    /// Path below the jail; the longest match counts.
    pub path: &'static str,
    /// A user sees it with any of these rights; empty means that everybody does.
    pub seen_with: &'static [Right],
    /// What may be done in it.
    pub ops: Ops,
    /// What a refused upload is told.
    pub hint: &'static str,
}

const LOOK: Ops = Ops::LIST;
const READ: Ops = Ops::LIST.and(Ops::READ);
const TAKE: Ops = READ.and(Ops::DELETE);
const DROP: Ops = TAKE.and(Ops::DROP);

const HINT_TOP: &str =
    "Nothing can be put here. Please put files into inbox/ (or into validate/ to have them checked only).";
const HINT_OUTBOX: &str = "outbox/ holds our answers to you. Please put files into inbox/.";
const HINT_TEMPLATES: &str = "templates/ can only be read. Please put files into inbox/.";
const HINT_ARCHIVE: &str = "archive/ can only be read. Please put files into inbox/.";

/// The table.
pub const FOLDERS: &[Folder] = &[
    Folder {
        path: "",
        seen_with: &[],
        ops: LOOK,
        hint: HINT_TOP,
    },
    Folder {
        path: "README.txt",
        seen_with: &[],
        ops: READ,
        hint: HINT_TOP,
    },
    Folder {
        path: "inbox",
        seen_with: &[Right::Drop],
        ops: DROP,
        hint: "",
    },
    Folder {
        path: "inbox/documents",
        seen_with: &[Right::Drop],
        ops: DROP,
        hint: "",
    },
    Folder {
        path: "inbox/messages",
        seen_with: &[Right::Drop],
        ops: DROP,
        hint: "",
    },
    Folder {
        path: "validate",
        seen_with: &[Right::Drop],
        ops: DROP,
        hint: "",
    },
    Folder {
        path: "outbox",
        seen_with: &[Right::Answers, Right::Reports, Right::Settlements],
        ops: LOOK,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "outbox/acknowledgements",
        seen_with: &[Right::Answers],
        ops: TAKE,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "outbox/corrections",
        seen_with: &[Right::Answers],
        ops: TAKE,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "outbox/messages",
        seen_with: &[Right::Answers],
        ops: TAKE,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "outbox/reports",
        seen_with: &[Right::Reports],
        ops: TAKE,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "outbox/settlements",
        seen_with: &[Right::Settlements],
        ops: TAKE,
        hint: HINT_OUTBOX,
    },
    Folder {
        path: "templates",
        seen_with: &[],
        ops: READ,
        hint: HINT_TEMPLATES,
    },
    Folder {
        path: "archive",
        seen_with: &[Right::Drop],
        ops: READ,
        hint: HINT_ARCHIVE,
    },
];

/// The folders whose files are worked on; subfolders are walked.
pub(crate) const DROP_FOLDERS: [&str; 2] = ["inbox", "validate"];

/// The line of the table for `path`, for a user with `rights`; `None` when nothing there exists for that user.
pub fn rule(path: &RelativePath, rights: &BTreeSet<Right>) -> Option<&'static Folder> {
    let folder = FOLDERS
        .iter()
        .filter(|folder| covers(folder, path))
        .max_by_key(|folder| folder.path.len())?;
    // What lies at the top or in outbox/ without a line of its own does not exist.
    let own = folder.path.as_bytes() == path.as_bytes();
    let container = folder.path.is_empty() || folder.path == "outbox" || folder.path == "README.txt";
    (seen(folder, rights) && (own || !container)).then_some(folder)
}

/// As [`rule`], and all of `wanted` must be allowed.
///
/// # Errors
/// [`AreaError::NotFound`] when nothing there exists for the user, [`AreaError::Denied`] with the folder's hint.
pub fn require(path: &RelativePath, rights: &BTreeSet<Right>, wanted: Ops) -> Result<&'static Folder, AreaError> {
    let folder = match rule(path, rights) {
        Some(folder) => folder,
        // A new name at the top is refused with the hint: "not found" would leave a person without a way on.
        None => return Err(missing(path, rights, wanted)),
    };
    if folder.ops.allow(wanted) {
        Ok(folder)
    } else if wanted.allow(Ops::DROP) && !folder.hint.is_empty() {
        Err(AreaError::denied(folder.hint))
    } else {
        Err(AreaError::denied("This is not allowed here."))
    }
}

fn missing(path: &RelativePath, rights: &BTreeSet<Right>, wanted: Ops) -> AreaError {
    if !wanted.allow(Ops::DROP) || !rights.contains(&Right::Drop) {
        return AreaError::NotFound;
    }
    let in_outbox = path.components().next() == Some(b"outbox");
    AreaError::denied(if in_outbox { HINT_OUTBOX } else { HINT_TOP })
}

/// Is it one of the table's own folders, which can be neither removed nor renamed?
pub fn is_fixed(path: &RelativePath) -> bool {
    FOLDERS.iter().any(|folder| folder.path.as_bytes() == path.as_bytes())
}

fn covers(folder: &Folder, path: &RelativePath) -> bool {
    let top = folder.path.as_bytes();
    top.is_empty()
        || path.as_bytes() == top
        || (path.as_bytes().starts_with(top) && path.as_bytes().get(top.len()) == Some(&b'/'))
}

fn seen(folder: &Folder, rights: &BTreeSet<Right>) -> bool {
    folder.seen_with.is_empty() || folder.seen_with.iter().any(|right| rights.contains(right))
}

/// Makes a client's folders below `data_dir`, also those that clients do not see.
///
/// The client's folders are setgid and writable by the group, so that members of the service's group may put and take
/// files by hand; `uploads/` and `work/` are the service's alone.
///
/// # Errors
/// As `mkdir(2)` and `chmod(2)`.
pub fn ensure(data_dir: &Path, client: &ClientKey) -> io::Result<()> {
    let jail = data_dir.join("clients").join(client.as_str());
    for folder in FOLDERS.iter().filter(|folder| folder.path != "README.txt") {
        make(&jail.join(folder.path), 0o2770)?;
    }
    make(&data_dir.join("uploads").join(client.as_str()), 0o700)?;
    make(&data_dir.join("work").join(client.as_str()), 0o700)
}

fn make(folder: &Path, mode: u32) -> io::Result<()> {
    if !folder.is_dir() {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(path: &str, rights: &[Right], wanted: Ops) -> &'static str {
        let rights = rights.iter().copied().collect();
        match require(&RelativePath::resolve(path.as_bytes()).unwrap(), &rights, wanted) {
            Ok(_) => "ok",
            Err(AreaError::NotFound) => "missing",
            Err(AreaError::Denied(sentence)) if sentence.contains("inbox/") => "hint",
            Err(_) => "denied",
        }
    }

    #[test]
    fn allows_what_the_design_says() {
        use Right::{Answers, Drop, Reports};
        let all: &[Right] = &[Drop, Answers, Reports, Right::Settlements];
        let cases: &[(&str, &[Right], Ops, &str)] = &[
            ("", &[], Ops::LIST, "ok"),
            ("README.txt", &[], Ops::READ, "ok"),
            ("templates/list.csv", &[], Ops::READ, "ok"),
            ("templates/list.csv", all, Ops::DROP, "hint"),
            ("inbox/sub/x.csv", all, Ops::DROP, "ok"),
            ("inbox/x.csv", &[Answers], Ops::DROP, "missing"),
            ("inbox", &[Answers], Ops::LIST, "missing"),
            ("outbox/acknowledgements/x", &[Answers], Ops::DELETE, "ok"),
            ("outbox/acknowledgements/x", all, Ops::DROP, "hint"),
            ("outbox/x", all, Ops::DROP, "hint"),
            ("outbox/reports/x", &[Answers], Ops::READ, "missing"),
            ("outbox/reports/x", &[Reports], Ops::READ, "ok"),
            ("outbox", &[Drop], Ops::LIST, "missing"),
            ("outbox/unknown/x", all, Ops::READ, "missing"),
            ("archive/2026-01-02/x", &[Drop], Ops::READ, "ok"),
            ("archive/x", &[Drop], Ops::DELETE, "denied"),
            ("x.csv", all, Ops::DROP, "hint"),
            ("unknown", all, Ops::READ, "missing"),
            ("inboxes", all, Ops::READ, "missing"),
        ];
        for (path, rights, wanted, expected) in cases {
            assert_eq!(
                outcome(path, rights, *wanted),
                *expected,
                "{path} {rights:?} {wanted:?}"
            );
        }
    }

    #[test]
    fn makes_the_folders_once() {
        let home = tempfile::tempdir().unwrap();
        let client = ClientKey::new("muster").unwrap();
        ensure(home.path(), &client).unwrap();
        ensure(home.path(), &client).unwrap();
        let inbox = home.path().join("clients/muster/inbox");
        assert_eq!(fs::metadata(&inbox).unwrap().permissions().mode() & 0o7777, 0o2770);
        assert!(home.path().join("clients/muster/outbox/settlements").is_dir());
        assert!(home.path().join("work/muster").is_dir());
    }
}
