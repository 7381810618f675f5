-- Access that an administrator closed by hand: no account that works opens it again.

-- +goose Up
alter table people add column held boolean not null default false;
alter table people add constraint held_is_closed check (disabled or not held);
