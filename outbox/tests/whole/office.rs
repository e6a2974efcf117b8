//! What the back office does in a test's home.

use dropcase_cases::account::Sources;
use dropcase_cases::desk::{Ordered, Ordering, Rules, Side, order, plain_terms};
use dropcase_cases::model::ActorKind;
use dropcase_cases::papers::{Paper, Papers, StoredPaper, With};
use dropcase_parsers::fields::Field;
use dropcase_parsers::record::{Cells, Position, Record, Value};

use crate::house::{House, KEY};

impl House {
    /// Carries out a record of the back office.
    pub(crate) async fn office(&self, kind: &str, fields: &[(Field, Value)]) -> Ordered {
        self.office_with(kind, fields, Vec::new()).await
    }

    /// Carries out a record of the back office that names these papers, by name and content.
    pub(crate) async fn office_with(
        &self,
        kind: &str,
        fields: &[(Field, Value)],
        papers: Vec<(&str, &[u8])>,
    ) -> Ordered {
        let position = Position {
            part: 0,
            sequence: 1,
            row: 1,
        };
        let mut record = Record::new(position, Cells::from_iter([kind]));
        record.set(Field::RecordType, Value::Text(kind.to_owned()));
        for (field, value) in fields {
            record.set(*field, value.clone());
        }
        if !papers.is_empty() {
            let names = papers.iter().map(|(name, _)| (*name).to_owned());
            record.set(Field::Attachment, Value::List(names.collect()));
        }
        let papers = papers
            .into_iter()
            .map(|(name, bytes)| self.paper(name, bytes))
            .collect();
        let papers = Papers::new(papers, With::Nothing);
        let client = self.store.client(KEY).await.expect("an answer").expect("the client");
        let sources = Sources::built_in();
        let actor = self.store.actor(ActorKind::Operator, None, "handler").await;
        let given = Ordering {
            actor: actor.expect("the actor"),
            today: self.now().date_naive(),
            now: self.now(),
            rules: Rules {
                side: Side::Office,
                terms: &plain_terms,
                sources: &sources,
            },
            papers: Some((&papers, client.id)),
            dry_run: false,
        };
        order(&self.store, &record, &given).await.expect("an answer")
    }

    /// A paper, put into the paper store.
    fn paper(&self, name: &str, bytes: &[u8]) -> Paper {
        // The store of the tests looks its papers up by any name.
        let sha256: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = self.home.path().join("papers").join(KEY);
        std::fs::create_dir_all(&folder).expect("the paper store");
        std::fs::write(folder.join(&sha256), bytes).expect("a paper");
        Paper {
            name: name.to_owned(),
            stored: Ok(StoredPaper {
                sha256,
                content_type: "application/pdf",
                size: bytes.len() as u64,
            }),
        }
    }
}
