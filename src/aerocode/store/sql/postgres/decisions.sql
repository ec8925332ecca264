-- What decisions look at, one row for each that asks (`n`), at the store's time (`now`) and under the locks of its phone.
-- Each table is looked into by a whole key. `offset 0` keeps the planner from thinking of anything else: a plan is made
-- when a connection is new and the tables may be empty, and stays when they have grown.

-- name: to_issue
select asked.n, asked.now, v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, w.marks as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r.whole as request_row, rv.whole as request_verification, rm.whole as request_message
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :application::text[], :phone::text[], :usage_type::text[], :session::text[], :name::text[],
        :phone_sends::text[], :network_sends::text[], :block_sends::text[], :application_sends::text[],
        :spending::text[], :request::text[], :ahead::bigint[]
    ) with ordinality as given (
        application, phone, usage_type, session, name,
        phone_sends, network_sends, block_sends, application_sends, spending, request, ahead, n
    )
) as asked
left join lateral (
    select * from verifications
    where application = asked.application and phone = asked.phone and usage_type = asked.usage_type
        and session = asked.session and status = 'pending'
    offset 0
) v on true
left join lateral (
    select * from budgets where name = asked.name and application = asked.application and pool = 'unknown' offset 0
) u on true
left join lateral (
    select * from budgets where name = asked.name and application = asked.application and pool = 'known' offset 0
) k on true
left join lateral (
    select * from ladders where name = asked.name and application = asked.application and usage_type = asked.usage_type
    offset 0
) l on true
left join lateral (select * from sends where subject = asked.phone_sends offset 0) p on true
left join lateral (select * from sends where subject = asked.network_sends offset 0) w on true
left join lateral (select * from sends where subject = asked.block_sends offset 0) b on true
left join lateral (select * from sends where subject = asked.application_sends offset 0) a on true
left join lateral (select * from spending where name = asked.spending offset 0) m on true
left join lateral (select x.*, x as whole from requests x where id = asked.request offset 0) r on true
left join lateral (select x as whole from verifications x where id = r.verification offset 0) rv on true
left join lateral (select x as whole from messages x where id = r.message offset 0) rm on true

-- name: to_resend
select asked.n, asked.now, v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, null::text as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r.whole as request_row, rv.whole as request_verification, rm.whole as request_message
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :id::text[], :application::text[], :phone::text[], :usage_type::text[], :session::text[],
        :spending::text[], :request::text[], :ahead::bigint[]
    ) with ordinality as given (id, application, phone, usage_type, session, spending, request, ahead, n)
) as asked
left join lateral (
    select * from verifications where id = coalesce(
        asked.id,
        (
            select id from verifications
            where application = asked.application and phone = asked.phone and usage_type = asked.usage_type
                and session = asked.session and status = 'pending'
        ),
        (
            select id from verifications
            where application = asked.application and phone = asked.phone and usage_type = asked.usage_type
                and session = asked.session
            order by created_at desc limit 1
        )
    )
    offset 0
) v on v.application = asked.application and v.session = asked.session
left join lateral (
    select * from budgets where name = v.name and application = v.application and pool = 'unknown' offset 0
) u on true
left join lateral (
    select * from budgets where name = v.name and application = v.application and pool = 'known' offset 0
) k on true
left join lateral (
    select * from ladders where name = v.name and application = v.application and usage_type = v.usage_type
    offset 0
) l on true
left join lateral (select * from sends where subject = 'phone ' || v.name offset 0) p on true
left join lateral (select * from sends where subject = 'block ' || substr(v.phone, 2, 7) offset 0) b on true
left join lateral (select * from sends where subject = 'application ' || v.application offset 0) a on true
left join lateral (select * from spending where name = asked.spending offset 0) m on true
left join lateral (select x.*, x as whole from requests x where id = asked.request offset 0) r on true
left join lateral (select x as whole from verifications x where id = r.verification offset 0) rv on true
left join lateral (select x as whole from messages x where id = r.message offset 0) rm on true

