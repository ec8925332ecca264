-- name: free
update budgets set in_a_row = 0, stopped = 0
where name = :name and application = coalesce(:application, application)

-- name: write_down
insert into audit values (:id, :at, :actor, :action, :subject, :reason, :name)
