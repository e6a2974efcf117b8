//! Uploads as clients make them.

use std::os::unix::fs::symlink;

use super::*;

#[test]
fn nothing_is_seen_before_it_is_published() {
    for bench in Bench::both() {
        let mut upload = bench.start("inbox/x.csv", NEW);
        upload.write_at(0, b"half").unwrap();
        assert_eq!(bench.text("inbox/x.csv"), None);
        // The client itself sees how far it is.
        assert_eq!(bench.visit().attributes(&path("inbox/x.csv")).unwrap().size, 4);
        assert_eq!(bench.listed("inbox"), [("x.csv".to_owned(), 4)]);
        upload.write_at(4, b" and half").unwrap();
        upload.publish().unwrap();
        assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("half and half"));
        assert_eq!(bench.listed("inbox"), [("x.csv".to_owned(), 13)]);
        // One sidecar: in the file, or beside it.
        let attribute = attribute::read_at(&bench.disk("inbox/x.csv"));
        let sidecars = bench.uploads(".json") + usize::from(attribute.is_some());
        assert_eq!((bench.uploads(".part"), sidecars), (0, 1));
        assert!(bench.area.shared.attributes || attribute.is_none());
    }
}

#[test]
fn a_broken_upload_is_resumed() {
    let bench = Bench::new();
    let mut upload = bench.start("inbox/x.csv", NEW);
    upload.write_at(0, b"half").unwrap();
    drop(upload);
    let size = bench.visit().attributes(&path("inbox/x.csv")).unwrap().size;
    let mut upload = bench.start("inbox/x.csv", RESUME);
    upload.write_at(size, b" and half").unwrap();
    upload.publish().unwrap();
    assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("half and half"));
}

#[test]
fn a_hole_is_never_data() {
    let bench = Bench::new();
    let mut upload = bench.start("inbox/x.csv", NEW);
    upload.write_at(0, b"ab").unwrap();
    upload.write_at(5, b"fg").unwrap();
    assert!(matches!(upload.publish(), Err(AreaError::Gap)));
    assert_eq!((bench.text("inbox/x.csv"), bench.uploads("")), (None, 0));
    // Broken off instead of closed, only what has no hole is offered for resumption.
    let mut upload = bench.start("inbox/y.csv", NEW);
    upload.write_at(5, b"fg").unwrap();
    upload.write_at(0, b"ab").unwrap();
    drop(upload);
    assert_eq!(bench.visit().attributes(&path("inbox/y.csv")).unwrap().size, 2);
}

#[test]
fn a_second_session_takes_an_upload_over() {
    let bench = Bench::new();
    let mut first = bench.start("inbox/x.csv", NEW);
    first.write_at(0, b"one").unwrap();
    let mut second = bench.start("inbox/x.csv", RESUME);
    assert!(matches!(first.write_at(3, b"!"), Err(AreaError::TakenOver)));
    assert!(matches!(first.publish(), Err(AreaError::TakenOver)));
    second.write_at(3, b" two").unwrap();
    second.publish().unwrap();
    assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("one two"));
}

#[test]
fn a_complete_file_is_an_ordinary_file_until_it_is_claimed() {
    let bench = Bench::new();
    let (visit, name) = (bench.visit(), path("inbox/x.csv"));
    bench.put("inbox/x.csv", "one");
    let first = bench.id("inbox/x.csv");
    // Resumed: out of sight while it is written, then published under an id of its own.
    let mut upload = bench.start("inbox/x.csv", RESUME);
    assert_eq!(bench.text("inbox/x.csv"), None);
    upload.write_at(3, b" two").unwrap();
    upload.publish().unwrap();
    assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("one two"));
    assert!(bench.id("inbox/x.csv") > first);
    assert!(bench.area.find(first).is_none());
    // Overwritten, renamed, removed.
    bench.put("inbox/x.csv", "three");
    visit.rename(&name, &path("validate/y.csv")).unwrap();
    assert_eq!(bench.text("validate/y.csv").as_deref(), Some("three"));
    visit.remove_file(&path("validate/y.csv")).unwrap();
    assert_eq!((bench.text("validate/y.csv"), bench.uploads("")), (None, 0));
}

