-- The case database, first shape. Times are UTC in microseconds; money is integer minor units with a currency.
-- migrations/postgres holds the same in PostgreSQL's words; a test compares the two.

create table clients (
    id          integer primary key,
    key         text not null unique,
    name        text not null,
    created_at  timestamp not null,
    removed_at  timestamp
);

create table creditors (
    id          integer primary key,
    client_id   bigint not null references clients (id),
    code        text not null,              -- '' for a client that is its own creditor
    name        text not null,
    removed_at  timestamp,
    unique (client_id, code)
);

-- Who did something: a client's user, a person at the command line, the service itself.
create table actors (
    id          integer primary key,
    kind        text not null check (kind in ('user', 'operator', 'service')),
    client_id   bigint references clients (id),
    name        text not null,
    unique (kind, name)
);

create table deliveries (
    id              integer primary key,
    upload_id       uuid not null unique,   -- minted when the upload was published
    code            text not null unique,   -- what people and file names call it
    client_id       bigint not null references clients (id),
    actor_id        bigint not null references actors (id),
    mode            text not null check (mode in ('import', 'validate')),
    name            text not null,          -- the file's name
    path            text not null,          -- where it was dropped, relative to the client's folder
    protocol        text not null,
    remote          text,
    size            bigint not null,
    sha256          text,
    arrived_at      timestamp not null,
    claimed_at      timestamp not null,
    state           text not null check (state in ('waiting', 'claimed', 'imported', 'archived', 'quarantined', 'dropped', 'withdrawn')),
    status          text check (status in ('ACCP', 'PART', 'RJCT', 'DUPL')),
    attempts        bigint not null default 0,
    next_attempt_at timestamp not null,
    owner           text,                   -- the node that works on it, until lease_until
    lease_until     timestamp,
    fence           bigint not null default 0,
    forced          boolean not null default false, -- resubmitted: not answered as DUPL
    duplicate_of    bigint references deliveries (id),
    submitted       bigint not null default 0,
    accepted        bigint not null default 0,
    rejected        bigint not null default 0,
    duplicate       bigint not null default 0,
    withheld        bigint not null default 0,
    versions        text,                   -- JSON: layout, rules and catalogue that were used
    started_at      timestamp,
    finished_at     timestamp
);
create index deliveries_waiting on deliveries (client_id, upload_id) where state = 'claimed';
create index deliveries_content on deliveries (client_id, sha256) where status is not null;
create index deliveries_quarantined on deliveries (finished_at) where state = 'quarantined';
create index deliveries_client on deliveries (client_id, arrived_at);

create table delivery_parts (
    delivery_id bigint not null references deliveries (id),
    part        bigint not null,
    member      text,
    sheet       text,
    dialect     text not null,              -- JSON
    header      text not null,              -- JSON array of the header cells
    header_row  bigint,
    columns     text not null,              -- JSON array of arrays of field names
    layout      text not null,
    primary key (delivery_id, part)
);

-- Sums of a delivery per record type, currency and outcome.
create table delivery_sums (
    delivery_id bigint not null references deliveries (id),
    record_type text not null,
    currency    text not null,
    outcome     text not null,
    records     bigint not null,
    amount      bigint not null,
    primary key (delivery_id, record_type, currency, outcome)
);

-- What became of each record. Never changes once written.
create table results (
    delivery_id     bigint not null,
    part            bigint not null,
    sequence        bigint not null,
    source_row      bigint not null,
    record_type     text not null,
    outcome         text not null,          -- accepted, rejected, duplicate, withheld
    claim_id        bigint,
    case_number     text,
    debtor_number   text,
    reference       text,                   -- invoice or contract number
    amount          bigint,
    currency        text,
    raw             text,                   -- JSON array of the cells, of records that go back
    primary key (delivery_id, part, sequence)
) without rowid;

create table findings (
    id              integer primary key,
    delivery_id     bigint not null,
    part            bigint,                 -- null: the delivery as a whole
    sequence        bigint,                 -- null: the part or file as a whole
    source_row      bigint,
    source_column   bigint,                 -- from 0
    header          text,
    field           text,
    code            text not null,
    severity        text not null,
    value           text,                   -- masked
    args            text                    -- JSON object
);
create index findings_place on findings (delivery_id, part, sequence);

-- Who did something when, and by which delivery. Debtors, cases, claims, bookings and history name the act that brought
-- them: a million claims of one list share one.
create table acts (
    id          integer primary key,
    at          timestamp not null,
    actor_id    bigint not null references actors (id),
    delivery_id bigint references deliveries (id)
);

create table debtors (
    id              integer primary key,
    client_id       bigint not null,        -- the creditor's
    creditor_id     bigint not null references creditors (id),
    number          text not null,
    kind            text not null check (kind in ('person', 'company')),
    acts_as         text not null check (acts_as in ('consumer', 'business', 'unknown')),
    salutation      text,
    title           text,
    first_name      text,
    last_name       text,
    company_name    text,
    legal_form      text,
    company_reg_no  text,
    representative  text,
    contact_person  text,
    birth_date      date,
    street          text,
    house_number    text,
    address_extra   text,
    postal_code     text,
    city            text,
    country         text,
    address_source  text,
    name_key        text not null,          -- folded name: decides whether a number means the same debtor
    act_id          bigint not null,
    unique (creditor_id, number)
);
create index debtors_name on debtors (client_id, name_key, postal_code);

-- Phones, mobiles, faxes, e-mail addresses.
create table debtor_contacts (
    debtor_id   bigint not null references debtors (id),
    kind        text not null,
    value       text not null,
    primary key (debtor_id, kind, value)
) without rowid;

