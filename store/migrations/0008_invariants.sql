-- The database keeps the ground rules even against whoever writes to it directly: nobody is together round a client without
-- the client's consent. Checked when the transaction ends, so that one act may touch its rows in any order. Every check
-- locks the case first: two transactions that are each right alone could be wrong together. Consent is judged by stored
-- instants, never by the clock: time alone changes cases, and only the program's acts of time carry that out.

-- +goose Up

-- Whether the case's latest consent is granted, lets the person in, and had not ended at the instant.
-- +goose StatementBegin
create function consent_carries(the_case bigint, who text, at timestamptz) returns boolean language sql stable as $$
    select exists (
        select from consents k join people p on p.login = who
        where k.case_id = the_case and k.version = (select max(version) from consents where case_id = the_case)
            and k.status = 'granted' and at < k.ends_at
            and not k.objects_to && array[p.unit, 'person:' || who]
            and exists (select from consent_parties c where c.case_id = k.case_id and c.version = k.version
                and c.code in (p.unit, 'person:' || who)))
$$;

-- Whether it is granted and has not ended at the instant, whomever it lets in.
create function consent_holds(the_case bigint, at timestamptz) returns boolean language sql stable as $$
    select exists (
        select from consents k
        where k.case_id = the_case and k.version = (select max(version) from consents where case_id = the_case)
            and k.status = 'granted' and at < k.ends_at)
$$;

-- Whether an invitee of a meeting is let in: a near person by name of the relation, anybody else as a person.
create function consent_invites(the_case bigint, who text, at timestamptz) returns boolean language sql stable as $$
    select case when who like 'near:%' then consent_holds(the_case, at) and exists (
            select from consent_parties c where c.case_id = the_case and c.code = who
                and c.version = (select max(version) from consents where case_id = the_case))
        else consent_carries(the_case, who, at) end
$$;

create function refuse_uncovered(the_case bigint, rule text) returns void language plpgsql as $$
begin
    raise exception 'case %: the client''s consent does not carry this (%)', the_case, rule
        using errcode = 'check_violation', constraint = rule;
end $$;

create function lock_case(the_case bigint) returns void language plpgsql as $$
begin
    perform from cases where id = the_case for update;
end $$;

-- Triggers below read their row again: within one transaction it may have changed since. They look for tables where these
-- are: otherwise a temporary table of the same name could answer in their place.

create function check_participant() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.case_id);
    if exists (select from participants p where p.case_id = new.case_id and p.no = new.no and p.state = 'active'
            and not consent_carries(p.case_id, p.login, p.joined_at)) then
        perform refuse_uncovered(new.case_id, 'member_needs_consent');
    end if;
    return null;
end $$;

create function check_assignment() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.case_id);
    if exists (select from assignments a where a.case_id = new.case_id and a.no = new.no and a.state = 'accepted'
            and not consent_carries(a.case_id, a.login, a.accepted_at)) then
        perform refuse_uncovered(new.case_id, 'responsible_worker_needs_consent');
    end if;
    return null;
end $$;

-- A meeting that had begun when the case last changed is history: it is recorded by what held at its start.
create function meeting_without_consent(the_case bigint) returns boolean language sql stable as $$
    select exists (select from meetings m join cases c on c.id = m.case_id
        where m.case_id = the_case and m.state in ('planned', 'confirmed') and m.starts_at > c.changed_at
            and not consent_holds(the_case, m.starts_at))
$$;

create function check_meeting() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.case_id);
    if meeting_without_consent(new.case_id) then
        perform refuse_uncovered(new.case_id, 'meeting_needs_consent');
    end if;
    -- Who was invited in time and has left since stays on the list; only a new list or time is looked through.
    if tg_op = 'UPDATE' and old.state in ('planned', 'confirmed') and old.invitees = new.invitees
            and old.starts_at = new.starts_at and old.case_id = new.case_id then
        return null;
    end if;
    if exists (select from meetings m join cases c on c.id = m.case_id cross join unnest(m.invitees) as who
            where m.case_id = new.case_id and m.no = new.no and m.state in ('planned', 'confirmed')
                and m.starts_at > c.changed_at and not consent_invites(m.case_id, who, m.starts_at)) then
        perform refuse_uncovered(new.case_id, 'invitee_needs_consent');
    end if;
    return null;
end $$;

create function check_case() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
    perform lock_case(new.id);
    if exists (select from cases c where c.id = new.id and c.state in ('team_forming', 'active')
            and not consent_holds(c.id, '-infinity')) then
        perform refuse_uncovered(new.id, 'team_needs_consent');
    end if;
    return null;
end $$;

-- A consent that changes or goes must not leave anybody or anything behind that rested on it.
create function check_consent() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    touched bigint;
begin
    foreach touched in array array_remove(array[old.case_id, new.case_id], null) loop
        perform lock_case(touched);
        if exists (select from cases c where c.id = touched and c.state in ('team_forming', 'active')
                and not consent_holds(touched, '-infinity')) then
            perform refuse_uncovered(touched, 'team_needs_consent');
        elsif exists (select from participants p where p.case_id = touched and p.state = 'active'
                and not consent_carries(touched, p.login, p.joined_at)) then
            perform refuse_uncovered(touched, 'member_needs_consent');
        elsif exists (select from assignments a where a.case_id = touched and a.state = 'accepted'
                and not consent_carries(touched, a.login, a.accepted_at)) then
            perform refuse_uncovered(touched, 'responsible_worker_needs_consent');
        elsif meeting_without_consent(touched) then
            perform refuse_uncovered(touched, 'meeting_needs_consent');
        end if;
    end loop;
    return null;
end $$;
-- +goose StatementEnd

create constraint trigger consented after insert or update on participants deferrable initially deferred
    for each row when (new.state = 'active') execute function check_participant();
create constraint trigger consented after insert or update on assignments deferrable initially deferred
    for each row when (new.state = 'accepted') execute function check_assignment();
create constraint trigger consented after insert or update on meetings deferrable initially deferred
    for each row when (new.state in ('planned', 'confirmed')) execute function check_meeting();
create constraint trigger consented after insert or update on cases deferrable initially deferred
    for each row when (new.state in ('team_forming', 'active')) execute function check_case();
create constraint trigger consented after insert or update or delete on consents deferrable initially deferred
    for each row execute function check_consent();
create constraint trigger consented after insert or update or delete on consent_parties deferrable initially deferred
    for each row execute function check_consent();
