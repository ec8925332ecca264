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

-- `name` is the pseudonym of the phone, under which it is counted; it stands in `phone` too once retention has ended.
create table verifications (
    id text primary key,
    application text not null,
    phone text not null,
    name text not null,
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
    test integer not null check (test in (0, 1)),
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

-- `name` is the phone's pseudonym: a stop may outlive every retention. `failures` is a JSON array of [usage type, microseconds],
-- those of the last day, oldest first.
create table budgets (
    name text not null,
    application text not null,
    pool text not null,
    failures text not null,
    in_a_row integer not null,
    stopped integer not null check (stopped in (0, 1)),
    forgiven_at integer,
    kept_at integer not null,
    primary key (name, application, pool)
) without rowid;

-- How often messages went to one subject of a cap: a phone's pseudonym, a network's, a numbering block, an application.
-- `marks` is a JSON array of [microseconds, how many], oldest first.
create table sends (
    subject text primary key,
    marks text not null,
    kept_at integer not null
) without rowid;

-- One row, once there is a daily budget. `marks` as above, of ten-thousandths of a rouble; `price` is the last message's.
create table spending (
    name text primary key,
    marks text not null,
    price integer,
    warned integer not null check (warned in (0, 1))
) without rowid;

-- One row for each Idempotency-Key of the last day. `id` and `body` are HMACs; `answer` is what moved, once it was told.
create table requests (
    id text primary key,
    name text not null,
    body text not null,
    verification text not null,
    message text not null,
    again integer not null check (again in (0, 1)),
    created_at integer not null,
    answer text
) without rowid;

create index requests_of_phone on requests (name);

-- Whom codes are sent to although, or not sent to. `value` is a phone in E.164, the beginning of one, or a network.
create table lists (
    id text primary key,
    verdict text not null check (verdict in ('allow', 'block')),
    kind text not null check (kind in ('phone', 'prefix', 'network')),
    value text not null,
    reason text not null,
    created_at integer not null,
    expires_at integer,
    unique (kind, value)
) without rowid;

-- Numbers that get no SMS: `cipher` is the code that is always theirs.
create table test_numbers (
    phone text primary key,
    cipher blob not null,
    created_at integer not null,
    expires_at integer
) without rowid;

-- What people changed, by whose key, and why they say they did. `name` is the pseudonym of the phone it was about.
create table audit (
    id text primary key,
    at integer not null,
    actor text not null,
    action text not null,
    subject text not null,
    reason text not null,
    name text
) without rowid;

-- `before_*` is where the ladder stood before `message_id`, to go back to when that message was certainly refused.
create table ladders (
    name text not null,
    application text not null,
    usage_type text not null,
    step integer not null,
    sent_at integer not null,
    next_at integer not null,
    message_id text not null,
    before_step integer not null,
    before_sent_at integer not null,
    before_next_at integer not null,
    before_message_id text not null,
    primary key (name, application, usage_type)
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
    -- The Idempotency-Key that asked for it, and the money set aside until the gate tells what it took.
    request text,
    aside integer not null,
    timeline text not null
) without rowid;

create index messages_not_marked on messages (created_at) where status = 'created';
create index messages_of_phone on messages (phone, created_at);
create index test_messages_by_caller on messages (caller, created_at) where caller is not null;
