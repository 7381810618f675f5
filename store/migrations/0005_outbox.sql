-- What is still to be done outside: reminders, notices, rooms. Jobs are River's own tables.

-- +goose Up

-- All that time will do to cases. A delivered item stays, so that the same cause never acts twice.
create table agenda (
    id           bigint generated always as identity primary key,
    case_id      bigint not null references cases (id),
    key          text not null,
    kind         text not null,
    to_whom      text not null,
    due          timestamptz not null,
    on_at        timestamptz,
    delivered_at timestamptz,
    unique (case_id, key)
);

create index agenda_due on agenda (due, id) where delivered_at is null;

create table notices (
    id         bigint generated always as identity primary key,
    case_id    bigint not null references cases (id),
    kind       text not null,
    to_login   text not null, -- empty: the case's room
    on_at      timestamptz,
    created_at timestamptz not null,
    done_at    timestamptz,   -- delivered, or no longer right: then message is empty
    platform   text not null default '',
    message    text not null default ''
);

create index notices_waiting on notices (case_id, id) where done_at is null;

-- A room as it is known to be. It outlives the consent for as long as closing it takes, so no rule binds it to one.
create table rooms (
    id       bigint generated always as identity primary key,
    case_id  bigint not null references cases (id),
    number   integer not null check (number > 0),
    platform text not null,
    room     text not null,
    archived boolean not null,
    unique (platform, room)
);

create index rooms_case on rooms (case_id, id);

-- Only one job at a time does a piece of work in the chat for a case. Who comes meanwhile leaves word and need not wait: the
-- holder looks again before it goes. until is an instant of the machine's clock, not of the cases': a lease guards against a
-- process that died.
create table leases (
    case_id bigint not null references cases (id),
    work    text not null,
    holder  text not null,
    until   timestamptz not null,
    again   boolean not null,
    primary key (case_id, work)
);

create table cards (
    case_id  bigint not null references cases (id),
    platform text not null,
    room     text not null,
    message  text not null,
    primary key (case_id, platform)
);
