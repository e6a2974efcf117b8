//! `status_change`: the case goes to another stage. Which steps there are is a table.

use super::super::matter::{Done, Matter};
use super::Kind;
use crate::model::Stage;
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "status_change",
    for_clients: false,
    apply,
    ..Kind::USUAL
};

/// The stages that may follow one. A case ends by `close` or `recall`, which say why; enforcement needs a title, which a
/// court gives or the claim brings.
const fn next(stage: Stage) -> &'static [Stage] {
    use Stage::{Enforcement, Extrajudicial, Insolvency, JudicialDunning, Litigation, LongTermMonitoring};
    match stage {
        Stage::Extrajudicial => &[JudicialDunning, Litigation, Enforcement, Insolvency, LongTermMonitoring],
        Stage::JudicialDunning => &[Extrajudicial, Litigation, Enforcement, Insolvency, LongTermMonitoring],
        Stage::Litigation => &[Extrajudicial, Enforcement, Insolvency, LongTermMonitoring],
        Stage::Enforcement => &[Insolvency, LongTermMonitoring],
        Stage::Insolvency => &[Enforcement, LongTermMonitoring],
        Stage::LongTermMonitoring => &[Extrajudicial, JudicialDunning, Litigation, Enforcement, Insolvency],
        Stage::Ended => &[],
    }
}

fn apply(matter: &mut Matter<'_>) -> Done {
    let named = matter
        .text(Field::Stage)
        .ok_or_else(|| Finding::new(Code::Required).field(Field::Stage))?;
    let Ok(stage) = named.parse::<Stage>() else {
        return Err(Finding::new(Code::ValueNotAllowed)
            .field(Field::Stage)
            .value(named)
            .into());
    };
    let from = matter.file.case.stage;
    let titled = matter.file.claims.iter().any(|claim| claim.title_kind.is_some());
    let needs_title = from == Stage::Extrajudicial && stage == Stage::Enforcement;
    if !next(from).contains(&stage) || (needs_title && !titled) {
        let finding = Finding::new(Code::StepNotAllowed).field(Field::Stage).value(named);
        return Err(finding.arg("from", from.as_str()).into());
    }
    let mut note = matter.reason();
    note["from"] = from.as_str().into();
    note["to"] = stage.as_str().into();
    matter.file.set_stage(stage);
    matter.note("stage", note);
    Ok(())
}
