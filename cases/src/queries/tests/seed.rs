//! Rows for the tests of the queries, the same on both databases.

use sqlx::AssertSqlSafe;

use crate::store::{Db, Store};

/// Runs statements in one transaction.
pub(super) async fn run(store: &Store, statements: &str) {
    try_run(store, &format!("begin; {statements}; commit;"))
        .await
        .expect("the statements run");
}

/// Runs statements as they are.
pub(super) async fn try_run(store: &Store, statements: &str) -> Result<(), sqlx::Error> {
    let statements = sqlx::raw_sql(AssertSqlSafe(statements.to_owned()));
    match store.db() {
        Db::Sqlite(pool) => statements.execute(pool).await.map(drop),
        Db::Postgres(pool) => statements.execute(pool).await.map(drop),
    }
}

/// Two clients with a debtor number in common, four cases, one of them closed.
///
/// | case | client | debtor | open | principal | costs | payments |
/// |---|---|---|---|---|---|---|
/// | 10000017 | demo | Erika Mustermann | yes | 100.00 + 50.00 EUR | 5.00 | −30.00 |
/// | 10000025 | demo | Müller & Söhne GmbH | yes | 1000.00 EUR | | |
/// | 10000033 | demo | Müller & Söhne GmbH | closed | 70.00 DKK | | −70.00 |
/// | 10000041 | other | Max Mustermann | yes | 9.99 EUR | | |
pub(super) async fn cases(store: &Store) {
    run(
        store,
        "insert into clients (id, key, name, created_at) values
            (1, 'demo', 'Muster GmbH', '2026-01-01T00:00:00+00:00'),
            (2, 'other', 'Beispiel AG', '2026-01-01T00:00:00+00:00');
        insert into creditors (id, client_id, code, name) values (1, 1, '', 'Muster GmbH'), (2, 2, 'A', 'Beispiel AG');
        insert into actors (id, kind, client_id, name) values (1, 'user', 1, 'demo'), (2, 'service', null, 'service');
        insert into deliveries (id, upload_id, code, client_id, actor_id, mode, name, path, protocol, size, arrived_at,
                claimed_at, state, status, next_attempt_at, submitted, accepted) values
            (1, '00000000-0000-0000-0000-000000000001', 'first', 1, 1, 'import', 'list.csv', 'inbox/list.csv', 'sftp',
                100, '2026-11-01T08:00:00+00:00', '2026-11-01T08:00:01+00:00', 'archived', 'ACCP',
                '2026-11-01T08:00:01+00:00', 5, 5);
        insert into acts (id, at, actor_id, delivery_id) values
            (1, '2026-11-01T08:00:02+00:00', 1, 1), (2, '2026-11-02T08:00:00+00:00', 1, 1),
            (3, '2026-11-03T08:00:00+00:00', 1, 1), (4, '2026-11-04T08:00:00+00:00', 1, 1),
            (5, '2026-11-05T08:00:00+00:00', 2, null), (6, '2026-11-09T08:00:00+00:00', 2, null);
        insert into debtors (id, client_id, creditor_id, number, kind, acts_as, first_name, last_name, company_name,
                country, name_key, act_id) values
            (1, 1, 1, '10001', 'person', 'consumer', 'Erika', 'Mustermann', null, 'DE', 'erika mustermann', 1),
            (2, 1, 1, '10002', 'company', 'business', null, null, 'Müller & Söhne GmbH', 'DE',
                'mueller & soehne gmbh', 1),
            (3, 2, 2, '10001', 'person', 'consumer', 'Max', 'Mustermann', null, 'DE', 'max mustermann', 1);
        insert into debtor_contacts (debtor_id, kind, value) values
            (1, 'phone', '0351 1234567'), (1, 'email', 'erika@example.org');
        insert into debtor_accounts (debtor_id, iban, bic, holder) values
            (1, 'DE89370400440532013000', null, null);
        insert into cases (id, number, client_id, creditor_id, debtor_id, currency, stage, processing, payment,
                act_id, closed_at, closing_reason) values
            (1, '10000017', 1, 1, 1, 'EUR', 'extrajudicial', 'in_progress', 'partially_paid',
                1, null, null),
            (2, '10000025', 1, 1, 2, 'EUR', 'extrajudicial', 'in_progress', 'unpaid',
                2, null, null),
            (3, '10000033', 1, 1, 2, 'DKK', 'ended', 'ended', 'fully_paid',
                3, '2026-11-10T08:00:00+00:00', 'FULL_PAYMENT'),
            (4, '10000041', 2, 2, 3, 'EUR', 'extrajudicial', 'in_progress', 'unpaid',
                4, null, null);
        insert into claims (id, case_id, creditor_id, debtor_number, reference, invoice_number, invoice_date,
                principal_amount, currency, act_id, part, sequence) values
            (1, 1, 1, '10001', 'R-1', 'R-1', '2026-05-01', 10000, 'EUR', 1, 0, 1),
            (2, 1, 1, '10001', 'R-2', 'R-2', '2026-06-01', 5000, 'EUR', 1, 0, 2),
            (3, 2, 1, '10002', 'R-3', 'R-3', '2026-06-01', 100000, 'EUR', 2, 0, 3),
            (4, 3, 1, '10002', 'R-4', 'R-4', '2026-06-01', 7000, 'DKK', 3, 0, 4),
            (5, 4, 2, '10001', 'R-1', 'R-1', '2026-06-01', 999, 'EUR', 4, 0, 5);
        insert into bookings (id, case_id, claim_id, kind, amount, currency, value_date, reversal_of,
                act_id, part, sequence) values
            (1, 1, 1, 'principal', 10000, 'EUR', '2026-05-01', null, 1, 0, 1),
            (2, 1, 1, 'dunning_costs', 500, 'EUR', '2026-05-01', null, 1, 0, 1),
            (3, 1, 2, 'principal', 5000, 'EUR', '2026-06-01', null, 1, 0, 2),
            (4, 1, null, 'payment', -3000, 'EUR', '2026-11-05', null, 5, null, null),
            (5, 2, 3, 'principal', 100000, 'EUR', '2026-06-01', null, 2, 0, 3),
            (6, 3, 4, 'principal', 7000, 'DKK', '2026-06-01', null, 3, 0, 4),
            (7, 3, null, 'payment', -7000, 'DKK', '2026-11-09', null, 6, null, null),
            (8, 4, 5, 'principal', 999, 'EUR', '2026-06-01', null, 4, 0, 5);
        insert into history (id, case_id, kind, visibility, args, act_id) values
            (1, 1, 'note', 'internal', null, 5);",
    )
    .await;
}
