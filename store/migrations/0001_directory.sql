-- The installation, and the organisation's people and units.

-- +goose Up

-- What this database is for. A sandbox has people nobody authenticates, so the two kinds never share a database.
create table installation (
    one  boolean primary key default true check (one),
    kind text not null check (kind in ('production', 'sandbox'))
);

create table units (
    code     text primary key,
    name     text not null,
    register text not null check (register in ('social', 'health', 'third_sector', '')),
    care     boolean not null
);

-- Staff. Nobody is ever deleted: the logs and cases go on naming them.
create table people (
    login      text primary key check (login <> ''),
    unit       text not null references units (code),
    name       text not null,
    profession text not null,
    roles      text[] not null,
    lang       text not null,
    quiet_from text not null,
    quiet_to   text not null,
    digest     boolean not null,
    disabled   boolean not null
);

create table accounts (
    platform text not null,
    account  text not null,
    login    text not null references people (login),
    primary key (platform, account),
    unique (login, platform)
);
