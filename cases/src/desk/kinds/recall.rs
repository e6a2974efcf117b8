//! `recall`: the client takes back a claim, or by naming none of them the whole case.

use super::super::matter::{Done, Matter};
use super::{Kind, Phase};
use crate::model::{BookingKind, ClaimId};
use dropcase_parsers::fields::Field;
use dropcase_parsers::finding::{Code, Finding};

pub(super) static KIND: Kind = Kind {
    name: "recall",
    phase: Phase::Ends,
    apply,
    ..Kind::USUAL
};

fn apply(matter: &mut Matter<'_>) -> Done {
    matter.past_date()?;
    let recalled = |claim: ClaimId, matter: &Matter<'_>| {
        let mut rows = matter.file.in_force();
        rows.any(|row| row.kind == BookingKind::Recall && row.claim_id == Some(claim))
    };
    let left: Vec<ClaimId> = matter
        .file
        .claims
        .iter()
        .map(|claim| claim.id)
        .filter(|claim| !recalled(*claim, matter))
        .collect();
    let taken: Vec<ClaimId> = match matter.claim {
        Some(claim) if !left.contains(&claim) => {
            return Err(Finding::new(Code::AlreadyRecalled).field(Field::InvoiceNumber).into());
        }
        Some(claim) => vec![claim],
        None => left.clone(),
    };
    let mut note = matter.reason();
    let claimed = matter.file.claimed();
    for claim in &taken {
        let mut booking = matter.booking(BookingKind::Recall, -claimed.get(claim).copied().unwrap_or_default());
        booking.claim = Some(*claim);
        booking.key = None;
        matter.book(booking, None);
    }
    if let ([only], Some(_)) = (taken.as_slice(), matter.claim) {
        note["claim_id"] = only.0.into();
    }
    let whole = taken.len() == left.len();
    matter.note(if whole { "recalled" } else { "claim_recalled" }, note);
    if whole {
        matter.file.close("RECALLED_BY_CLIENT");
    }
    Ok(())
}
