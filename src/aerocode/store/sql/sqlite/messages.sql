-- name: record
insert into messages values (
    :id, :application, :verification, :caller, :phone, :usage_type, 'created', '', '', '', null, null,
    :now, :now, :before_expires_at, :before_resend_at, '[]'
)

-- name: message
select * from messages where id = :id

-- name: mark
update messages set
    status = :status, reason = :reason,
    gate_id = coalesce(nullif(gate_id, ''), :gate_id), sender = coalesce(nullif(sender, ''), :sender),
    segments = coalesce(segments, :segments), cost = coalesce(cost, :cost),
    updated_at = :now, timeline = json_insert(timeline, '$[#]', json(:event))
where id = :id

-- name: move
update messages set
    status = :status, cost = coalesce(:cost, cost), updated_at = :now,
    timeline = json_insert(timeline, '$[#]', json(:event))
where id = :id

-- name: jot
update messages set updated_at = :now, timeline = json_insert(timeline, '$[#]', json(:event)) where id = :id

-- name: tests_of_phone
select count(*) as sent, min(created_at) as first from messages
where caller is not null and phone = :phone and created_at > :since

-- name: tests_of_caller
select count(*) as sent, min(created_at) as first from messages
where caller = :caller and created_at > :since

-- name: not_marked
select id from messages where status = 'created' and created_at <= :before limit :limit