#[test]
fn a_file_that_is_being_replaced_is_not_claimed() {
    let bench = Bench::new();
    bench.put("inbox/x.csv", "one");
    let mut upload = bench.start("inbox/x.csv", NEW);
    assert_eq!(
        bench.take("inbox/x.csv", "d1").unwrap_err().kind(),
        std::io::ErrorKind::ResourceBusy
    );
    assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("one"));
    upload.write_at(0, b"two").unwrap();
    upload.publish().unwrap();
    let taken = bench.take("inbox/x.csv", "d1").unwrap();
    assert_eq!(std::fs::read_to_string(taken).unwrap(), "two");
}

#[test]
fn a_claimed_name_can_be_looked_up_for_a_while() {
    let bench = Bench::new();
    bench.put("inbox/x.csv", "one");
    let (id, visit, name) = (bench.id("inbox/x.csv"), bench.visit(), path("inbox/x.csv"));
    let taken = bench.take("inbox/x.csv", "d1").unwrap();
    assert_eq!(taken, bench.home.path().join("work/muster/d1/x.csv"));
    // Taken again it is the same file.
    assert_eq!(bench.area.take(id, &name, "d1", false).unwrap(), taken);
    assert_eq!(visit.attributes(&name).unwrap().size, 3);
    assert!(bench.listed("inbox").is_empty());
    bench.pass(61);
    assert!(matches!(visit.attributes(&name), Err(AreaError::NotFound)));
    bench.area.tidy().unwrap();
    assert_eq!(bench.uploads(""), 0);
    let day = DateTime::from_timestamp(1_790_000_000, 0).unwrap().date_naive();
    let archived = bench.area.archive(&taken, day, b"d1_x.csv").unwrap();
    assert_eq!(bench.area.archive(&taken, day, b"d1_x.csv").unwrap(), archived);
    assert_eq!(bench.text("archive/2026-09-21/d1_x.csv").as_deref(), Some("one"));
    assert_eq!(bench.area.purge_archive(day.succ_opt().unwrap()).unwrap(), 1);
    assert_eq!(bench.text("archive/2026-09-21/d1_x.csv"), None);
}

#[test]
fn limits_refuse_for_good_and_leave_nothing() {
    let bench = Bench::with_limits(|limits| limits.max_waiting_files = 2);
    bench.area.set_max_file_bytes(10);
    let mut upload = bench.start("inbox/big.csv", NEW);
    upload.write_at(0, b"0123456789").unwrap();
    assert!(matches!(upload.write_at(10, b"x"), Err(AreaError::TooLarge(10))));
    assert!(matches!(upload.publish(), Err(AreaError::TooLarge(10))));
    assert_eq!((bench.listed("inbox").len(), bench.uploads("")), (0, 0));
    bench.put("inbox/1.csv", "1");
    bench.put("inbox/2.csv", "2");
    let error = bench.visit().write(&path("inbox/3.csv"), NEW).unwrap_err();
    assert!(matches!(error, AreaError::TooManyWaiting(2)), "{error}");
    let full = Bench::with_limits(|limits| limits.disk_reserve_bytes = u64::MAX);
    let error = full.visit().write(&path("inbox/x.csv"), NEW).unwrap_err();
    assert!(matches!(error, AreaError::DiskFull), "{error}");
}

#[test]
fn links_are_neither_seen_nor_claimed() {
    let bench = Bench::new();
    std::fs::write(bench.home.path().join("secret"), "secret").unwrap();
    symlink("../../../secret", bench.disk("inbox/link.csv")).unwrap();
    assert!(bench.listed("inbox").is_empty());
    assert!(matches!(
        bench.visit().read(&path("inbox/link.csv")),
        Err(AreaError::NotFound)
    ));
    // An upload over the link replaces it and leaves alone what it names.
    bench.put("inbox/link.csv", "mine");
    assert_eq!(
        std::fs::read_to_string(bench.home.path().join("secret")).unwrap(),
        "secret"
    );
    // A second name makes a file unfit for claiming.
    std::fs::hard_link(bench.disk("inbox/link.csv"), bench.home.path().join("second")).unwrap();
    assert_eq!(
        bench.take("inbox/link.csv", "d1").unwrap_err().kind(),
        std::io::ErrorKind::InvalidData
    );
    assert_eq!(bench.text("inbox/link.csv").as_deref(), Some("mine"));
}

