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
update messages set phone = :pseudonym, timeline = '[]', proof = null, ask_at = null where id = :id

-- A sweep goes over a whole table, so many keys at a time: `last_*` says how far one step reaches.

-- name: last_ladder
select max(k) as last from (select name as k from ladders where name > :after order by name limit :limit)

-- name: sweep_ladder
delete from ladders where name > :after and name <= :last and max(sent_at, next_at) < :before

-- name: last_budget
select max(k) as last from (select name as k from budgets where name > :after order by name limit :limit)

-- name: sweep_budget
delete from budgets
where name > :after and name <= :last and in_a_row = 0 and stopped = 0 and kept_at < :before

-- name: last_count
select max(k) as last from (select subject as k from sends where subject > :after order by subject limit :limit)

-- name: sweep_count
delete from sends where subject > :after and subject <= :last and kept_at < :before

-- name: last_request
select max(k) as last from (select id as k from requests where id > :after order by id limit :limit)

-- name: sweep_request
delete from requests where id > :after and id <= :last and created_at < :before

-- name: last_list
select max(k) as last from (select id as k from lists where id > :after order by id limit :limit)

-- name: sweep_list
delete from lists where id > :after and id <= :last and expires_at < :before

-- name: last_test_number
select max(k) as last from (select phone as k from test_numbers where phone > :after order by phone limit :limit)

-- name: sweep_test_number
delete from test_numbers where phone > :after and phone <= :last and expires_at < :before

-- name: last_audited
select max(k) as last from (select id as k from audit where id > :after order by id limit :limit)

-- name: sweep_audited
update audit set subject = '', reason = '', name = null
where id > :after and id <= :last and at < :before and (subject <> '' or reason <> '')

-- name: last_sealed
select max(k) as last from (select id as k from verifications where id > :after order by id limit :limit)

-- name: sealed
select id, application, phone, usage_type, cipher from verifications
where id > :after and id <= :last and status = 'pending'

-- name: reseal
update verifications set seal = :seal, cipher = :cipher where id = :id and status = 'pending'

-- name: copy
vacuum into :path

-- name: not_marked
select * from messages where status = 'created' and created_at <= :before limit :limit