create table debtor_accounts (
    debtor_id   bigint not null references debtors (id),
    iban        text not null,
    bic         text,
    holder      text,
    primary key (debtor_id, iban)
) without rowid;

create table cases (
    id              integer primary key,
    number          text not null unique,   -- with a check digit
    client_id       bigint not null,
    creditor_id     bigint not null,
    debtor_id       bigint not null references debtors (id),
    currency        text not null,
    stage           text not null,
    processing      text not null,
    payment         text not null,
    handler         text,
    act_id          bigint not null,        -- that opened it
    closed_at       timestamp,
    closing_reason  text
);
create unique index cases_open on cases (debtor_id, currency) where closed_at is null;
create index cases_client on cases (client_id, id);

create table claims (
    id                  integer primary key,
    case_id             bigint not null references cases (id),
    creditor_id         bigint not null,
    debtor_number       text not null,
    reference           text not null,      -- invoice number, else contract number
    invoice_number      text,
    contract_number     text,
    invoice_date        date,
    due_date            date,
    reminder_date       date,
    default_date        date,
    contract_date       date,
    original_amount     bigint,
    principal_amount    bigint not null,
    currency            text not null,
    interest_rate       bigint,             -- ten-thousandths of a percent
    interest_reason     text,
    claim_reason        text,
    claim_type_code     text,
    original_creditor   text,
    title_kind          text,
    title_date          date,
    title_court         text,
    title_reference     text,
    joint_debtor_of     text,
    disputed            boolean not null default false,
    memo                text,
    extra               text,               -- JSON object of unknown columns
    act_id              bigint not null,
    part                bigint not null,    -- with `sequence` the record in the act's delivery
    sequence            bigint not null,
    unique (creditor_id, reference, debtor_number) -- the reference first: payments name it alone
);
create index claims_case on claims (case_id);

-- The ledger. Rows are only ever added; a correction is a reversal and a new booking.
create table bookings (
    case_id     bigint not null references cases (id),
    id          bigint not null,
    claim_id    bigint,
    kind        text not null,              -- principal, dunning_costs, other_costs, payment
    amount      bigint not null,
    currency    text not null,
    value_date  date not null,
    reversal_of bigint,                     -- a booking of the same case
    act_id      bigint not null,
    part        bigint,                     -- with `sequence` the record in the act's delivery
    sequence    bigint,
    primary key (case_id, id),
    foreign key (case_id, reversal_of) references bookings (case_id, id)
) without rowid;

-- What happened besides what other tables tell: that a case was opened and claims were added stands there.
create table history (
    id          integer primary key,
    case_id     bigint not null references cases (id),
    kind        text not null,
    visibility  text not null check (visibility in ('internal', 'client')),
    args        text,                       -- JSON object
    act_id      bigint not null
);
create index history_case on history (case_id);

create table documents (
    id              integer primary key,
    client_id       bigint not null references clients (id),
    case_id         bigint references cases (id),
    sha256          text not null,
    content_type    text not null,
    size            bigint not null,
    name            text not null,
    visibility      text not null check (visibility in ('internal', 'client')),
    delivery_id     bigint,
    created_at      timestamp not null
);

-- Everything that leaves. Rendered from stored results when its turn comes.
create table outbox (
    id              integer primary key,
    client_id       bigint not null references clients (id),
    delivery_id     bigint references deliveries (id),
    kind            text not null,          -- acknowledgement, correction, receipt, report, mail, …
    format          text not null,
    params          text not null,          -- JSON, ids and choices only
    state           text not null check (state in ('queued', 'staged', 'done', 'failed')),
    temp_name       text,                   -- while staged: the synced temporary file
    file_name       text,                   -- path below the client's folder, or the Message-ID
    attempts        bigint not null default 0,
    strikes         bigint not null default 0, -- attempts in a row that failed for a reason of its own, or came to no end
    next_attempt_at timestamp not null,
    owner           text,
    lease_until     timestamp,
    fence           bigint not null default 0,
    created_at      timestamp not null,
    done_at         timestamp,
    picked_up_at    timestamp,
    error           text
);
create index outbox_waiting on outbox (client_id, id) where state in ('queued', 'staged');
create index outbox_delivery on outbox (delivery_id);
create index outbox_failed on outbox (client_id, id) where state = 'failed';
create index outbox_temporary on outbox (id) where temp_name is not null;

-- Who did what; ids only.
create table audit (
    id          integer primary key,
    at          timestamp not null,
    actor_id    bigint not null references actors (id),
    action      text not null,
    subject     text not null,              -- delivery, case, client, …
    subject_id  bigint not null,
    detail      text                        -- JSON, ids and codes only
);

-- What is counted up: the next block of case numbers, the next booking. Sequences on PostgreSQL, where these rows would make
-- importers wait.
create table number_blocks (
    name    text primary key,
    next    bigint not null
) without rowid;

-- What is left of a client's last block of case numbers.
create table case_numbers (
    client_id   bigint primary key references clients (id),
    next        bigint not null,
    until       bigint not null         -- behind the last
) without rowid;

-- In which order the blocks come: clients see their own numbers and are to learn nothing of others from them.
create table number_key (
    key     text not null
);
insert into number_key (key) values (lower(hex(randomblob(16))));

-- Which due runs of a report have been made.
create table report_runs (
    client_id   bigint not null references clients (id),
    report      text not null,
    due_at      timestamp not null,
    queued_at   timestamp not null,
    primary key (client_id, report, due_at)
) without rowid;
