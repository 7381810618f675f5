-- The rights of the service's role, granted anew after every migration: what a new table allows stands here or nowhere.
grant usage on schema public to luotsi_app;

grant select, insert, update on installation, units, people, accounts, cases, concerns, vault, consents, participants,
    assignments, absences, meetings, agenda, notices, rooms, leases, cards, requests, spent_nonces, sayings, drafts, lost_queues,
    log_chains to luotsi_app;
revoke insert, update on installation from luotsi_app;

-- Only what is rewritten as a whole, forgotten in time or given back may be deleted. Cases, consents and meetings never are.
grant select, insert, delete on consent_parties, attendance to luotsi_app;
grant delete on accounts, agenda, leases, requests, spent_nonces, sayings, drafts, lost_queues to luotsi_app;

grant select, insert on access_log, disclosure_log, log_seals, log_seal_heads, duty_notices to luotsi_app;
revoke update, delete, truncate on access_log, disclosure_log, log_seals, log_seal_heads, duty_notices from luotsi_app;

grant select on goose_db_version to luotsi_app;

-- River's own tables, whatever its version calls them.
do $$
declare
    river text;
begin
    for river in select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname = 'public' and tablename like 'river\_%' and tablename <> 'river_migration' loop
        execute 'grant select, insert, update, delete on ' || river || ' to luotsi_app';
    end loop;
end $$;
grant select on river_migration to luotsi_app;
grant usage, select on all sequences in schema public to luotsi_app;