#[test]
fn names_are_bytes() {
    let bench = Bench::new();
    let name = RelativePath::resolve(b"inbox/\xe4\xf6.csv").unwrap();
    let mut upload = bench.visit().write(&name, NEW).unwrap();
    upload.write_at(0, b"x").unwrap();
    upload.publish().unwrap();
    assert_eq!(bench.visit().attributes(&name).unwrap().size, 1);
    let id = bench.area.id_at(&name).unwrap();
    let taken = bench.area.take(id, &name, "d1", false).unwrap();
    assert_eq!(taken.file_name().unwrap().as_encoded_bytes(), b"\xe4\xf6.csv");
}

#[test]
fn folders_come_and_go() {
    let mut bench = Bench::new();
    let visit = bench.visit();
    visit.make_folder(&path("inbox/sub")).unwrap();
    assert!(matches!(visit.make_folder(&path("inbox")), Err(AreaError::Exists)));
    bench.put("inbox/sub/x.csv", "x");
    assert!(matches!(
        visit.remove_folder(&path("inbox/sub")),
        Err(AreaError::NotEmpty)
    ));
    visit.rename(&path("inbox/sub"), &path("inbox/other")).unwrap();
    let id = bench.id("inbox/other/x.csv");
    assert_eq!(bench.area.find(id).unwrap().path, path("inbox/other/x.csv"));
    for fixed in ["inbox", "inbox/documents", "outbox/reports"] {
        assert!(
            matches!(visit.remove_folder(&path(fixed)), Err(AreaError::Denied(_))),
            "{fixed}"
        );
        assert!(
            matches!(visit.rename(&path(fixed), &path("inbox/z")), Err(AreaError::Denied(_))),
            "{fixed}"
        );
    }
    std::fs::write(bench.disk("outbox/reports/r.csv"), "r").unwrap();
    std::fs::write(bench.disk("outbox/reports/.dropcase-r.csv"), "r").unwrap();
    assert_eq!(bench.listed("outbox/reports"), [("r.csv".to_owned(), 1)]);
    assert!(matches!(
        visit.read(&path("outbox/reports/.dropcase-r.csv")),
        Err(AreaError::NotFound)
    ));
    visit.remove_file(&path("outbox/reports/r.csv")).unwrap();
    let event = bench.events.try_recv().unwrap();
    assert_eq!(
        event,
        Event::PickedUp {
            client: bench.area.key.clone(),
            path: path("outbox/reports/r.csv")
        }
    );
}

#[test]
fn what_moves_to_another_folder_is_another_delivery() {
    let bench = Bench::new();
    bench.put("inbox/documents/x.csv", "x");
    let waiting = bench.id("inbox/documents/x.csv");
    let rename = |from: &str, to: &str| bench.visit().rename(&path(from), &path(to)).unwrap();
    rename("inbox/documents/x.csv", "inbox/documents/y.csv");
    assert_eq!(bench.id("inbox/documents/y.csv"), waiting);
    rename("inbox/documents/y.csv", "inbox/y.csv");
    let moved = bench.id("inbox/y.csv");
    assert!(moved > waiting && !bench.area.waits(waiting));
    bench.visit().make_folder(&path("inbox/sub")).unwrap();
    rename("inbox/y.csv", "inbox/sub/y.csv");
    assert_eq!(bench.id("inbox/sub/y.csv"), moved);
    rename("inbox/sub", "validate/sub");
    assert!(bench.id("validate/sub/y.csv") > moved && !bench.area.waits(moved));
    assert_eq!(bench.uploads(".json"), 1);
    rename("validate/sub/y.csv", "validate/sub/y.csv.tmp");
    assert!(!bench.area.waits(bench.id("validate/sub/y.csv.tmp")));
}

#[test]
fn a_claim_is_found_under_an_older_name() {
    let bench = Bench::new();
    bench.put("inbox/x.csv", "x");
    let id = bench.id("inbox/x.csv");
    let taken = bench.take("inbox/x.csv", "d1").unwrap();
    assert_eq!(bench.area.take(id, &path("inbox/y.csv"), "d1", false).unwrap(), taken);
    // Nothing was taken for this one, and nothing is left behind by asking.
    let missing = bench.area.take(id, &path("inbox/x.csv"), "d2", false).unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
    assert!(!bench.home.path().join("work/muster/d2").exists());
}
