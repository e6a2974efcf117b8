-- What other software reads: views whose names and columns stay. docs/schema.md describes them column by column; a
-- test holds the two against each other. A later version may add columns at the end; anything else is a new number.
-- The same text on both databases. None of them can be written through.

-- Minor units in a unit of the currencies that have another number than a hundred (ISO 4217).
create view v1_currency_units (currency, minor_per_unit) as
values ('BIF', 1), ('CLP', 1), ('DJF', 1), ('GNF', 1), ('ISK', 1), ('JPY', 1), ('KMF', 1), ('KRW', 1), ('PYG', 1),
    ('RWF', 1), ('UGX', 1), ('VND', 1), ('VUV', 1), ('XAF', 1), ('XOF', 1), ('XPF', 1),
    ('BHD', 1000), ('IQD', 1000), ('JOD', 1000), ('KWD', 1000), ('LYD', 1000), ('OMR', 1000), ('TND', 1000);

create view v1_clients as
with listed as (select * from clients)
select key as client, name, created_at, removed_at
from listed;

create view v1_debtors as
select d.id as debtor_id, k.key as client, r.code as creditor, d.number as debtor_number, d.kind, d.acts_as,
    d.salutation, d.title, d.first_name, d.last_name, d.company_name, d.legal_form, d.company_reg_no,
    d.representative, d.contact_person, d.birth_date, d.street, d.house_number, d.address_extra, d.postal_code,
    d.city, d.country, d.address_source, t.at as created_at
from debtors d
join acts t on t.id = d.act_id
join creditors r on r.id = d.creditor_id
join clients k on k.id = d.client_id;

create view v1_debtor_contacts as
select c.debtor_id, k.key as client, c.kind, c.value
from debtor_contacts c
join debtors d on d.id = c.debtor_id
join clients k on k.id = d.client_id;

create view v1_debtor_accounts as
select a.debtor_id, k.key as client, a.iban, a.bic, a.holder
from debtor_accounts a
join debtors d on d.id = a.debtor_id
join clients k on k.id = d.client_id;

create view v1_cases as
select c.number as case_number, k.key as client, r.code as creditor, c.debtor_id, d.number as debtor_number,
    coalesce(d.company_name, trim(coalesce(d.first_name, '') || ' ' || coalesce(d.last_name, ''))) as debtor_name,
    c.stage, c.processing, c.payment, c.handler, t.at as opened_at, c.closed_at, c.closing_reason,
    (select count(*) from claims m where m.case_id = c.id) as claims,
    cast(coalesce((select sum(b.amount) from bookings b where b.case_id = c.id and b.kind = 'principal'), 0) as bigint)
        as principal_minor,
    cast(coalesce((select sum(b.amount) from bookings b
        where b.case_id = c.id and b.kind in ('dunning_costs', 'other_costs')), 0) as bigint) as costs_minor,
    cast(coalesce((select sum(b.amount) from bookings b where b.case_id = c.id and b.kind = 'payment'), 0) as bigint)
        as payments_minor,
    cast(coalesce((select sum(b.amount) from bookings b where b.case_id = c.id), 0) as bigint) as balance_minor,
    c.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit
from cases c
join acts t on t.id = c.act_id
join debtors d on d.id = c.debtor_id
join creditors r on r.id = c.creditor_id
join clients k on k.id = c.client_id
left join v1_currency_units g on g.currency = c.currency;

create view v1_claims as
select m.id as claim_id, c.number as case_number, k.key as client, r.code as creditor, m.debtor_number, m.reference,
    m.invoice_number, m.contract_number, m.invoice_date, m.due_date, m.reminder_date, m.default_date,
    m.contract_date, m.original_amount as original_minor, m.principal_amount as principal_minor, m.currency,
    coalesce(g.minor_per_unit, 100) as minor_per_unit, m.interest_rate as interest_rate_e4, m.interest_reason, m.claim_reason,
    m.claim_type_code, m.original_creditor, m.title_kind, m.title_date, m.title_court, m.title_reference,
    m.joint_debtor_of, m.disputed, m.memo, m.extra, v.code as delivery, m.part, m.sequence, t.at as created_at
from claims m
join acts t on t.id = m.act_id
join cases c on c.id = m.case_id
join creditors r on r.id = m.creditor_id
join clients k on k.id = c.client_id
join deliveries v on v.id = t.delivery_id
left join v1_currency_units g on g.currency = m.currency;

create view v1_bookings as
select b.id as booking_id, c.number as case_number, k.key as client, b.claim_id, b.kind, b.amount as amount_minor,
    b.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit, b.value_date, t.at as booked_at, b.reversal_of, v.code as delivery
from bookings b
join acts t on t.id = b.act_id
join cases c on c.id = b.case_id
join clients k on k.id = c.client_id
left join deliveries v on v.id = t.delivery_id
left join v1_currency_units g on g.currency = b.currency;

create view v1_history as
select c.number as case_number, k.key as client, t.at, e.kind, e.visibility, e.args, v.code as delivery,
    a.kind as actor_kind, a.name as actor
from (
    select id as case_id, act_id, 'opened' as kind, 'client' as visibility, cast(null as text) as args from cases
    union all
    select case_id, act_id, 'claim_added', 'client', '{"claim_id":' || id || '}' from claims
    union all
    select case_id, act_id, kind, visibility, args from history
) e
join acts t on t.id = e.act_id
join cases c on c.id = e.case_id
join clients k on k.id = c.client_id
join actors a on a.id = t.actor_id
left join deliveries v on v.id = t.delivery_id;

create view v1_deliveries as
select v.code as delivery, k.key as client, a.kind as actor_kind, a.name as actor, v.mode, v.name, v.path,
    v.protocol, v.size as size_bytes, v.sha256, v.arrived_at, v.state, v.status, v.attempts, v.submitted, v.accepted,
    v.rejected, v.duplicate, v.withheld, f.code as duplicate_of, v.started_at, v.finished_at
from deliveries v
join clients k on k.id = v.client_id
join actors a on a.id = v.actor_id
left join deliveries f on f.id = v.duplicate_of;

create view v1_results as
select v.code as delivery, k.key as client, s.part, s.sequence, p.member, p.sheet, s.source_row, s.record_type,
    s.outcome, s.claim_id, s.case_number, s.debtor_number, s.reference, s.amount as amount_minor, s.currency,
    case when s.currency is not null then coalesce(g.minor_per_unit, 100) end as minor_per_unit
from results s
join deliveries v on v.id = s.delivery_id
join clients k on k.id = v.client_id
left join delivery_parts p on p.delivery_id = s.delivery_id and p.part = s.part
left join v1_currency_units g on g.currency = s.currency;

create view v1_findings as
select f.id as finding_id, v.code as delivery, k.key as client, f.part, f.sequence, f.source_row, f.source_column,
    f.header, f.field, f.code, f.severity, f.value, f.args
from findings f
join deliveries v on v.id = f.delivery_id
join clients k on k.id = v.client_id;
