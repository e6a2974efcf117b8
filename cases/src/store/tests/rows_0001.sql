-- A row of each important table at version 1, the same text on both databases: what a migration must carry over.
insert into clients (id, key, name, created_at) values (1, 'muster', 'Muster GmbH', '2026-03-01T00:00:00+00:00');
insert into creditors (id, client_id, code, name) values (1, 1, '', 'Muster GmbH');
insert into actors (id, kind, client_id, name) values (1, 'user', 1, 'muster');
insert into acts (id, at, actor_id) values (1, '2026-03-01T00:00:00+00:00', 1);
insert into debtors (id, client_id, creditor_id, number, kind, acts_as, last_name, name_key, act_id)
    values (1, 1, 1, '10001', 'person', 'unknown', 'Mustermann', 'mustermann', 1);
insert into debtor_contacts (debtor_id, kind, value) values (1, 'email', 'erika@example.org');
insert into debtor_accounts (debtor_id, iban) values (1, 'DE02120300000000202051');
insert into cases (id, number, client_id, creditor_id, debtor_id, currency, stage, processing, payment, act_id)
    values (1, '10000007', 1, 1, 1, 'EUR', 'extrajudicial', 'in_progress', 'unpaid', 1);
insert into claims (id, case_id, creditor_id, debtor_number, reference, invoice_number, principal_amount, currency,
    act_id, part, sequence)
    values (1, 1, 1, '10001', 'R1', 'R1', 10000, 'EUR', 1, 0, 1);
insert into bookings (id, case_id, claim_id, kind, amount, currency, value_date, act_id)
    values (1, 1, 1, 'principal', 10000, 'EUR', '2026-01-15', 1);
insert into history (id, case_id, kind, visibility, act_id)
    values (1, 1, 'note', 'client', 1);
insert into results (delivery_id, part, sequence, source_row, record_type, outcome, claim_id, case_number)
    values (1, 0, 1, 2, 'new_claim', 'accepted', 1, '10000007');
insert into findings (id, delivery_id, code, severity) values (1, 1, 'HEADER_ONLY', 'info');
insert into outbox (id, client_id, kind, format, params, state, next_attempt_at, created_at)
    values (1, 1, 'report', 'csv', '{}', 'queued', '2026-03-01T00:00:00+00:00', '2026-03-01T00:00:00+00:00');
insert into audit (id, at, actor_id, action, subject, subject_id)
    values (1, '2026-03-01T00:00:00+00:00', 1, 'client_added', 'client', 1);
