//! What a crash leaves at each point of an upload's and a claim's way.

use super::super::sidecar::{Sidecar, Stage};
use super::*;

#[test]
fn a_partial_is_there_after_a_restart_and_goes_in_time() {
    let bench = Bench::with_limits(|limits| limits.max_file_bytes = 1 << 30);
    let mut upload = bench.start("inbox/x.csv", NEW);
    upload.write_at(0, &vec![b'x'; 1 << 20]).unwrap();
    let mut small = bench.start("inbox/small.csv", NEW);
    small.write_at(0, b"half").unwrap();
    // Neither closed nor dropped: the process is gone.
    std::mem::forget((upload, small));
    let bench = bench.restart();
    assert_eq!(bench.listed("inbox"), [("x.csv".to_owned(), 1 << 20)]);
    let mut upload = bench.start("inbox/x.csv", RESUME);
    upload.write_at(5, b"!").unwrap();
    drop(upload);
    bench.pass(3601);
    bench.area.tidy().unwrap();
    assert_eq!((bench.listed("inbox").len(), bench.uploads("")), (0, 0));
}

#[test]
fn a_waiting_file_keeps_its_id() {
    for bench in Bench::both() {
        bench.put("inbox/x.csv", "x");
        let id = bench.id("inbox/x.csv");
        let bench = bench.restart();
        assert_eq!(bench.id("inbox/x.csv"), id);
        assert_eq!(bench.area.find(id).unwrap().file.origin.user.as_deref(), Some("muster"));
        assert!(bench.area.scan().unwrap().is_empty());
    }
}

#[test]
fn a_publication_is_finished_when_its_sidecar_was_written() {
    for bench in Bench::both() {
        bench.put("inbox/x.csv", "x");
        let id = bench.id("inbox/x.csv");
        // Undo the rename, as if the power had gone just before it.
        let part = Uuid::now_v7();
        std::fs::rename(
            bench.disk("inbox/x.csv"),
            bench.area.uploads_dir.join(format!("{part}.part")),
        )
        .unwrap();
        let bench = bench.restart();
        assert_eq!(bench.text("inbox/x.csv").as_deref(), Some("x"));
        assert_eq!((bench.id("inbox/x.csv"), bench.uploads(".part")), (id, 0));
    }
}

#[test]
fn a_publication_whose_sidecar_was_torn_keeps_its_sender() {
    let [_, bench] = Bench::both();
    bench.put("inbox/x.csv", "x");
    let sidecar = bench.area.uploads_dir.join(Sidecar::file_name(bench.id("inbox/x.csv")));
    std::fs::write(sidecar, "").unwrap();
    let origin = Origin {
        user: Some("zweite".into()),
        protocol: Protocol::Sftp,
        remote: None,
    };
    let partial = Sidecar::partial(Uuid::now_v7(), &origin, &path("inbox/x.csv"), bench.area.now());
    partial.write_synced(&bench.area.uploads_dir).unwrap();
    let bench = bench.restart();
    let file = bench.area.find(bench.id("inbox/x.csv")).unwrap().file;
    assert_eq!((file.origin, bench.uploads("")), (origin, 1));
}

#[test]
fn a_claim_is_finished_when_the_file_was_moved() {
    for bench in Bench::both() {
        bench.put("inbox/x.csv", "x");
        let id = bench.id("inbox/x.csv");
        let work = bench.home.path().join("work/muster/d1");
        std::fs::create_dir_all(&work).unwrap();
        std::fs::rename(bench.disk("inbox/x.csv"), work.join("x.csv")).unwrap();
        let bench = bench.restart();
        assert!(bench.area.find(id).is_none());
        assert_eq!(
            bench.area.take(id, &path("inbox/x.csv"), "d1", false).unwrap(),
            work.join("x.csv")
        );
        assert_eq!(bench.visit().attributes(&path("inbox/x.csv")).unwrap().size, 1);
    }
}

#[test]
fn a_rename_is_known_by_the_inode() {
    for bench in Bench::both() {
        bench.put("inbox/x.csv", "x");
        let id = bench.id("inbox/x.csv");
        std::fs::rename(bench.disk("inbox/x.csv"), bench.disk("inbox/y.csv")).unwrap();
        let bench = bench.restart();
        assert_eq!(bench.id("inbox/y.csv"), id);
        assert!(bench.area.id_at(&path("inbox/x.csv")).is_none());
    }
}

