-- What cases are searched by. A task in the background writes it behind the imports, which know nothing of it; what it
-- has not taken up yet is found by reading the cases themselves.

-- Folded words of debtors' names, streets, cities and postcodes, each once for all clients. Only ever added to.
create table search_words (
    id          integer primary key,
    place       text not null check (place in ('name', 'street', 'city', 'postal_code')),
    word        text not null,
    unique (place, word)
);

-- The cases of a client whose debtor has a word, in blocks. `cases` holds those after the first, each as its distance
-- from the one before. A block may hold cases whose debtor has the word no longer: a search looks at the debtor again.
create table search_postings (
    word_id     bigint not null,
    client_id   bigint not null,
    first_case  bigint not null,
    cases       text not null,
    primary key (word_id, client_id, first_case)
) without rowid;

-- Debtor numbers, invoice and contract numbers: letters and digits alone, in lower case.
create table search_references (
    reference   text not null,
    client_id   bigint not null,
    case_id     bigint not null,
    primary key (reference, client_id, case_id)
) without rowid;

-- What waits for the index: debtors that were changed. (On PostgreSQL, where ids become visible out of order, new cases
-- and claims as well.)
create table search_queue (
    id          integer primary key,
    kind        text not null check (kind in ('debtor', 'case', 'claim')),
    first_id    bigint not null,
    last_id     bigint not null
);

-- Up to which id cases and claims are in the index. (On PostgreSQL nothing but the lock of whoever writes the index.)
create table search_progress (
    kind        text primary key,
    indexed_to  bigint not null
) without rowid;
insert into search_progress (kind, indexed_to) values ('case', 0), ('claim', 0);

create trigger search_debtor_changed
after update of company_name, first_name, last_name, street, house_number, postal_code, city on debtors
when old.company_name is not new.company_name or old.first_name is not new.first_name
    or old.last_name is not new.last_name or old.street is not new.street or old.house_number is not new.house_number
    or old.postal_code is not new.postal_code or old.city is not new.city
begin
    insert into search_queue (kind, first_id, last_id) values ('debtor', new.id, new.id);
end;

-- The id of the last row is given out again once that row is gone.
create trigger search_case_removed after delete on cases begin
    update search_progress set indexed_to = min(indexed_to, (select coalesce(max(id), 0) from cases))
    where kind = 'case';
end;
create trigger search_claim_removed after delete on claims begin
    update search_progress set indexed_to = min(indexed_to, (select coalesce(max(id), 0) from claims))
    where kind = 'claim';
end;
