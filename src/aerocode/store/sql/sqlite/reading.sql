-- name: verification
select * from verifications where id = :id and application = :application

-- name: verifications
select * from verifications
where application = :application and id < :before order by id desc limit :limit

-- A phone has few verifications, its application may have millions: SQLite can't know, having no statistics.

-- name: verifications_of_phone
select * from verifications indexed by verifications_of_subject
where application = :application and phone = :phone and id < :before order by id desc limit :limit

-- name: message
select * from messages where id = :id and application = :application

-- name: messages_of_status
select * from messages
where application = :application and status = :status and created_at >= :since
    and (created_at, id) < (:before_at, :before_id)
order by created_at desc, id desc limit :limit

-- A phone has few messages, whatever their status.

-- name: messages_of_phone
select * from messages
where phone = :phone and created_at >= :since and (created_at, id) < (:before_at, :before_id)
    and application = :application
order by created_at desc, id desc

-- name: phone_of_verification
select phone from verifications where id = :id

-- name: messages_of_verification
select * from messages
where phone = :phone and created_at between :since and :until and verification = :verification
order by created_at, id

-- name: moderated
select count(*) as known, coalesce(sum(was), 0) as moderated
from (select timeline like '%"moderation"%' as was from messages order by id desc limit :last)
