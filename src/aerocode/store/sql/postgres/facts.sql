-- name: fact
select value from facts where name = :name

-- name: put
insert into facts values (:name, :value) on conflict (name) do update set value = excluded.value

-- name: seed
insert into facts values (:name, :value) on conflict (name) do nothing

-- Replicas read again what they remember when this has changed. Its row lock lets one change happen at a time.
-- name: changed
insert into facts values ('version', '1') on conflict (name) do update set value = (facts.value::bigint + 1)::text

-- name: version
select (select value from facts where name = 'version') as version,
    (extract(epoch from clock_timestamp()) * 1000000)::bigint as now,
    pg_is_in_recovery() as standby

-- name: turn
insert into facts values ('chore ' || :chore::text, :now::bigint::text)
on conflict (name) do update set value = excluded.value where facts.value::bigint <= :due::bigint

-- name: any_connector
select 1 from connectors where type = :type
