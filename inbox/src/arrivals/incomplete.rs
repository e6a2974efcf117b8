//! Files that lie there and are not complete by their client's rule: most often a client that does not know the rule.

use chrono::{DateTime, Utc};

use super::{Decision, Rules, decide};
use crate::area::Area;

/// How many files have waited since before `since` for a rename or a marker. Markers themselves do not count.
pub(crate) fn incomplete(area: &Area, rules: &Rules, since: DateTime<Utc>) -> usize {
    let waits = |client: &crate::area::ClientArea, id| {
        let Some((waiting, rule)) = client.find(id).zip(rules.get(&client.key)) else {
            return false;
        };
        let decision = decide(*rule, &waiting, since);
        waiting.file.at < since
            && waiting.path.marked().is_none()
            && matches!(decision, Decision::Wait | Decision::WaitRenamed)
    };
    area.all()
        .iter()
        .map(|client| client.waiting_ids().into_iter().filter(|id| waits(client, *id)).count())
        .sum()
}
