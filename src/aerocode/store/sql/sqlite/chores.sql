-- name: overdue
select id from verifications where status = 'pending' and expires_at <= :now order by expires_at limit :limit

-- name: expire
update verifications set status = 'expired', seal = null, cipher = null, ended_at = :now
where id = :id and status = 'pending' and expires_at <= :now

-- name: old_verifications
select id, phone, created_at from verifications where id > :after order by id limit :limit

-- name: old_messages
select id, phone, created_at from messages where id > :after order by id limit :limit

-- name: forget_verification_phone
update verifications set phone = :pseudonym, payload = '{}', metadata = '{}', session = ''
where id = :id and status <> 'pending'

-- name: forget_message_phone
update messages set phone = :pseudonym, timeline = '[]' where id = :id

-- name: forget_ladders
delete from ladders where sent_at < :before

-- name: sealed
select id, application, phone, usage_type, cipher from verifications where status = 'pending' and id > :after
order by id limit :limit

-- name: reseal
update verifications set seal = :seal, cipher = :cipher where id = :id and status = 'pending'

-- name: copy
vacuum into :path
