-- name: lock
select pg_advisory_xact_lock(number) from unnest(:numbers::bigint[]) as number
