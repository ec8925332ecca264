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

-- name: remove
delete from connectors where id = :id