#[test]
fn leftovers_are_cleared() {
    let bench = Bench::new();
    let uploads = bench.area.uploads_dir.clone();
    std::fs::write(uploads.join(format!("{}.part", Uuid::now_v7())), "no sidecar").unwrap();
    std::fs::write(uploads.join(format!("{}.json", Uuid::now_v7())), "{\"torn\":").unwrap();
    std::fs::write(uploads.join(format!("{}.json.new", Uuid::now_v7())), "{}").unwrap();
    let gone = Sidecar {
        id: Uuid::now_v7(),
        stage: Stage::Published,
        origin: Origin {
            user: None,
            protocol: Protocol::Sftp,
            remote: None,
        },
        target: path("inbox/gone.csv"),
        at: bench.area.now(),
        size: 1,
        inode: u64::MAX,
        renamed: false,
    };
    gone.write_synced(&uploads).unwrap();
    let part = Sidecar {
        id: Uuid::now_v7(),
        stage: Stage::Partial,
        ..gone
    };
    part.write_synced(&uploads).unwrap();
    assert_eq!(bench.restart().uploads(""), 0);
}

/// Whether the file system of the tests keeps attributes; where it does, uploads have one.
fn has_attributes(bench: &Bench) -> bool {
    let probe = std::fs::File::create(bench.home.path().join("probe")).unwrap();
    let kept = rustix::fs::fsetxattr(&probe, "user.probe", b"x", rustix::fs::XattrFlags::empty()).is_ok();
    bench.put("inbox/probe.csv", "");
    assert_eq!(attribute::read_at(&bench.disk("inbox/probe.csv")).is_some(), kept);
    bench.visit().remove_file(&path("inbox/probe.csv")).unwrap();
    kept
}

#[test]
fn bytes_whose_end_never_came_are_not_published_by_an_old_attribute() {
    let bench = Bench::new();
    if !has_attributes(&bench) {
        return;
    }
    bench.put("inbox/x.csv", "whole");
    // Continued: from now on it is a partial, of any size.
    let upload = bench.start("inbox/x.csv", RESUME);
    std::mem::forget(upload);
    let bench = bench.restart();
    assert!(bench.area.id_at(&path("inbox/x.csv")).is_none());
    assert_eq!((bench.text("inbox/x.csv"), bench.listed("inbox").len()), (None, 1));
}

#[test]
fn a_sidecar_beside_the_file_goes_before_its_attribute() {
    let bench = Bench::new();
    if !has_attributes(&bench) {
        return;
    }
    bench.put("inbox/x.csv.tmp", "x");
    let uploaded = bench.id("inbox/x.csv.tmp");
    bench
        .visit()
        .rename(&path("inbox/x.csv.tmp"), &path("inbox/x.csv"))
        .unwrap();
    let published = bench.id("inbox/x.csv");
    let bench = bench.restart();
    assert_eq!(bench.id("inbox/x.csv"), published);
    assert!(published > uploaded && bench.area.find(published).unwrap().file.renamed);
}

#[test]
fn what_comes_back_from_the_archive_is_another_upload() {
    let bench = Bench::new();
    bench.put("inbox/x.csv", "x");
    let id = bench.id("inbox/x.csv");
    let taken = bench.take("inbox/x.csv", "d1").unwrap();
    assert_eq!(attribute::read_at(&taken), None);
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    bench.area.archive(&taken, day, b"x.csv").unwrap();
    std::fs::rename(bench.disk("archive/2026-11-24/x.csv"), bench.disk("inbox/x.csv")).unwrap();
    bench.pass(61);
    let bench = bench.restart();
    assert!(bench.area.find(id).is_none());
    // It is one of those that others put there.
    let (found, quiet) = bench.area.scan().unwrap().remove(0);
    assert_ne!(bench.area.adopt(&found, &quiet).unwrap(), Some(id));
}

#[test]
fn a_renamed_folder_is_known_after_a_restart() {
    for bench in Bench::both() {
        bench.visit().make_folder(&path("inbox/a")).unwrap();
        let names: Vec<String> = (0..20).map(|number| format!("{number}.csv")).collect();
        for name in &names {
            bench.put(&format!("inbox/a/{name}"), name);
        }
        let ids = |bench: &Bench, folder: &str| -> Vec<Uuid> {
            names.iter().map(|name| bench.id(&format!("{folder}/{name}"))).collect()
        };
        let first = ids(&bench, "inbox/a");
        bench.visit().rename(&path("inbox/a"), &path("inbox/b")).unwrap();
        let bench = bench.restart();
        assert_eq!(ids(&bench, "inbox/b"), first);
        // Under the other folder they are other deliveries, also after a restart.
        bench.visit().rename(&path("inbox/b"), &path("validate/b")).unwrap();
        let second = ids(&bench, "validate/b");
        let bench = bench.restart();
        assert_eq!(ids(&bench, "validate/b"), second);
        assert!(second.iter().all(|id| !first.contains(id)));
        assert_eq!(bench.uploads(".json"), names.len());
    }
}
