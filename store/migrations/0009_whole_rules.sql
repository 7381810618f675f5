-- The side paths of a concern and of a team: concerns that do not become cases, deputies, handing over, notifications that a
-- statute demands. And the ground rules of 0008 for what these bring.

-- +goose Up

-- A case that has left the concern is somebody's: only a concern nobody has taken yet, or one that ended, may be nobody's.
alter table cases
    drop constraint cases_state_check,
    add constraint cases_state_check check (state in ('submitted', 'triage', 'returned', 'consultation_answered', 'redirected',
        'declined', 'merged', 'withdrawn', 'consent_pending', 'team_forming', 'active', 'paused', 'closed')),
    add column merged_into   text not null default '', -- code of the case this concern was joined to
    add column linked        text[] not null default '{}', -- codes of the concerns joined to this case
    add column transfer_note bytea,
    add constraint linked_by_codes check (only_codes(linked || merged_into)),
    add constraint merged_says_where check (state <> 'merged' or merged_into <> ''),
    add constraint case_has_holder check (coordinator is not null
        or state not in ('consent_pending', 'team_forming', 'active', 'paused'));

-- Listed as the program lists the open states when it asks: an index by another condition would lie unused.
drop index cases_open;
create index cases_open on cases (coordinator)
    where state in ('submitted', 'triage', 'returned', 'consent_pending', 'team_forming', 'active', 'paused');

alter table concerns
    add column acknowledged_at   timestamptz,
    add column acknowledged_by   text not null default '',
    add column decision_target   text not null default '',
    add column decision_ground   text not null default '',
    add column decision_reason   bytea, -- words for a redirect, a code for a decline
    add column decision_guidance bytea,
    add constraint decided_by_codes check (only_codes(array[decision_target, decision_ground]));

alter table assignments
    add column note        bytea, -- handed over with
    add column client_wish boolean not null default false;

-- Times during which somebody who holds a case is away, and who stands in.
create table absences (
    case_id     bigint not null references cases (id),
    no          integer not null check (no > 0),
    of_role     text not null check (of_role in ('responsible_worker', 'coordinator')),
    login       text not null references people (login), -- who is away
    deputy      text not null references people (login),
    starts_at   timestamptz not null,
    ends_at     timestamptz not null, -- the first instant after the last day
    state       text not null check (state in ('asked', 'accepted', 'declined', 'acting', 'alone', 'ended')),
    asked_by    text not null,
    asked_at    timestamptz not null,
    answered_at timestamptz,
    ended_at    timestamptz,
    primary key (case_id, no),
    constraint absence_ends_later check (starts_at < ends_at),
    constraint deputy_is_another check (deputy <> login),
    constraint answered_if_acting check (state <> 'acting' or (answered_at is not null and ended_at is null))
);

create index absences_deputy on absences (deputy) where state in ('asked', 'accepted', 'acting');

-- One absence of a role at a time, planned or on: so there are never two who act in it.
create unique index one_absence_per_role on absences (case_id, of_role) where state <> 'ended';

-- Notifications that a statute demands. Each is a disclosure that was made: nothing later makes it another one.
create table duty_notices (
    case_id         bigint not null references cases (id),
    no              integer not null check (no > 0),
    by_login        text not null references people (login),
    at              timestamptz not null,
    ground          text not null check (ground <> ''),
    facts           bytea not null,
    target          text not null,
    client_informed text not null,
    primary key (case_id, no),
    check (only_codes(array[ground, target, client_informed]))
);

create trigger append_only before update or delete or truncate on duty_notices
    for each statement execute function refuse_log_change();

-- Whether somebody acts as a deputy in a team without being let in as a member must be, from just before the deputy began:
-- a consent and an absence often meet at one midnight, and the absence may be first to be carried out. Before there is a
-- team, and while it is apart, a coordinator's deputy needs nobody's consent.
-- +goose StatementBegin
create function deputy_without_consent(the_case bigint) returns boolean language sql stable as $$
    select exists (select from absences a join cases c on c.id = a.case_id
        where a.case_id = the_case and a.state = 'acting' and c.state in ('team_forming', 'active')
            and not consent_carries(the_case, a.deputy, greatest(a.starts_at, a.answered_at) - interval '1 microsecond'))
$$;

create function check_deputy() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    touched bigint;
begin
    foreach touched in array array_remove(array[old.case_id, new.case_id], null) loop
        perform lock_case(touched);
        if deputy_without_consent(touched) then
            perform refuse_uncovered(touched, 'deputy_needs_consent');
        end if;
    end loop;
    return null;
end $$;

create function check_case_deputy() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.id);
    if deputy_without_consent(new.id) then
        perform refuse_uncovered(new.id, 'deputy_needs_consent');
    end if;
    return null;
end $$;

-- A room is recorded as open only while the consent holds that opened it. Recording one as closed is always right, and one
-- that a consent left behind when it ended hinders nothing: it is the program's to empty and close.
create function check_room() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.case_id);
    if not exists (select from cases c where c.id = new.case_id and consent_holds(c.id, c.changed_at)) then
        perform refuse_uncovered(new.case_id, 'room_needs_consent');
    end if;
    return new;
end $$;
-- +goose StatementEnd

create constraint trigger deputy_consented after insert or update on absences deferrable initially deferred
    for each row when (new.state = 'acting') execute function check_deputy();
create constraint trigger deputy_consented after insert or update on cases deferrable initially deferred
    for each row when (new.state in ('team_forming', 'active')) execute function check_case_deputy();
create constraint trigger deputy_consented after insert or update or delete on consents deferrable initially deferred
    for each row execute function check_deputy();
create constraint trigger deputy_consented after insert or update or delete on consent_parties deferrable initially deferred
    for each row execute function check_deputy();

create trigger consented before insert or update on rooms
    for each row when (not new.archived) execute function check_room();
