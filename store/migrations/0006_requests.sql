-- What makes a repeated request harmless.

-- +goose Up

-- The request is kept as a digest: it comes from outside and may be as long as its sender likes.
create table requests (
    login      text not null,
    request    bytea not null,
    claimed_at timestamptz not null,
    answer     bytea, -- encrypted
    primary key (login, request)
);

create index requests_age on requests (claimed_at);

create table spent_nonces (
    nonce text primary key,
    until timestamptz not null
);

create index spent_nonces_age on spent_nonces (until);
