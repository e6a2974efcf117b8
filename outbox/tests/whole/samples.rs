//! The samples that are shipped: every record of every list is taken over, in the order of their README.

use dropcase_cases::model::{Mode, Status};

use crate::house::{House, PLAIN, TEN};

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

/// The examples of docs/clients.md, in the order of their table: a header and a line each.
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_documentation_are_taken_over() {
    const GUIDE: &str = include_str!("../../../docs/clients.md");
    let house = House::new("en", PLAIN).await;
    house.drop("list.csv", TEN.as_bytes(), Mode::Import).await;
    let examples = GUIDE
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains("`<br>`"));
    let mut count = 0;
    for line in examples {
        let lines: Vec<&str> = line.rsplit(" | ").next().unwrap_or_default().split('`').collect();
        let list = format!("{}\n{}\n", lines[1], lines[3]);
        let delivery = house.drop("example.csv", list.as_bytes(), Mode::Import).await;
        let codes = house.codes(&delivery).await;
        assert_eq!(
            (delivery.status, delivery.accepted),
            (Some(Status::Accp), 1),
            "{list}{codes:?}"
        );
        count += 1;
    }
    assert_eq!(count, 15);
}