-- name: to_check
select asked.n, asked.now, v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :id::text[], :application::text[], :phone::text[], :usage_type::text[], :session::text[], :ahead::bigint[]
    ) with ordinality as given (id, application, phone, usage_type, session, ahead, n)
) as asked
left join lateral (
    select * from verifications where id = coalesce(
        asked.id,
        (
            select id from verifications
            where application = asked.application and phone = asked.phone and usage_type = asked.usage_type
                and session = asked.session and status = 'pending'
        ),
        (
            select id from verifications
            where application = asked.application and phone = asked.phone and usage_type = asked.usage_type
                and session = asked.session
            order by created_at desc limit 1
        )
    )
    offset 0
) v on v.application = asked.application and v.session = asked.session
left join lateral (
    select * from budgets where name = v.name and application = v.application and pool = 'unknown' offset 0
) u on true
left join lateral (
    select * from budgets where name = v.name and application = v.application and pool = 'known' offset 0
) k on true

-- The verification comes along where `store.decisions.marking` may touch it, or when it is `wanted` anyway.

-- name: to_mark
select asked.n, asked.now, message.*, v.status as verification_status, v.whole as verification_row, o.others,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(:id::text[], :wanted::boolean[], :ahead::bigint[]) with ordinality as given (id, wanted, ahead, n)
) as asked
left join lateral (select * from messages where id = asked.id offset 0) message on true
left join lateral (
    select status, created_at,
        case when asked.wanted or message.request is not null or 'moderation' = message.status or status <> 'pending'
        then x end as whole
    from verifications x where id = message.verification offset 0
) v on true
left join lateral (
    select count(*) as others from messages
    where message.status = 'moderation' and phone = message.phone and created_at >= v.created_at
        and verification = message.verification and status = 'moderation' and id <> message.id
    offset 0
) o on true
left join lateral (select * from spending where name = case when message.aside <> 0 then 'all' end offset 0) m on true

-- `claimed`: what the gate created at a moment belongs to another message. It has that id, or is alike, just as
-- uncertain, and nearer to the moment.

-- name: to_settle
select asked.n, asked.now, message.*, v.status as verification_status, v.whole as verification_row, o.others, c.claimed,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :id::text[], :wanted::boolean[], :gate_id::text[], :at::bigint[], :neighbours::bigint[], :ahead::bigint[]
    ) with ordinality as given (id, wanted, gate_id, at, neighbours, ahead, n)
) as asked
left join lateral (select * from messages where id = asked.id offset 0) message on true
left join lateral (
    select status, created_at,
        case when asked.wanted or message.request is not null or 'moderation' = message.status or status <> 'pending'
        then x end as whole
    from verifications x where id = message.verification offset 0
) v on true
left join lateral (
    select count(*) as others from messages
    where message.status = 'moderation' and phone = message.phone and created_at >= v.created_at
        and verification = message.verification and status = 'moderation' and id <> message.id
    offset 0
) o on true
left join lateral (
    select true as claimed from messages
    where phone = message.phone and created_at > message.created_at - asked.neighbours and id <> message.id and (
        gate_id = asked.gate_id
        or (
            gate_id = '' and status = 'unknown' and proof = message.proof
            and abs(created_at - asked.at) < abs(message.created_at - asked.at)
        )
    )
    limit 1
) c on true
left join lateral (select * from spending where name = case when message.aside <> 0 then 'all' end offset 0) m on true

-- name: to_test
select asked.n, asked.now, by_caller.sent as caller_sent, by_caller.first as caller_first,
    by_phone.sent as phone_sent, by_phone.first as phone_first,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :caller::text[], :caller_window::bigint[], :phone::text[], :phone_window::bigint[], :spending::text[],
        :ahead::bigint[]
    ) with ordinality as given (caller, caller_window, phone, phone_window, spending, ahead, n)
) as asked
left join lateral (
    select count(*) as sent, min(created_at) as first from messages
    where caller = asked.caller and created_at > asked.now - asked.caller_window
) as by_caller on true
left join lateral (
    select count(*) as sent, min(created_at) as first from messages
    where coalesce(caller, '') <> '' and phone = asked.phone and created_at > asked.now - asked.phone_window
) as by_phone on true
left join lateral (select * from spending where name = asked.spending offset 0) m on true

-- What has to be known before it is known what to lock; none of it ever changes but a phone that retention takes.

-- name: named
select asked.n, v.name, v.phone, v.application
from unnest(:id::text[]) with ordinality as asked (id, n) join verifications v on v.id = asked.id

-- name: addressed
select asked.n, m.phone, m.aside, m.request
from unnest(:id::text[]) with ordinality as asked (id, n) join messages m on m.id = asked.id
