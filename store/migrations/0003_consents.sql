-- Every version of a client's consent, and whom each lets in.

-- +goose Up

create table consents (
    case_id                 bigint not null references cases (id),
    version                 integer not null check (version > 0),
    status                  text not null check (status in ('requested', 'granted', 'refused', 'no_reply', 'amended',
                                'withdrawn', 'expired', 'entered_in_error', 'ended')),
    requested_at            timestamptz,
    informed_on             timestamptz,
    informed_how            text not null,
    informed_by             text not null,
    form                    text not null,
    given_by                text not null,
    capacity                text not null,
    language                text not null,
    categories              text[] not null,
    direction               text not null,
    no_content              text[] not null,
    purposes                text[] not null,
    given_at                timestamptz,
    valid_until             timestamptz,
    copy_given              text not null,
    chat_tool_ok            boolean not null,
    representative_evidence bytea,
    objects_to              text[] not null,
    recorded_by             text not null,
    recorded_at             timestamptz,
    oral_until              timestamptz,
    ends_at                 timestamptz, -- the first instant at which it no longer holds
    refuse_reason           bytea,
    notify_needed           text not null,
    notify_reason           bytea,
    ended_at                timestamptz,
    withdrawn_at            timestamptz,
    withdrawn_by            text not null,
    withdrawn_to            text not null,
    withdrawn_scope         text not null,
    corrects                integer not null check (corrects >= 0 and corrects < version),
    correction_reason       bytea,
    primary key (case_id, version),
    check (only_codes(categories || purposes || array[informed_how, form, given_by, capacity, language, direction,
        copy_given, notify_needed, withdrawn_by, withdrawn_scope])),
    constraint granted_is_given check (status <> 'granted'
        or (given_at is not null and recorded_at is not null and ends_at is not null and ended_at is null)),
    -- The last day is inclusive, and a consent lasts a year at most (a leap day forgiven).
    constraint end_follows_last_day check (ends_at is null or (valid_until is not null and ends_at <=
        ((valid_until at time zone 'Europe/Helsinki')::date + 1)::timestamp at time zone 'Europe/Helsinki')),
    constraint oral_lapses check (oral_until is null or ends_at is null or ends_at <= oral_until),
    constraint one_year_at_most check (given_at is null or valid_until is null or
        (valid_until at time zone 'Europe/Helsinki')::date - (given_at at time zone 'Europe/Helsinki')::date <= 366)
);

create table consent_parties (
    case_id  bigint not null,
    version  integer not null,
    position integer not null,
    code     text not null, -- unit code, person:<login> or near:<relation>
    register text not null,
    primary key (case_id, version, position),
    unique (case_id, version, code),
    foreign key (case_id, version) references consents (case_id, version)
);
