//! Completion rules with a clock turned by hand, and the ways by which files are noticed.

use std::collections::HashMap;
use std::fs;

use dropcase_config::Completion;
use tokio::sync::mpsc::{Receiver, channel};

use super::*;
use crate::area::tests::{Bench, NEW, path};

const HOLD: Completion = Completion::Hold { settle_ms: 3000 };

/// A bench with the arrivals' engine, which is driven step by step.
struct Stage {
    bench: Bench,
    engine: Engine,
    arrivals: Receiver<Arrival>,
}

impl Stage {
    fn new(rule: Completion) -> Self {
        Self::over(Bench::new(), rule, 100)
    }

    fn over(bench: Bench, rule: Completion, room: usize) -> Self {
        let rules = HashMap::from([(bench.area.key.clone(), rule)]);
        let (out, arrivals) = channel(room);
        let clock = bench.area.shared.clock.clone();
        let engine = Engine::new(bench.whole(), rules, clock, Duration::from_secs(60), out);
        Self {
            bench,
            engine,
            arrivals,
        }
    }

    /// Lets `seconds` pass and returns the paths that were offered.
    fn pass(&mut self, seconds: i64) -> Vec<String> {
        self.bench.pass(seconds);
        // What the first turn took up from others is reported as our own files are.
        for _ in 0..2 {
            self.bench
                .signals
                .try_iter()
                .for_each(|signal| self.engine.hear(signal));
            self.engine.turn().unwrap();
        }
        let offered = std::iter::from_fn(|| self.arrivals.try_recv().ok());
        offered
            .map(|arrival| String::from_utf8_lossy(arrival.path.as_bytes()).into_owned())
            .collect()
    }

    fn rename(&self, from: &str, to: &str) {
        self.bench.visit().rename(&path(from), &path(to)).unwrap();
    }
}

#[test]
fn hold_waits_for_the_last_change() {
    let mut stage = Stage::new(HOLD);
    stage.bench.put("inbox/a.csv", "a");
    assert!(stage.pass(2).is_empty());
    stage.bench.put("inbox/a.csv", "aa");
    stage.bench.put("inbox/b.csv", "b");
    assert!(stage.pass(2).is_empty());
    stage.rename("inbox/b.csv", "validate/c.csv");
    assert_eq!(stage.pass(1), ["inbox/a.csv"]);
    assert_eq!(stage.pass(2), ["validate/c.csv"]);
    assert!(stage.pass(10).is_empty());
}

#[test]
fn files_come_in_the_order_of_publication() {
    let mut stage = Stage::new(HOLD);
    let names: Vec<String> = (0..50)
        .map(|number| format!("inbox/{:02}.csv", (number * 37) % 50))
        .collect();
    for name in &names {
        stage.bench.put(name, "x");
    }
    assert_eq!(stage.pass(3), names);
}

#[test]
fn who_is_told_of_late_overtakes_nobody() {
    let mut stage = Stage::new(HOLD);
    stage.bench.put("inbox/b.csv", "x");
    assert!(stage.pass(1).is_empty());
    stage.bench.put("inbox/a.csv", "x");
    // Both are complete by the time at which the second one is heard of.
    assert_eq!(stage.pass(9), ["inbox/b.csv", "inbox/a.csv"]);
}

#[test]
fn temporary_names_wait_for_their_rename() {
    for rule in [HOLD, Completion::Rename] {
        let mut stage = Stage::new(rule);
        stage.bench.put("inbox/x.csv.filepart", "x");
        assert!(stage.pass(10).is_empty());
        stage.rename("inbox/x.csv.filepart", "inbox/x.csv");
        assert_eq!(stage.pass(3), ["inbox/x.csv"], "{rule:?}");
    }
}

#[test]
fn rename_takes_nothing_else() {
    let mut stage = Stage::new(Completion::Rename);
    stage.bench.put("inbox/x.csv", "x");
    stage.rename("inbox/x.csv", "inbox/y.csv");
    assert!(stage.pass(100).is_empty());
    assert!(stage.engine.told.contains(&stage.bench.id("inbox/y.csv")));
    stage.bench.visit().remove_file(&path("inbox/y.csv")).unwrap();
    assert!(stage.pass(100).is_empty());
    assert!(stage.engine.told.is_empty());
}

