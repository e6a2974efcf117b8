-- The case desk: what clients and the agency do to a case besides handing claims over.

-- What a booking is called by whoever ordered it, and what it says besides its amount.
alter table bookings add column key text;           -- payment number, number of a credit note, reference of the bank
alter table bookings add column allocate_to text;   -- principal, interest, costs
alter table bookings add column args text;          -- JSON object: what else its kind needs

-- The keys by which an order is known: the same key is the same order.
create table booking_keys (
    scope       bigint not null,        -- the creditor whose key it is; 0: the agency's own
    kind        text not null,          -- payment, credit_note, cost, write_off
    key         text not null,
    case_id     bigint not null,
    booking_id  bigint not null,
    primary key (scope, kind, key)
) without rowid;

create index cases_closed on cases (debtor_id) where closed_at is not null;
alter table cases add column paused_until date;     -- null while paused: until somebody resumes it
create index cases_paused on cases (client_id, paused_until) where paused_until is not null;

-- Words between a client and its case handler.
create table messages (
    id              integer primary key,
    case_id         bigint not null references cases (id),
    kind            text not null check (kind in ('message', 'answer', 'reply', 'query')),
    text            text not null,
    reply_by_mail   boolean not null default false,
    answers         bigint references messages (id),
    act_id          bigint not null references acts (id)
);
create index messages_case on messages (case_id);
create index messages_answers on messages (answers) where answers is not null;

-- Payment by instalments: at most one plan of a case is in force.
create table payment_plans (
    id          integer primary key,
    case_id     bigint not null references cases (id),
    currency    text not null,
    state       text not null check (state in ('running', 'kept', 'broken', 'ended')),
    act_id      bigint not null references acts (id)
);
create unique index payment_plans_running on payment_plans (case_id) where state = 'running';

create table instalments (
    plan_id     bigint not null references payment_plans (id),
    number      bigint not null,
    due_date    date not null,
    amount      bigint not null,
    primary key (plan_id, number)
) without rowid;

-- What the agency paid on to a client for a case.
create table payouts (
    id          integer primary key,
    case_id     bigint not null references cases (id),
    amount      bigint not null,
    currency    text not null,
    value_date  date not null,
    key         text,
    act_id      bigint not null references acts (id)
);
create index payouts_case on payouts (case_id);

-- Where the sums of bookings went. Rows are only ever added: what changes an allocation is a row with the difference.
create table allocations (
    id          integer primary key,
    case_id     bigint not null references cases (id),
    booking_id  bigint not null,
    target      text not null,          -- principal, interest, agency_costs, client_costs, credit
    claim_id    bigint,
    amount      bigint not null,        -- signed
    act_id      bigint not null references acts (id)
);
create index allocations_case on allocations (case_id);

-- The views follow: new kinds of bookings, columns at the end, what happened at the desk.
drop view v1_cases;
create view v1_cases as
select c.number as case_number, k.key as client, r.code as creditor, c.debtor_id, d.number as debtor_number,
    coalesce(d.company_name, trim(coalesce(d.first_name, '') || ' ' || coalesce(d.last_name, ''))) as debtor_name,
    c.stage, c.processing, c.payment, c.handler, t.at as opened_at, c.closed_at, c.closing_reason,
    (select count(*) from claims m where m.case_id = c.id) as claims,
    cast(coalesce((select sum(b.amount) from bookings b where b.case_id = c.id and b.kind = 'principal'), 0) as bigint)
        as principal_minor,
    cast(coalesce((select sum(b.amount) from bookings b
        where b.case_id = c.id and b.kind in ('dunning_costs', 'other_costs', 'cost')), 0) as bigint) as costs_minor,
    cast(coalesce((select sum(b.amount) from bookings b
        where b.case_id = c.id and b.kind in ('payment', 'direct_payment', 'agency_payment')), 0) as bigint)
        as payments_minor,
    cast(coalesce((select sum(b.amount) from bookings b where b.case_id = c.id), 0) as bigint) as balance_minor,
    c.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit, c.paused_until
from cases c
join acts t on t.id = c.act_id
join debtors d on d.id = c.debtor_id
join creditors r on r.id = c.creditor_id
join clients k on k.id = c.client_id
left join v1_currency_units g on g.currency = c.currency;

drop view v1_bookings;
create view v1_bookings as
select b.id as booking_id, c.number as case_number, k.key as client, b.claim_id, b.kind, b.amount as amount_minor,
    b.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit, b.value_date, t.at as booked_at, b.reversal_of, v.code as delivery,
    b.key, b.allocate_to, b.args, a.kind as actor_kind, a.name as actor
from bookings b
join acts t on t.id = b.act_id
join actors a on a.id = t.actor_id
join cases c on c.id = b.case_id
join clients k on k.id = c.client_id
left join deliveries v on v.id = t.delivery_id
left join v1_currency_units g on g.currency = b.currency;

create view v1_messages as
select m.id as message_id, c.number as case_number, k.key as client, m.kind, m.text, m.reply_by_mail, m.answers,
    t.at, a.kind as actor_kind, a.name as actor, v.code as delivery,
    case when m.kind in ('message', 'query') and not exists (select 1 from messages n where n.answers = m.id)
        then 1 else 0 end as is_open
from messages m
join acts t on t.id = m.act_id
join actors a on a.id = t.actor_id
join cases c on c.id = m.case_id
join clients k on k.id = c.client_id
left join deliveries v on v.id = t.delivery_id;

create view v1_instalments as
select p.id as plan_id, c.number as case_number, k.key as client, p.state, i.number, i.due_date,
    i.amount as amount_minor, p.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit, t.at as agreed_at
from instalments i
join payment_plans p on p.id = i.plan_id
join acts t on t.id = p.act_id
join cases c on c.id = p.case_id
join clients k on k.id = c.client_id
left join v1_currency_units g on g.currency = p.currency;

create view v1_payouts as
select p.id as payout_id, c.number as case_number, k.key as client, p.amount as amount_minor, p.currency,
    coalesce(g.minor_per_unit, 100) as minor_per_unit, p.value_date, p.key, t.at as booked_at
from payouts p
join acts t on t.id = p.act_id
join cases c on c.id = p.case_id
join clients k on k.id = c.client_id
left join v1_currency_units g on g.currency = p.currency;

drop view v1_history;
create view v1_history as
select c.number as case_number, k.key as client, t.at, e.kind, e.visibility, e.args, v.code as delivery,
    a.kind as actor_kind, a.name as actor
from (
    select id as case_id, act_id, 'opened' as kind, 'client' as visibility, cast(null as text) as args from cases
    union all
    select case_id, act_id, 'claim_added', 'client', '{"claim_id":' || id || '}' from claims
    union all
    select case_id, act_id, kind, 'client', '{"message_id":' || id || '}' from messages
    union all
    select case_id, act_id, kind, visibility, args from history
) e
join acts t on t.id = e.act_id
join cases c on c.id = e.case_id
join clients k on k.id = c.client_id
join actors a on a.id = t.actor_id
left join deliveries v on v.id = t.delivery_id;

create view v1_allocations as
select l.id as allocation_id, c.number as case_number, k.key as client, l.booking_id, l.target, l.claim_id,
    l.amount as amount_minor, c.currency, coalesce(g.minor_per_unit, 100) as minor_per_unit, t.at as allocated_at
from allocations l
join acts t on t.id = l.act_id
join cases c on c.id = l.case_id
join clients k on k.id = c.client_id
left join v1_currency_units g on g.currency = c.currency;
