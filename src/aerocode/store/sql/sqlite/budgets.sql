-- name: budget
select * from budgets where application = :application and phone = :phone and pool = :pool

-- name: keep
insert into budgets values (:application, :phone, :pool, :failures, :in_a_row, :stopped, :forgiven_at)
on conflict do update set
    failures = excluded.failures, in_a_row = excluded.in_a_row, stopped = excluded.stopped,
    forgiven_at = excluded.forgiven_at

-- name: free
update budgets set in_a_row = 0, stopped = 0 where phone = :phone and application = :application

-- name: free_everywhere
update budgets set in_a_row = 0, stopped = 0 where phone = :phone

-- name: write_down
insert into audit values (:id, :at, :actor, :action, :subject, :reason)
