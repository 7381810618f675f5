-- What chats outside the house need: what was said there under which key, and forms answered in parts.

-- +goose Up

-- A message is looked for, not said again, when it was begun and nobody knows how that ended.
create table sayings (
    platform text not null,
    key      bytea not null, -- a digest
    tried_at timestamptz not null, -- by the machine's clock
    message  text not null, -- empty: not known to have been said
    primary key (platform, key)
);

create index sayings_age on sayings (tried_at);
create index sayings_message on sayings (platform, message) where message <> '';

-- Answers to part of a form, until the rest comes or the form's time is over.
create table drafts (
    nonce   text primary key,
    login   text not null,
    answers bytea not null, -- encrypted
    until   timestamptz not null
);

create index drafts_age on drafts (until);
create index rooms_open on rooms (platform) where not archived;

-- A room that Luotsi was put out of: it cannot look after it until somebody lets it in again.
alter table rooms add column lost boolean not null default false;
-- What it was called when it was opened; empty for rooms of before.
alter table rooms add column name text not null default '';

-- That a room is lost may be noted when its consent has ended: it is still to be emptied.
drop trigger consented on rooms;
create trigger consented before insert on rooms
    for each row when (not new.archived) execute function check_room();
create trigger consented_again before update of archived, case_id on rooms
    for each row when (not new.archived) execute function check_room();

-- By their e-mail people are found in chats and by the organisation's sign-in.
alter table people add column email text not null default '';
create unique index people_email on people (lower(email)) where email <> '';
