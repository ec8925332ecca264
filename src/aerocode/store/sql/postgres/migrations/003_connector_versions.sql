-- Configs that were live before the one that is, encrypted as it is; the last ten of a type.
create table connector_versions (
    id text collate "C" primary key,
    connector text collate "C" not null,
    type text not null,
    factory text not null,
    config bytea not null,
    metadata text not null,
    created_at bigint not null,
    ended_at bigint not null
);