#[test]
fn files_that_nobody_completes_are_counted() {
    for (rule, waiting) in [(HOLD, 1), (Completion::Rename, 2), (Completion::Marker, 3)] {
        let bench = Bench::with_limits(|limits| limits.partial_keep = Duration::from_secs(24 * 3600));
        let mut stage = Stage::over(bench, rule, 100);
        for name in ["inbox/a.csv", "inbox/b.csv.part", "inbox/c.csv.part", "inbox/d.csv.ok"] {
            stage.bench.put(name, "x");
        }
        stage.rename("inbox/c.csv.part", "inbox/c.csv");
        stage.pass(10);
        let count = |stage: &Stage| {
            let now = stage.bench.area.shared.clock.now();
            incomplete(&stage.bench.whole(), &stage.engine.rules, now - TimeDelta::hours(1))
        };
        assert_eq!(count(&stage), 0, "{rule:?}");
        stage.pass(3600);
        assert_eq!(count(&stage), waiting, "{rule:?}");
    }
}

#[test]
fn marker_in_any_order() {
    let mut stage = Stage::new(Completion::Marker);
    stage.bench.put("inbox/a.csv", "a");
    stage.bench.put("inbox/b.csv.done", "");
    assert!(stage.pass(100).is_empty());
    stage.bench.put("inbox/a.csv.ok", "");
    assert_eq!(stage.pass(0), ["inbox/a.csv"]);
    stage.bench.put("inbox/b.csv", "b");
    assert_eq!(stage.pass(0), ["inbox/b.csv"]);
    let id = stage.bench.id("inbox/a.csv");
    stage.bench.area.take(id, &path("inbox/a.csv"), "d1", true).unwrap();
    assert_eq!(stage.bench.text("inbox/a.csv.ok"), None);
    assert!(stage.pass(100).iter().all(|name| name != "inbox/a.csv"));
}

#[test]
fn what_is_not_claimed_is_offered_again() {
    let mut stage = Stage::new(HOLD);
    stage.bench.put("inbox/x.csv", "x");
    stage.bench.put("inbox/documents/letter.pdf", "p");
    assert_eq!(stage.pass(3).len(), 2);
    assert_eq!(stage.pass(61).len(), 2);
    stage.bench.take("inbox/x.csv", "d1").unwrap();
    stage.bench.take("inbox/documents/letter.pdf", "d2").unwrap();
    assert!(stage.pass(61).is_empty());
}

#[test]
fn a_full_stream_loses_nothing() {
    let mut stage = Stage::over(Bench::new(), HOLD, 1);
    for name in ["inbox/a", "inbox/b", "inbox/c"] {
        stage.bench.put(name, "x");
    }
    assert_eq!(stage.pass(3), ["inbox/a"]);
    assert_eq!(stage.pass(0), ["inbox/b"]);
    assert_eq!(stage.pass(0), ["inbox/c"]);
}

#[test]
fn files_of_others_are_taken_up_once_quiet() {
    let mut stage = Stage::new(HOLD);
    let file = stage.bench.disk("inbox/local.csv");
    fs::create_dir(stage.bench.disk("inbox/sub")).unwrap();
    fs::write(&file, "half").unwrap();
    fs::write(stage.bench.disk("inbox/sub/deep.csv"), "x").unwrap();
    stage.engine.hear(Signal::Rescan);
    assert!(stage.pass(0).is_empty());
    fs::write(&file, "half and half").unwrap();
    assert_eq!(stage.pass(3), ["inbox/sub/deep.csv"]);
    assert_eq!(stage.pass(3), ["inbox/local.csv"]);
    let id = stage.bench.id("inbox/local.csv");
    // Its writer comes back just before the claim: it is not taken, and noticed anew.
    fs::write(&file, "half and half and more").unwrap();
    let error = stage
        .bench
        .area
        .take(id, &path("inbox/local.csv"), "d1", false)
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ResourceBusy);
    stage.engine.hear(Signal::Rescan);
    assert!(stage.pass(0).is_empty());
    assert_eq!(stage.pass(3), ["inbox/local.csv"]);
    let taken = stage.bench.take("inbox/local.csv", "d1").unwrap();
    assert_eq!(fs::read_to_string(taken).unwrap(), "half and half and more");
    assert_eq!(stage.bench.text("inbox/local.csv"), None);
}

#[test]
fn links_and_temporary_files_of_others_are_left_alone() {
    let mut stage = Stage::new(HOLD);
    fs::write(stage.bench.home.path().join("secret"), "secret").unwrap();
    fs::hard_link(
        stage.bench.home.path().join("secret"),
        stage.bench.disk("inbox/hard.csv"),
    )
    .unwrap();
    std::os::unix::fs::symlink("../../../secret", stage.bench.disk("inbox/soft.csv")).unwrap();
    fs::write(stage.bench.disk("inbox/.x.csv.AbCdEf"), "rsync").unwrap();
    stage.engine.hear(Signal::Rescan);
    assert!(stage.pass(0).is_empty());
    assert!(stage.pass(10).is_empty());
}

