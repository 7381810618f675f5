-- Who is asked to help, who holds the whole, and when they meet.

-- +goose Up

create table participants (
    case_id    bigint not null references cases (id),
    no         integer not null check (no > 0),
    login      text not null references people (login),
    need       bytea,
    state      text not null check (state in ('invited', 'active', 'declined', 'removed')),
    invited_by text not null,
    invited_at timestamptz not null,
    joined_at  timestamptz,
    ended_at   timestamptz,
    ended_for  text not null,
    primary key (case_id, no),
    constraint joined_if_active check (state <> 'active' or (joined_at is not null and ended_at is null))
);

create index participants_login on participants (login) where state in ('invited', 'active');
create unique index one_place_per_person on participants (case_id, login) where state in ('invited', 'active');

create table assignments (
    case_id     bigint not null references cases (id),
    no          integer not null check (no > 0),
    login       text not null references people (login),
    need        bytea,
    state       text not null check (state in ('named', 'accepted', 'declined', 'ended')),
    named_by    text not null,
    named_at    timestamptz not null,
    accepted_at timestamptz,
    ended_at    timestamptz,
    ended_for   text not null,
    primary key (case_id, no),
    constraint accepted_at_some_time check (state <> 'accepted' or (accepted_at is not null and ended_at is null))
);

create index assignments_login on assignments (login) where state in ('named', 'accepted');

-- Never two responsible workers, and never two people asked at once.
create unique index one_responsible_worker on assignments (case_id) where state = 'accepted';
create unique index one_named_worker on assignments (case_id) where state = 'named';

create table meetings (
    case_id           bigint not null references cases (id),
    no                integer not null check (no > 0),
    revision          integer not null check (revision > 0),
    state             text not null check (state in ('planned', 'confirmed', 'held', 'cancelled', 'not_held')),
    kind              text not null,
    starts_at         timestamptz not null,
    minutes           integer not null,
    manner            text not null,
    place             bytea,
    invitees          text[] not null, -- logins, and near:<relation>
    client_answer     text not null,
    support_person    bytea,
    interpreter       bytea,
    agenda            bytea,
    planned_by        text not null,
    settled_at        timestamptz not null,
    started_at        timestamptz,
    ended_at          timestamptz,
    oral_consent      text[] not null,
    decisions         bytea,
    counts_as_network boolean not null,
    moved_for         text not null,
    ended_for         text not null,
    primary key (case_id, no),
    check (only_codes(array[kind, manner, client_answer, moved_for, ended_for])),
    constraint held_has_begun check (state <> 'held' or started_at is not null)
);

create table attendance (
    case_id  bigint not null,
    no       integer not null,
    position integer not null,
    who      text not null, -- "client", a login or near:<relation>
    how      text not null,
    primary key (case_id, no, position),
    foreign key (case_id, no) references meetings (case_id, no)
);
