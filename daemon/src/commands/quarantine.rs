//! `delivery release` and `delivery drop`: what becomes of an original in quarantine.

use dropcase_cases::model::DeliveryState;
use serde_json::Value;

use super::{answer, deliveries};
use crate::app::App;
use crate::control::{Actor, Failure};
use crate::quarantine::{self, End};

/// Ends the quarantine of the delivery `code`.
pub(super) async fn end(app: &App, actor: &Actor, code: &str, end: End) -> Result<Value, Failure> {
    let detail = app.store.delivery_by_code(code).await?;
    let delivery = detail
        .ok_or_else(|| Failure::not_found(format!("there is no delivery {code}")))?
        .delivery;
    let refused = || Failure::refused(format!("the delivery {code} is not in quarantine"));
    if delivery.state != DeliveryState::Quarantined {
        return Err(refused());
    }
    let operator = app.operator(actor).await?;
    if !quarantine::end(app, &delivery, end, operator).await? {
        return Err(refused());
    }
    tracing::info!(code, ?end, by = actor.name, "quarantine ended");
    answer(&deliveries::shown(app, code).await?)
}
