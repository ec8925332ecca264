-- Times are bigint microseconds since 1970 UTC on the database's clock, read inside the transaction that uses them.
-- Ids sort byte by byte, whatever language the database was made for.

create table facts (
    name text collate "C" primary key,
    value text not null
);

-- A removed application keeps its row: whoever took its id again would own what is left of it.
create table applications (
    id text collate "C" primary key,
    product text not null,
    created_at bigint not null,
    removed_at bigint
);

create table api_keys (
    id text collate "C" primary key,
    application text not null references applications (id),
    name text collate "C" not null,
    scopes text not null,
    fingerprint bytea not null unique,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint,
    last_used_at bigint
);

create index api_keys_of_application on api_keys (application, id);

-- The type is unique: at most one SMS connector is live, whoever saves at the same moment.
create table connectors (
    id text collate "C" primary key,
    type text not null unique,
    factory text not null,
    config bytea not null,
    metadata text not null,
    created_at bigint not null
);

-- `name` is the pseudonym of the phone, under which it is counted; it stands in `phone` too once retention has ended.
create table verifications (
    id text collate "C" primary key,
    application text not null,
    phone text not null,
    name text collate "C" not null,
    usage_type text not null,
    session text not null,
    status text not null check (
        status in ('pending', 'approved', 'canceled', 'expired', 'max_attempts_reached', 'failed')
    ),
    seal bytea,
    cipher bytea,
    attempts_left integer not null check (attempts_left >= 0),
    sends integer not null,
    created_at bigint not null,
    expires_at bigint not null check (expires_at <= created_at + 600000000),
    resend_at bigint not null,
    ended_at bigint,
    message_id text collate "C" not null,
    pool text not null check (pool in ('unknown', 'known')),
    test integer not null check (test in (0, 1)),
    locale text not null,
    payload text not null,
    metadata text not null,
    -- What could reveal a code exists exactly as long as the code may be used.
    check ((status = 'pending') = (seal is not null)),
    check ((status = 'pending') = (cipher is not null)),
    check ((status = 'pending') = (ended_at is null))
);

create unique index one_pending_verification
    on verifications (application, phone, usage_type, session) where status = 'pending';
create index verifications_of_subject on verifications (application, phone, usage_type, session, created_at);
-- Another way to say `pending`, so that whoever looks for a subject's is never led through all of them.
create index pending_verifications_by_expiry on verifications (expires_at) where ended_at is null;

-- `name` is the phone's pseudonym: a stop may outlive every retention. `failures` is a JSON array of
-- [usage type, microseconds], those of the last day, oldest first.
create table budgets (
    name text collate "C" not null,
    application text not null,
    pool text not null,
    failures text not null,
    in_a_row integer not null,
    stopped integer not null check (stopped in (0, 1)),
    forgiven_at bigint,
    kept_at bigint not null,
    primary key (name, application, pool)
);

-- How often messages went to one subject of a cap: a phone's pseudonym, a network's, a numbering block, an application.
-- `marks` is a JSON array of [microseconds, how many], oldest first.
create table sends (
    subject text collate "C" primary key,
    marks text not null,
    kept_at bigint not null
);

-- One row, once there is a daily budget. `marks` as above, of ten-thousandths of a rouble; `price` is the last message's.
create table spending (
    name text collate "C" primary key,
    marks text not null,
    price bigint,
    warned integer not null check (warned in (0, 1))
);

-- One row for each Idempotency-Key of the last day. `id` and `body` are HMACs; `answer` is what moved, once it was told.
create table requests (
    id text collate "C" primary key,
    name text collate "C" not null,
    body text not null,
    verification text not null,
    message text not null,
    again integer not null check (again in (0, 1)),
    created_at bigint not null,
    answer text
);

create index requests_of_phone on requests (name);

-- Whom codes are sent to although, or not sent to. `value` is a phone in E.164, the beginning of one, or a network.
create table lists (
    id text collate "C" primary key,
    verdict text not null check (verdict in ('allow', 'block')),
    kind text not null check (kind in ('phone', 'prefix', 'network')),
    value text not null,
    reason text not null,
    created_at bigint not null,
    expires_at bigint,
    unique (kind, value)
);

-- Numbers that get no SMS: `cipher` is the code that is always theirs.
create table test_numbers (
    phone text collate "C" primary key,
    cipher bytea not null,
    created_at bigint not null,
    expires_at bigint
);

-- What people changed, by whose key, and why they say they did. `name` is the pseudonym of the phone it was about.
create table audit (
    id text collate "C" primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    subject text collate "C" not null,
    reason text not null,
    name text collate "C"
);

-- `before_*` is where the ladder stood before `message_id`, to go back to when that message was certainly refused.
create table ladders (
    name text collate "C" not null,
    application text not null,
    usage_type text not null,
    step integer not null,
    sent_at bigint not null,
    next_at bigint not null,
    message_id text collate "C" not null,
    before_step bigint not null,
    before_sent_at bigint not null,
    before_next_at bigint not null,
    before_message_id text collate "C" not null,
    primary key (name, application, usage_type)
);

-- `caller` is set for messages of the connector tester, which belong to no verification.
create table messages (
    id text collate "C" primary key,
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
    created_at bigint not null,
    updated_at bigint not null,
    before_expires_at bigint,
    before_resend_at bigint,
    -- The Idempotency-Key that asked for it, and the money set aside until the gate tells what it took.
    request text,
    aside bigint not null,
    timeline text not null
);

create index messages_not_marked on messages (created_at) where status = 'created';
create index messages_of_phone on messages (phone, created_at);
create index test_messages_by_caller on messages (caller, created_at) where caller is not null;