#[test]
fn an_open_upload_is_nobody_elses_file() {
    let mut stage = Stage::new(HOLD);
    stage.bench.put("inbox/x.csv", "x");
    let upload = stage.bench.start("inbox/x.csv", NEW);
    stage.engine.hear(Signal::Rescan);
    assert!(stage.pass(10).is_empty());
    drop(upload);
    assert_eq!(stage.pass(2), ["inbox/x.csv"]);
}

#[test]
fn folders_are_told_apart() {
    let cases = [
        ("inbox/x", Some(Folder::Inbox)),
        ("inbox/sub/x", Some(Folder::Inbox)),
        ("inbox/documents", Some(Folder::Inbox)),
        ("inbox/documents/x", Some(Folder::Documents)),
        ("inbox/messages/sub/x", Some(Folder::Messages)),
        ("validate/x", Some(Folder::Validate)),
        ("outbox/x", None),
    ];
    for (name, expected) in cases {
        assert_eq!(Folder::of(&path(name)), expected, "{name}");
    }
}

#[test]
fn a_folder_of_a_message_is_offered_once_and_as_a_whole() {
    let mut stage = Stage::new(HOLD);
    let visit = stage.bench.visit();
    visit.make_folder(&path("inbox/messages/100")).unwrap();
    stage.bench.put("inbox/messages/100/text.txt", "x");
    assert!(stage.pass(2).is_empty());
    stage.bench.put("inbox/messages/100/a.pdf", "y");
    let open = stage.bench.start("inbox/messages/100/b.pdf", NEW);
    assert!(stage.pass(5).is_empty());
    assert!(stage.pass(5).is_empty());
    open.publish().unwrap();
    assert!(stage.pass(1).is_empty());
    assert!(stage.pass(1).is_empty());
    assert_eq!(stage.pass(3), ["inbox/messages/100"]);
    assert!(stage.pass(10).is_empty());
    // Nobody claimed it.
    let again = [stage.pass(60), stage.pass(2), stage.pass(2)].concat();
    assert_eq!(again, ["inbox/messages/100"]);
    let id = stage.bench.id("inbox/messages/100/text.txt");
    let taken = stage
        .bench
        .area
        .take_folder(id, &path("inbox/messages/100"), "d1")
        .unwrap();
    assert_eq!(fs::read_dir(&taken).unwrap().count(), 3);
    assert_eq!(
        stage
            .bench
            .area
            .take_folder(id, &path("inbox/messages/100"), "d1")
            .unwrap(),
        taken
    );
    assert!([stage.pass(60), stage.pass(60)].concat().is_empty());
    assert_eq!(stage.bench.uploads("json"), 0);
}

#[test]
fn a_marker_closes_a_folder() {
    for rule in [HOLD, Completion::Marker] {
        let mut stage = Stage::new(rule);
        stage.bench.visit().make_folder(&path("inbox/messages/100")).unwrap();
        stage.bench.put("inbox/messages/100/text.txt", "x");
        assert!(stage.pass(1).is_empty());
        stage.bench.put("inbox/messages/100.ok", "");
        assert!(stage.pass(0).is_empty());
        assert_eq!(stage.pass(1), ["inbox/messages/100"], "{rule:?}");
        let id = stage.bench.id("inbox/messages/100/text.txt");
        stage
            .bench
            .area
            .take_folder(id, &path("inbox/messages/100"), "d1")
            .unwrap();
        assert_eq!(stage.bench.text("inbox/messages/100.ok"), None);
    }
}

#[test]
fn a_folder_survives_a_crash_on_either_side_of_its_claim() {
    let mut stage = Stage::new(HOLD);
    stage.bench.visit().make_folder(&path("inbox/messages/100")).unwrap();
    stage.bench.put("inbox/messages/100/text.txt", "x");
    stage.bench.put("inbox/messages/100/a.pdf", "y");
    assert_eq!([stage.pass(4), stage.pass(1)].concat(), ["inbox/messages/100"]);
    let id = stage.bench.id("inbox/messages/100/text.txt");
    // The row was written, the folder is where it was.
    let mut stage = Stage::over(stage.bench.restart(), HOLD, 100);
    assert_eq!([stage.pass(4), stage.pass(1)].concat(), ["inbox/messages/100"]);
    assert_eq!(stage.bench.id("inbox/messages/100/text.txt"), id);
    let taken = stage
        .bench
        .area
        .take_folder(id, &path("inbox/messages/100"), "d1")
        .unwrap();
    // It was moved, and nothing more is known of it.
    let mut stage = Stage::over(stage.bench.restart(), HOLD, 100);
    assert!([stage.pass(4), stage.pass(1)].concat().is_empty());
    assert_eq!(
        stage
            .bench
            .area
            .take_folder(id, &path("inbox/messages/100"), "d1")
            .unwrap(),
        taken
    );
}
