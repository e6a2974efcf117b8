-- no-transaction
-- Papers: stored as files by their content, known here by case.

pragma foreign_keys = off;
begin immediate;

-- Nothing was ever written to the first one.
drop table documents;
create table documents (
    id              integer primary key,
    client_id       bigint not null references clients (id), -- who handed it over: in whose folder of the store it lies
    case_id         bigint not null references cases (id),
    claim_id        bigint,             -- the claim that it was handed over with or names
    sha256          text not null,      -- of the content: its name in the paper store
    content_type    text not null,
    size            bigint not null,
    name            text not null,      -- as the client called it
    visibility      text not null check (visibility in ('internal', 'client')),
    act_id          bigint not null references acts (id),
    unique (case_id, sha256)            -- the same content is one paper of a case
);
create index documents_content on documents (client_id, sha256);

-- The papers that came with a message.
create table message_papers (
    message_id      bigint not null references messages (id),
    document_id     bigint not null references documents (id),
    primary key (message_id, document_id)
) without rowid;

-- Invoice numbers with a slash, as they are looked for in file names, which hold none: without any separator.
create index claims_slashed on claims (creditor_id, replace(replace(replace(reference, '/', ''), '_', ''), '-', ''))
    where instr(reference, '/') > 0;

-- Files of inbox/documents and inbox/messages were noted and left where they lay; now they are worked.
update deliveries set state = 'claimed', next_attempt_at = arrived_at where state = 'waiting';
create index deliveries_set_aside on deliveries (client_id) where state = 'waiting';

create view v1_documents as
select d.id as document_id, c.number as case_number, k.key as client, d.claim_id, d.sha256, d.content_type, d.size,
    d.name, d.visibility, t.at, a.kind as actor_kind, a.name as actor, v.code as delivery,
    s.key as stored_under,
    (select min(m.message_id) from message_papers m where m.document_id = d.id) as message_id
from documents d
join acts t on t.id = d.act_id
join actors a on a.id = t.actor_id
join cases c on c.id = d.case_id
join clients k on k.id = c.client_id
join clients s on s.id = d.client_id
left join deliveries v on v.id = t.delivery_id;

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
    select case_id, act_id, 'document', visibility, '{"document_id":' || id || '}' from documents
    union all
    select case_id, act_id, kind, visibility, args from history
) e
join acts t on t.id = e.act_id
join cases c on c.id = e.case_id
join clients k on k.id = c.client_id
join actors a on a.id = t.actor_id
left join deliveries v on v.id = t.delivery_id;

commit;
pragma foreign_keys = on;
