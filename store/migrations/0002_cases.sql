-- Cases with the concern that began each of them, and the vault that alone knows who the client is.

-- +goose Up

-- Fields of codes must not become a place for free text, which would then lie here in the clear.
-- +goose StatementBegin
create function only_codes(codes text[]) returns boolean language sql immutable as
    $$ select array_to_string(codes, ',') ~ '^[A-Za-z0-9_:.,-]*$' $$;
-- +goose StatementEnd

create table cases (
    id             bigint generated always as identity primary key,
    code           text not null unique check (code ~ '^[BCDFGHJKMNPQRTVWX2346789]{7}-[BCDFGHJKMNPQRTVWX2346789]$'),
    revision       integer not null check (revision > 0),
    changed_at     timestamptz not null,
    state          text not null check (state in ('submitted', 'triage', 'returned', 'consultation_answered',
                       'consent_pending', 'team_forming', 'active', 'paused', 'closed')),
    coordinator    text references people (login),
    taken_at       timestamptz,
    accepted_at    timestamptz,
    closed_at      timestamptz,
    closed_for     text not null,
    paused_at      timestamptz,
    client_group   text not null,
    use_profile    text not null,
    target_group   text not null,
    services_count integer not null check (services_count >= 0),
    room_number    integer not null check (room_number >= 0),
    check (only_codes(array[closed_for, client_group, use_profile, target_group]))
);

-- Open cases are few among all that ever were.
create index cases_open on cases (coordinator) where state not in ('closed', 'consultation_answered');

create table concerns (
    case_id          bigint primary key references cases (id),
    raiser           text not null references people (login),
    raised_at        timestamptz not null,
    basis            text not null,
    criteria         text[] not null,
    urgency          text not null check (urgency in ('normal', 'urgent', 'immediate')),
    has_identity     boolean not null,
    reasons          text[] not null,
    failure_demand   text[] not null,
    recurrence       text not null,
    wrong_doors_90d  integer not null check (wrong_doors_90d >= 0),
    living           text not null,
    own_view         bytea, -- free text is encrypted, here and everywhere
    ground_text      bytea,
    question         bytea,
    current_services bytea,
    tried_so_far     bytea,
    returned_at      timestamptz,
    asked            bytea,
    answer           bytea,
    answered_at      timestamptz,
    check (only_codes(criteria || reasons || failure_demand || array[basis, recurrence, living])),
    check (not (basis = 'nameless' and has_identity)) -- advice is asked without telling who the client is
);

create index concerns_raiser on concerns (raiser);

-- match_hash is a keyed hash of the personal identity code: it finds the same client again and tells nothing else.
create table vault (
    case_id       bigint primary key references cases (id),
    name          bytea,
    identity_code bytea,
    contact       bytea,
    near_name     bytea, -- of the near person the client lets in
    match_hash    bytea
);

create index vault_match on vault (match_hash);
