-- name: all
select * from lists order by created_at, id

-- name: drop_expired
delete from lists where expires_at <= :now

-- name: add
insert into lists values (:id, :verdict, :kind, :value, :reason, :now, :expires_at)
on conflict (kind, value) do nothing

-- name: one
select * from lists where id = :id

-- name: remove
delete from lists where id = :id
