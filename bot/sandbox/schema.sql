-- The sandbox's own chat: rooms, who is in them, what was said. Bodies are sealed by the program; nothing here is in clear
-- that a person of a case could be known by.
select pg_advisory_xact_lock(hashtext('sandbox.migrate'));

create schema if not exists sandbox;

create table if not exists sandbox.clock (
	one    boolean primary key default true check (one),
	shows  timestamptz not null
);

create table if not exists sandbox.disabled (
	login text primary key
);

create table if not exists sandbox.room (
	id       text primary key,
	name     text not null unique,
	private  boolean not null default true,
	archived boolean not null default false,
	made     bigint generated always as identity
);

create table if not exists sandbox.member (
	room  text not null references sandbox.room,
	login text not null,
	primary key (room, login)
);

-- Every new or edited message takes the next change number, so that a window can ask for what it has not seen yet.
create sequence if not exists sandbox.change;

create table if not exists sandbox.message (
	id       text primary key,
	seq      bigint not null,
	rev      bigint not null,
	room     text not null,
	only_for text not null default '',
	author   text not null,
	key      text,
	at       timestamptz not null,
	edited   boolean not null default false,
	body     bytea not null
);
create index if not exists message_by_room on sandbox.message (room, seq);
create unique index if not exists message_once on sandbox.message (room, only_for, key);

create table if not exists sandbox.seen (
	login text not null,
	room  text not null,
	seq   bigint not null,
	primary key (login, room)
);

create table if not exists sandbox.form (
	digest bytea primary key,
	login  text not null,
	room   text not null,
	body   bytea not null
);

create table if not exists sandbox.outcome (
	login   text not null,
	request text not null,
	body    bytea not null,
	primary key (login, request)
);

create or replace function sandbox.open_to(role text) returns void language plpgsql as $$
begin
	execute format('grant usage on schema sandbox to %I', role);
	execute format('grant select, insert, update, delete on all tables in schema sandbox to %I', role);
	execute format('grant usage on all sequences in schema sandbox to %I', role);
end
$$;
