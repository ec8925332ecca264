-- name: taken
select 1 from connectors where id = :id

-- name: clear
delete from connectors where type = :type

-- name: save
insert into connectors values (:id, :type, :factory, :config, :metadata, :created_at)

-- name: all
select * from connectors order by id

-- name: change
update connectors set config = :config where id = :id

-- name: versions
select * from connector_versions order by ended_at desc, id desc

-- name: keep
insert into connector_versions values (
    :id, :connector, :type, :factory, :config, :metadata, :created_at, :ended_at
)

-- name: let_go
delete from connector_versions where id = :id

-- name: close_again
update connector_versions set config = :config where id = :id
