-- name: all
select * from test_numbers order by created_at, phone

-- name: drop_expired
delete from test_numbers where expires_at <= :now

-- name: count
select count(*) as kept from test_numbers

-- name: add
insert into test_numbers values (:phone, :cipher, :now, :expires_at)
on conflict (phone) do nothing

-- name: remove
delete from test_numbers where phone = :phone

-- name: change
update test_numbers set cipher = :cipher where phone = :phone
