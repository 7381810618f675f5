-- Coordinators' rooms that Luotsi cannot use, so that an outage is told once; and what is told of them, which is about no case.

-- +goose Up

create table lost_queues (
    platform text primary key,
    since    timestamptz not null
);

alter table notices alter column case_id drop not null;
