-- Times are integer microseconds since 1970 UTC, read by the writer inside the transaction that uses them.

create table facts (
    name text primary key,
    value text not null
) without rowid;

-- A removed application keeps its row: whoever took its id again would own what is left of it.
create table applications (
    id text primary key,
    product text not null,
    created_at integer not null,
    removed_at integer
) without rowid;

create table api_keys (
    id text primary key,
    application text not null references applications (id),
    name text not null,
    scopes text not null,
    fingerprint blob not null unique,
    created_at integer not null,
    expires_at integer,
    revoked_at integer,
    last_used_at integer
) without rowid;

create index api_keys_of_application on api_keys (application, id);

-- The type is unique: at most one SMS connector is live, whoever saves at the same moment.
create table connectors (
    id text primary key,
    type text not null unique,
    factory text not null,
    config blob not null,
    metadata text not null,
    created_at integer not null
) without rowid;

create table verifications (
    id text primary key,
    application text not null,
    phone text not null,
    usage_type text not null,
    session text not null,
    status text not null check (
        status in ('pending', 'approved', 'canceled', 'expired', 'max_attempts_reached', 'failed')
    ),
    seal blob,
    cipher blob,
    attempts_left integer not null check (attempts_left >= 0),
    sends integer not null,
    created_at integer not null,
    expires_at integer not null check (expires_at <= created_at + 600000000),
    resend_at integer not null,
    ended_at integer,
    message_id text not null,
    pool text not null check (pool in ('unknown', 'known')),
    locale text not null,
    payload text not null,
    metadata text not null,
    -- What could reveal a code exists exactly as long as the code may be used.
    check ((status = 'pending') = (seal is not null)),
    check ((status = 'pending') = (cipher is not null)),
    check ((status = 'pending') = (ended_at is null))
) without rowid;

create unique index one_pending_verification
    on verifications (application, phone, usage_type, session) where status = 'pending';
create index verifications_of_subject on verifications (application, phone, usage_type, session, created_at);
create index pending_verifications_by_expiry on verifications (expires_at) where status = 'pending';

-- `phone` is a pseudonym: a stop may outlive every retention. `failures` is a JSON array of [usage type, microseconds],
-- those of the last day, oldest first.
create table budgets (
    phone text not null,
    application text not null,
    pool text not null,
    failures text not null,
    in_a_row integer not null,
    stopped integer not null check (stopped in (0, 1)),
    forgiven_at integer,
    kept_at integer not null,
    primary key (phone, application, pool)
) without rowid;

-- What people changed, by whose key, and why they say they did.
create table audit (
    id text primary key,
    at integer not null,
    actor text not null,
    action text not null,
    subject text not null,
    reason text not null
) without rowid;

-- `before_*` is where the ladder stood before `message_id`, to go back to when that message was certainly refused.
create table ladders (
    application text not null,
    phone text not null,
    usage_type text not null,
    step integer not null,
    sent_at integer not null,
    next_at integer not null,
    message_id text not null,
    before_step integer not null,
    before_sent_at integer not null,
    before_next_at integer not null,
    before_message_id text not null,
    primary key (application, phone, usage_type)
) without rowid;

-- `caller` is set for messages of the connector tester, which belong to no verification.
create table messages (
    id text primary key,
    application text not null,
    verification text,
    caller text,
    phone text not null,
    usage_type text not null,
    status text not null,
    reason text not null,
    gate_id text not null,
    sender text not null,
    segments integer,
    cost text,
    created_at integer not null,
    updated_at integer not null,
    before_expires_at integer,
    before_resend_at integer,
    timeline text not null
) without rowid;

create index messages_not_marked on messages (created_at) where status = 'created';
create index test_messages_by_phone on messages (phone, created_at) where caller is not null;
create index test_messages_by_caller on messages (caller, created_at) where caller is not null;
