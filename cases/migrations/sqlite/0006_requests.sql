-- What clients ask for by file. What they look for is personal data: it stands here, the outbox names the row.
create table requests (
    id                  integer primary key,
    client_id           bigint not null references clients (id),
    kind                text not null check (kind in ('cases', 'case')),
    creditor            text,
    case_number         text,
    client_reference    text,           -- debtor, invoice or contract number
    debtor_name         text,
    street              text,
    postal_code         text,
    city                text,
    debtor_country      text,
    status              text not null check (status in ('open', 'closed', 'legal', 'all')),
    since               date,           -- opened on this day or later
    until               date,           -- opened on this day or earlier
    act_id              bigint not null references acts (id),
    part                bigint not null,    -- with `sequence` the record in the act's delivery
    sequence            bigint not null
);
create index requests_act on requests (act_id);
