-- name: fact
select value from facts where name = :name

-- name: put
insert into facts values (:name, :value) on conflict do update set value = excluded.value

-- name: seed
insert into facts values (:name, :value) on conflict do nothing

-- name: any_connector
select 1 from connectors where type = :type
