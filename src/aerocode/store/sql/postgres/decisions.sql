-- What decisions look at, one row for each that asks (`n`), at the store's time (`now`) and under the locks of its phone.
-- Joined by whole keys: each is one look into an index.

-- name: to_issue
select asked.n, asked.now, v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, w.marks as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r as request_row, rv as request_verification, rm as request_message
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
left join verifications v on v.application = asked.application and v.phone = asked.phone
    and v.usage_type = asked.usage_type and v.session = asked.session and v.status = 'pending'
left join budgets u on u.name = asked.name and u.application = asked.application and u.pool = 'unknown'
left join budgets k on k.name = asked.name and k.application = asked.application and k.pool = 'known'
left join ladders l on l.name = asked.name and l.application = asked.application and l.usage_type = asked.usage_type
left join sends p on p.subject = asked.phone_sends
left join sends w on w.subject = asked.network_sends
left join sends b on b.subject = asked.block_sends
left join sends a on a.subject = asked.application_sends
left join spending m on m.name = asked.spending
left join requests r on r.id = asked.request
left join verifications rv on rv.id = r.verification
left join messages rm on rm.id = r.message

-- name: to_resend
select asked.n, asked.now, v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, null::text as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r as request_row, rv as request_verification, rm as request_message
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(
        :id::text[], :application::text[], :phone::text[], :usage_type::text[], :session::text[],
        :spending::text[], :request::text[], :ahead::bigint[]
    ) with ordinality as given (id, application, phone, usage_type, session, spending, request, ahead, n)
) as asked
left join verifications v on v.application = asked.application and v.session = asked.session and v.id = coalesce(
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
left join budgets u on u.name = v.name and u.application = v.application and u.pool = 'unknown'
left join budgets k on k.name = v.name and k.application = v.application and k.pool = 'known'
left join ladders l on l.name = v.name and l.application = v.application and l.usage_type = v.usage_type
left join sends p on p.subject = 'phone ' || v.name
left join sends b on b.subject = 'block ' || substr(v.phone, 2, 7)
left join sends a on a.subject = 'application ' || v.application
left join spending m on m.name = asked.spending
left join requests r on r.id = asked.request
left join verifications rv on rv.id = r.verification
left join messages rm on rm.id = r.message

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
left join verifications v on v.application = asked.application and v.session = asked.session and v.id = coalesce(
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
left join budgets u on u.name = v.name and u.application = v.application and u.pool = 'unknown'
left join budgets k on k.name = v.name and k.application = v.application and k.pool = 'known'

-- name: to_mark
select asked.n, asked.now, message.*, v as verification_row,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned
from (
    select given.*, given.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
    from unnest(:id::text[], :ahead::bigint[]) with ordinality as given (id, ahead, n)
) as asked
left join messages message on message.id = asked.id
left join verifications v on v.id = message.verification
left join spending m on m.name = case when message.aside <> 0 then 'all' end

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
    where caller is not null and phone = asked.phone and created_at > asked.now - asked.phone_window
) as by_phone on true
left join spending m on m.name = asked.spending

-- What has to be known before it is known what to lock; none of it ever changes but a phone that retention takes.

-- name: named
select asked.n, v.name, v.phone, v.application
from unnest(:id::text[]) with ordinality as asked (id, n) join verifications v on v.id = asked.id

-- name: addressed
select asked.n, m.phone, m.aside, m.request
from unnest(:id::text[]) with ordinality as asked (id, n) join messages m on m.id = asked.id
