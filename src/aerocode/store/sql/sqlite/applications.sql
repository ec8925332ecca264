-- name: add
insert into applications values (:id, :product, :now, null)

-- name: change
update applications set product = :product where id = :id

-- name: remove
update applications set removed_at = :now where id = :id

-- name: remove_keys
delete from api_keys where application = :id

-- name: remove_pending
update verifications indexed by one_pending_verification set status = 'canceled', seal = null, cipher = null, ended_at = :now
where application = :id and status = 'pending'

-- name: all
select * from applications where removed_at is null order by created_at, id

-- name: add_key
insert into api_keys values (
    :id, :application, :name, :scopes, :fingerprint, :now, :expires_at, null, null
)

-- name: keys
select * from api_keys order by application, created_at, id

-- name: revoke_key
update api_keys set revoked_at = coalesce(revoked_at, :now) where id = :id and application = :application

-- name: touch_key
update api_keys set last_used_at = :now where id = :id
