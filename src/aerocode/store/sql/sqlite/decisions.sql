-- What one decision looks at, in one row. Joined by whole keys: each is one look into an index.

-- name: to_issue
select v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, n.marks as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r.id as request, r.body as request_body, r.created_at as request_created_at
from (select 1)
left join verifications v on v.application = :application and v.phone = :phone and v.usage_type = :usage_type
    and v.session = :session and v.status = 'pending'
left join budgets u on u.name = :name and u.application = :application and u.pool = 'unknown'
left join budgets k on k.name = :name and k.application = :application and k.pool = 'known'
left join ladders l on l.name = :name and l.application = :application and l.usage_type = :usage_type
left join sends p on p.subject = :phone_sends
left join sends n on n.subject = :network_sends
left join sends b on b.subject = :block_sends
left join sends a on a.subject = :application_sends
left join spending m on m.name = :spending
left join requests r on r.id = :request

-- name: to_issue_plainly
-- The same for the most frequent start: no network, no cap of the application, no budget of money, no named request.
select v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, b.marks as block_marks
from (select 1)
left join verifications v on v.application = :application and v.phone = :phone and v.usage_type = :usage_type
    and v.session = :session and v.status = 'pending'
left join budgets u on u.name = :name and u.application = :application and u.pool = 'unknown'
left join budgets k on k.name = :name and k.application = :application and k.pool = 'known'
left join ladders l on l.name = :name and l.application = :application and l.usage_type = :usage_type
left join sends p on p.subject = :phone_sends
left join sends b on b.subject = :block_sends

-- name: to_resend
select v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at,
    l.step as rung_step, l.sent_at as rung_sent_at, l.next_at as rung_next_at,
    p.marks as phone_marks, null as network_marks, b.marks as block_marks, a.marks as application_marks,
    m.marks as money_marks, m.price as money_price, m.warned as money_warned,
    r.id as request, r.body as request_body, r.created_at as request_created_at
from (select 1)
left join verifications v on v.id = :id and v.application = :application and v.session = :session
left join budgets u on u.name = v.name and u.application = v.application and u.pool = 'unknown'
left join budgets k on k.name = v.name and k.application = v.application and k.pool = 'known'
left join ladders l on l.name = v.name and l.application = v.application and l.usage_type = v.usage_type
left join sends p on p.subject = 'phone ' || v.name
left join sends b on b.subject = 'block ' || substr(v.phone, 2, 7)
left join sends a on a.subject = 'application ' || v.application
left join spending m on m.name = :spending
left join requests r on r.id = :request

-- name: to_check
select v.*,
    u.failures as unknown_failures, u.in_a_row as unknown_in_a_row, u.stopped as unknown_stopped,
    u.forgiven_at as unknown_forgiven_at,
    k.failures as known_failures, k.in_a_row as known_in_a_row, k.stopped as known_stopped,
    k.forgiven_at as known_forgiven_at
from verifications v
left join budgets u on u.name = v.name and u.application = v.application and u.pool = 'unknown'
left join budgets k on k.name = v.name and k.application = v.application and k.pool = 'known'
where v.id = :id and v.application = :application and v.session = :session

-- name: pending
select id from verifications
where application = :application and phone = :phone and usage_type = :usage_type and session = :session
    and status = 'pending'

-- name: latest
select id from verifications
where application = :application and phone = :phone and usage_type = :usage_type and session = :session
order by created_at desc limit 1

-- name: verification
select * from verifications where id = :id

-- name: message
select * from messages where id = :id

-- name: to_mark
select m.*, v.status as verification_status
from messages m left join verifications v on v.id = m.verification
where m.id = :id
-- name: others_in_moderation
select count(*) as others from messages
where phone = :phone and created_at >= :since and verification = :verification and status = 'moderation' and id <> :id

-- name: due
select * from messages where ask_at <= :now order by ask_at limit :limit

-- name: prove
update messages set proof = :proof where id = :id and proof is null

-- Whether what the gate created at a moment belongs to another message: it has that id, or is alike, just as uncertain,
-- and nearer to the moment.

-- name: claimed
select 1 from messages
where phone = :phone and created_at > :since and id <> :id and (
    gate_id = :gate_id
    or (gate_id = '' and status = 'unknown' and proof = :proof and abs(created_at - :at) < abs(:created_at - :at))
)
limit 1

-- name: request
select * from requests where id = :id

-- name: money
select marks as money_marks, price as money_price, warned as money_warned from spending where name = 'all'

-- name: tests_of_phone
select count(*) as sent, min(created_at) as first from messages
where caller is not null and phone = :phone and created_at > :since

-- name: tests_of_caller
select count(*) as sent, min(created_at) as first from messages
where caller = :caller and created_at > :since
