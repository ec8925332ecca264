-- name: verification
select * from verifications where id = :id and application = :application

-- name: verifications
select * from verifications
where application = :application and id < :before order by id desc limit :limit

-- name: verifications_of_phone
select * from verifications
where application = :application and phone = :phone and id < :before order by id desc limit :limit

-- name: message
select * from messages where id = :id and application = :application
