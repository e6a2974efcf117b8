//! What waits.

use super::seed;
use crate::on_both;
use crate::queries::Backlog;

on_both! {
    async fn nothing_waits(db: TestDb) {
        let now = "2026-11-24T12:00:00Z".parse().expect("a time");
        assert_eq!(db.store.backlog(now).await.expect("the backlog"), Backlog::default());
    }

    async fn what_waits_runs_and_was_given_up(db: TestDb) {
        seed::cases(&db.store).await;
        for (id, state, arrived, attempts, lease) in [
            (11, "claimed", "10:00", 1, "null"),
            (12, "claimed", "10:01", 0, "null"),
            // The node that had it died.
            (13, "claimed", "10:02", 1, "'2026-11-24T11:59:59+00:00'"),
            (14, "claimed", "09:00", 1, "'2026-11-24T12:00:01+00:00'"),
            (15, "quarantined", "08:00", 3, "null"),
            (16, "waiting", "07:00", 0, "null"),
        ] {
            let statement = format!(
                "insert into deliveries (id, upload_id, code, client_id, actor_id, mode, name, path, protocol, size,
                    arrived_at, claimed_at, state, next_attempt_at, attempts, lease_until)
                values ({id}, '00000000-0000-0000-0000-0000000000{id}', 'code{id}', 1, 1, 'import', 'a', 'inbox/a',
                    'sftp', 1, '2026-11-24T{arrived}:00+00:00', '2026-11-24T11:00:00+00:00', '{state}',
                    '2026-11-24T11:00:00+00:00', {attempts}, {lease})"
            );
            seed::run(&db.store, &statement).await;
        }
        for (id, state, created) in [(1, "queued", "11:01"), (2, "staged", "11:00"), (3, "done", "10:00"), (4, "failed", "09:00")] {
            let statement = format!(
                "insert into outbox (id, client_id, kind, format, params, state, next_attempt_at, created_at)
                values ({id}, 1, 'mail', 'mail', '{{}}', '{state}', '2026-11-24T11:00:00+00:00',
                    '2026-11-24T{created}:00+00:00')"
            );
            seed::run(&db.store, &statement).await;
        }
        let time = |text: &str| Some(format!("2026-11-24T{text}:00Z").parse().expect("a time"));
        let expected = Backlog {
            deliveries_waiting: 3,
            oldest_delivery: time("10:00"),
            deliveries_running: 1,
            deliveries_failing: 2,
            deliveries_set_aside: 1,
            deliveries_quarantined: 1,
            outbox_waiting: 2,
            oldest_outgoing: time("11:00"),
            outbox_failed: 1,
        };
        let now = "2026-11-24T12:00:00Z".parse().expect("a time");
        assert_eq!(db.store.backlog(now).await.expect("the backlog"), expected);
    }
}
