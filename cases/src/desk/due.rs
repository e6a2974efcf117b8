//! What falls due on a case without anybody's word: a pause ends, an instalment is missing, a plan is kept.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::load::load;
use super::write::write;
use crate::model::{ActorKind, CaseId, Processing, Visibility};
use crate::store::db::{Tx, on, queries};
use crate::store::{Store, StoreError, acts};

pub(crate) mod sql {
    use super::queries;
    queries! {
        PAUSED = both "select c.id from cases c join clients k on k.id = c.client_id \
            where k.key = $1 and c.paused_until < $2 and c.processing = 'paused' order by c.id limit $3";
        // What fell due before $2 and has not come in; a plan whose whole sum came in is kept. Payments count from the
        // day on which the plan was agreed.
        PLANS = both "select case_id, paid, due, total from ( \
                select p.case_id, \
                    (select cast(coalesce(sum(i.amount), 0) as bigint) from instalments i \
                        where i.plan_id = p.id and i.due_date < $2) as due, \
                    (select cast(coalesce(sum(i.amount), 0) as bigint) from instalments i where i.plan_id = p.id) as total, \
                    (select cast(coalesce(-sum(b.amount), 0) as bigint) from bookings b join acts a on a.id = b.act_id \
                        where b.case_id = p.case_id and b.kind in ('direct_payment', 'agency_payment') \
                        and a.at >= o.at) as paid \
                from payment_plans p join acts o on o.id = p.act_id join cases c on c.id = p.case_id \
                join clients k on k.id = c.client_id where p.state = 'running' and k.key = $1) s \
            where paid >= total or paid < due order by case_id limit $3";
    }
}

/// How long an instalment may be late, in days: transfers take a working day, holidays lie between.
const GRACE: Days = Days::new(7);

/// Cases of one transaction: others want to write in between.
const TOGETHER: i64 = 200;

impl Store {
    /// Lets the cases of a client go on whose pause has ended before `today`, and notes which payment plans are kept or
    /// broken; yields how many cases changed. Running it twice changes nothing more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn work_off_due(&self, client: &str, today: NaiveDate, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let mut changed = 0;
        loop {
            let (paused, plans) = due(self, client, today).await?;
            if paused.is_empty() && plans.is_empty() {
                return Ok(changed);
            }
            let actor = self.actor(ActorKind::Service, None, "dropcase").await?;
            let mut tx = self.db.begin().await?;
            let act = acts::add(&mut tx, actor, None, now).await?;
            changed += paused.len() + plans.len();
            work_off(&mut tx, (act, now), &paused, &plans).await?;
            tx.commit().await?;
        }
    }
}

/// A case with a plan: what came in, what fell due, the whole sum.
type Plan = (CaseId, i64, i64, i64);

async fn due(store: &Store, client: &str, today: NaiveDate) -> Result<(Vec<CaseId>, Vec<Plan>), StoreError> {
    let late = today.checked_sub_days(GRACE).unwrap_or(today);
    let paused: Vec<CaseId> = on!(&store.db, sql::PAUSED, |pool, text| sqlx::query_scalar(text)
        .bind(client)
        .bind(today)
        .bind(TOGETHER)
        .fetch_all(pool)
        .await)?;
    let plans: Vec<Plan> = on!(&store.db, sql::PLANS, |pool, text| sqlx::query_as(text)
        .bind(client)
        .bind(late)
        .bind(TOGETHER)
        .fetch_all(pool)
        .await)?;
    Ok((paused, plans))
}

async fn work_off(tx: &mut Tx, act: (i64, DateTime<Utc>), paused: &[CaseId], plans: &[Plan]) -> Result<(), StoreError> {
    let cases = paused.iter().copied().chain(plans.iter().map(|plan| plan.0)).collect();
    let mut files = load(tx, &cases).await?;
    for case in paused {
        // Somebody may have been faster.
        if let Some(file) = files
            .get_mut(case)
            .filter(|file| file.case.processing == Processing::Paused)
        {
            file.set_processing(Processing::InProgress, None);
            file.note("resumed", Visibility::Client, serde_json::json!({ "by": "date" }));
        }
    }
    for (case, paid, _, total) in plans {
        let Some(file) = files.get_mut(case).filter(|file| file.has_plan) else {
            continue;
        };
        let (state, note, visibility) = match paid >= total {
            true => ("kept", "payment_plan_kept", Visibility::Client),
            false => ("broken", "payment_plan_broken", Visibility::Internal),
        };
        file.has_plan = false;
        file.changes.plan_ended = Some(state);
        file.note(note, visibility, serde_json::json!({}));
    }
    write(tx, act, files.into_values().collect(), Vec::new()).await
}
