//! The samples that are shipped: every record of every list is taken over, in the order of their README.

use dropcase_cases::model::{Mode, Status};

use crate::house::{House, PLAIN};

const README: &str = include_str!("../../../docs/samples/README.md");

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_is_taken_over() {
    let house = House::new("de", PLAIN).await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/samples");
    let listed: Vec<&str> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    for name in &listed {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let delivery = house.drop(name, &bytes, Mode::Import).await;
        let codes = house.codes(&delivery).await;
        assert_eq!(
            (delivery.status, delivery.rejected),
            (Some(Status::Accp), 0),
            "{name}: {codes:?}"
        );
        assert_eq!(delivery.accepted, delivery.submitted, "{name}");
        assert!(delivery.submitted > 0, "{name}");
    }
    let mut all: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".csv"))
        .collect();
    all.sort();
    let mut listed: Vec<String> = listed.into_iter().map(str::to_owned).collect();
    listed.sort();
    assert_eq!(listed, all);
    house.deliver().await;
    assert_eq!(house.files("outbox/reports").len(), 3);
}
