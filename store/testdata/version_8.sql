-- What an installation held before 0009: a case in every state there was, one of them with a whole team, and a room that a
-- withdrawal has left open. Free text is left out: no migration reads it.

insert into units values ('ASIAKASOHJAUS', 'Asiakasohjaus', 'social', true), ('SOTE-KESKUS-A', 'Sote-keskus A', 'health', true),
    ('KOTIHOITO-B', 'Kotihoito B', 'health', true);

insert into people (login, unit, name, profession, roles, lang, quiet_from, quiet_to, digest, disabled) values
    ('paula', 'ASIAKASOHJAUS', 'Paula', '', '{professional,coordinator}', 'fi', '', '', false, false),
    ('sanna', 'SOTE-KESKUS-A', 'Sanna', '', '{professional}', 'fi', '', '', false, false),
    ('kaisa', 'KOTIHOITO-B', 'Kaisa', '', '{professional}', 'fi', '', '', false, false);

insert into cases (code, revision, changed_at, state, coordinator, taken_at, accepted_at, closed_at, closed_for, paused_at,
    client_group, use_profile, target_group, services_count, room_number)
select 'BCDFGH' || substr('2346789BC', (row_number() over ())::int, 1) || '-B', 3, '2027-02-01 07:00Z', state,
    case when team then 'paula' end, case when team then '2027-02-01 07:00Z'::timestamptz end, null,
    case when state in ('closed', 'consultation_answered') then '2027-02-01 07:00Z'::timestamptz end,
    case state when 'closed' then 'consent_refused' else '' end,
    case state when 'paused' then '2027-02-01 07:00Z'::timestamptz end, '', '', '', 0,
    case when state in ('team_forming', 'active', 'paused') then 1 else 0 end
from (values ('submitted', false), ('triage', true), ('returned', true), ('consultation_answered', true), ('consent_pending', true),
    ('team_forming', true), ('active', true), ('paused', true), ('closed', true)) as states (state, team);

insert into concerns (case_id, raiser, raised_at, basis, criteria, urgency, has_identity, reasons, failure_demand, recurrence,
    wrong_doors_90d, living)
select id, 'sanna', '2027-02-01 06:00Z', case state when 'consultation_answered' then 'nameless' else 'shl35_1_client_agrees' end,
    '{many_contacts}', 'normal', state <> 'consultation_answered', '{}', '{}', '', 0, 'home' from cases;

insert into consents (case_id, version, status, informed_how, informed_by, form, given_by, capacity, language, categories, direction,
    no_content, purposes, given_at, valid_until, copy_given, chat_tool_ok, objects_to, recorded_by, recorded_at, ends_at,
    notify_needed, ended_at, withdrawn_by, withdrawn_to, withdrawn_scope, corrects)
select id, 1, case state when 'paused' then 'withdrawn' when 'closed' then 'refused' else 'granted' end, 'phone', 'paula',
    'written_signed', 'client', 'able', 'fi', '{health}', 'both', '{}', '{joint_plan}', '2027-02-01 07:00Z', '2028-01-31 22:00Z',
    'paper', true, '{}', 'paula', '2027-02-01 07:00Z', '2028-02-01 22:00Z', '',
    case when state in ('paused', 'closed') then '2027-02-01 07:00Z'::timestamptz end, '', '', '', 0
from cases where state in ('team_forming', 'active', 'paused', 'closed');

insert into consent_parties select case_id, version, 0, 'ASIAKASOHJAUS', 'social' from consents;
insert into consent_parties select case_id, version, 1, 'SOTE-KESKUS-A', 'health' from consents;
insert into consent_parties select case_id, version, 2, 'KOTIHOITO-B', 'health' from consents;

insert into participants (case_id, no, login, state, invited_by, invited_at, joined_at, ended_for)
select id, 1, 'sanna', 'active', 'paula', '2027-02-01 07:00Z', '2027-02-01 07:00Z', '' from cases where state = 'active';
insert into assignments (case_id, no, login, state, named_by, named_at, accepted_at, ended_for)
select id, 1, 'kaisa', 'accepted', 'paula', '2027-02-01 07:00Z', '2027-02-01 07:00Z', '' from cases where state = 'active';
insert into meetings (case_id, no, revision, state, kind, starts_at, minutes, manner, invitees, client_answer, planned_by,
    settled_at, oral_consent, counts_as_network, moved_for, ended_for)
select id, 1, 1, 'confirmed', 'network_meeting', '2027-02-20 07:00Z', 60, 'in_person', '{kaisa,sanna}', 'in_person', 'kaisa',
    '2027-02-01 07:00Z', '{}', false, '', '' from cases where state = 'active';

insert into rooms (case_id, number, platform, room, archived)
select id, 1, 'sandbox', 'R-' || state, false from cases where state in ('active', 'paused');
