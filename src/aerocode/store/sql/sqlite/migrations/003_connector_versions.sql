
-- Configs that were live before the one that is, encrypted as it is; the last ten of a type.
create table connector_versions (
    id text primary key,
    connector text not null,
    type text not null,
    factory text not null,
    config blob not null,
    metadata text not null,
    created_at integer not null,
    ended_at integer not null
) without rowid;
