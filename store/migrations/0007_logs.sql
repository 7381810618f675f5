-- Who used which data and what was disclosed to whom. Rows are only ever added, in one chain per case (per person for what
-- is about no case), each carrying the authenticated hash of the one before.

-- +goose Up

-- The end of every chain. mac binds it to its place, so that a shortened chain cannot be given a matching end.
create table log_chains (
    log   text collate "C" not null check (log in ('access', 'disclosure', 'seal')),
    chain text collate "C" not null,
    seq   bigint not null,
    hash  bytea not null,
    mac   bytea not null,
    primary key (log, chain)
);

create table access_log (
    chain      text collate "C" not null,
    seq        bigint not null,
    prev_hash  bytea not null,
    hash       bytea not null,
    at         timestamptz not null,
    who        text not null,
    unit       text not null,
    action     text not null,
    case_id    bigint not null, -- 0: about no case, or about one the person may not know of
    code       text not null,
    fields     text not null,
    register   text not null,
    purpose    text not null,
    basis      text not null,
    surface    text not null,
    request_id text not null,
    allowed    boolean not null,
    rule       text not null,
    primary key (chain, seq)
);

create table disclosure_log (
    chain          text collate "C" not null,
    seq            bigint not null,
    prev_hash      bytea not null,
    hash           bytea not null,
    at             timestamptz not null,
    case_id        bigint not null,
    data           text not null,
    from_register  text not null,
    discloser      text not null,
    recipient      text not null,
    recipient_unit text not null,
    purpose        text not null,
    ground         text not null,
    primary key (chain, seq)
);

-- A seal binds the ends of all chains at one moment to the seal before it.
create table log_seals (
    no        bigint primary key,
    at        timestamptz not null,
    prev_hash bytea not null,
    hash      bytea not null
);

-- The ends a seal found moved since the seal before.
create table log_seal_heads (
    no    bigint not null references log_seals (no),
    log   text collate "C" not null,
    chain text collate "C" not null,
    seq   bigint not null,
    hash  bytea not null,
    primary key (no, log, chain)
);

create index log_seal_heads_chain on log_seal_heads (log, chain, no desc);

-- The service's login has no right to change these tables; this stops everybody else who has.
-- +goose StatementBegin
create function refuse_log_change() returns trigger language plpgsql as $$
begin
    raise exception 'the table % is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd

create trigger append_only before update or delete or truncate on access_log
    for each statement execute function refuse_log_change();
create trigger append_only before update or delete or truncate on disclosure_log
    for each statement execute function refuse_log_change();
create trigger append_only before update or delete or truncate on log_seals
    for each statement execute function refuse_log_change();
create trigger append_only before update or delete or truncate on log_seal_heads
    for each statement execute function refuse_log_change();
