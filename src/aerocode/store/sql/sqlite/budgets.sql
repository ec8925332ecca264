-- name: budget
select * from budgets
where phone = :phone and application = :application and pool = :pool

-- name: keep
insert into budgets values (
    :phone, :application, :pool, :failures, :in_a_row, :stopped, :forgiven_at, :now
)
on conflict do update set
    failures = excluded.failures, in_a_row = excluded.in_a_row, stopped = excluded.stopped,
    forgiven_at = excluded.forgiven_at, kept_at = excluded.kept_at

-- name: free
update budgets set in_a_row = 0, stopped = 0
where phone = :phone and application = coalesce(:application, application)

-- name: forget
delete from budgets where in_a_row = 0 and stopped = 0 and kept_at < :before

-- name: write_down
insert into audit values (:id, :at, :actor, :action, :subject, :reason)
