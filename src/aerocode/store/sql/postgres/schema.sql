-- name: lock
select pg_advisory_xact_lock(:key::bigint)

-- name: there
select to_regnamespace('aerocode') is not null as there, to_regclass('aerocode.migrations') is not null as ours

-- name: version
select coalesce(max(version), 0) as version from aerocode.migrations

-- name: make
create schema aerocode

-- name: make_versions
create table aerocode.migrations (
    version integer primary key,
    done_at timestamptz not null default clock_timestamp()
)

-- name: done
insert into aerocode.migrations (version) values (:version::integer)

-- name: others
select count(*) as others from pg_stat_activity
where datname = current_database() and application_name = 'aerocode' and pid <> pg_backend_pid()

-- name: marker
select value from aerocode.facts where name = 'mode'
