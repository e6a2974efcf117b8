//! `dispute`: the debtor objects to a claim, or by naming none of them to all of the case.

use super::super::matter::{Done, Matter};
use super::{Closed, Kind};
use crate::model::ClaimId;

pub(super) static KIND: Kind = Kind {
    name: "dispute",
    closed: Closed::Told,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    let claim = matter.claim;
    let mut disputed: Vec<ClaimId> = Vec::new();
    for row in &mut matter.file.claims {
        if claim.is_none_or(|claim| claim == row.id) && !row.disputed {
            row.disputed = true;
            disputed.push(row.id);
        }
    }
    let mut note = matter.reason();
    if let Some(claim) = claim {
        note["claim_id"] = claim.0.into();
    }
    matter.file.changes.disputed.extend(disputed);
    matter.note("disputed", note);
    Ok(())
}
