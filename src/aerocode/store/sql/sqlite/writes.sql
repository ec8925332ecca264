-- What decisions have written. Each names its row by a whole key.

-- name: begin
insert into verifications values (
    :id, :application, :phone, :name, :usage_type, :session, 'pending', :seal, :cipher, :attempts_left, 1,
    :now, :expires_at, :resend_at, null, :message_id, :pool, :test, :locale, :payload, :metadata, 0
)

-- name: send_again
update verifications
set sends = :sends, expires_at = :expires_at, resend_at = :resend_at, message_id = :message_id, pool = :pool
where id = :id and status = 'pending'

-- name: take_over
update verifications set pool = 'known' where id = :id and status = 'pending'

-- name: spend
update verifications set attempts_left = :attempts_left where id = :id and status = 'pending'

-- name: end
update verifications
set status = :status, attempts_left = :attempts_left, seal = null, cipher = null, ended_at = :now
where id = :id and status = 'pending'

-- name: take_back
update verifications set expires_at = :expires_at, resend_at = :resend_at
where id = :id and status = 'pending' and message_id = :message_id

-- name: climb
insert into ladders values (
    :name, :application, :usage_type, :step, :now, :next_at, :message_id, 0, 0, 0, ''
)
on conflict do update set
    before_step = step, before_sent_at = sent_at, before_next_at = next_at, before_message_id = message_id,
    step = excluded.step, sent_at = excluded.sent_at, next_at = excluded.next_at, message_id = excluded.message_id

-- name: leave_ladder
delete from ladders where name = :name and application = :application and usage_type = :usage_type

-- name: forget_rung
delete from ladders
where name = :name and application = :application and usage_type = :usage_type
    and message_id = :message_id and before_step = 0

-- name: step_down
update ladders set
    step = before_step, sent_at = before_sent_at, next_at = before_next_at, message_id = before_message_id,
    before_step = 0, before_sent_at = 0, before_next_at = 0, before_message_id = ''
where name = :name and application = :application and usage_type = :usage_type and message_id = :message_id

-- name: keep_budget
insert into budgets values (
    :name, :application, :pool, :failures, :in_a_row, :stopped, :forgiven_at, :now
)
on conflict do update set
    failures = excluded.failures, in_a_row = excluded.in_a_row, stopped = excluded.stopped,
    forgiven_at = excluded.forgiven_at, kept_at = excluded.kept_at

-- name: count
insert into sends values (:subject, :marks, :now)
on conflict do update set marks = excluded.marks, kept_at = excluded.kept_at

-- name: set_aside
insert into spending values ('all', :marks, :price, :warned)
on conflict do update set marks = excluded.marks, price = excluded.price, warned = excluded.warned

-- name: remember
insert into requests values (:id, :name, :body, :verification, :message, :again, :now, null)
on conflict do update set
    name = excluded.name, body = excluded.body, verification = excluded.verification, message = excluded.message,
    again = excluded.again, created_at = excluded.created_at, answer = null

-- name: answer
update requests set answer = :answer where id = :id and message = :message

-- name: record
insert into messages values (
    :id, :application, :verification, :caller, :phone, :usage_type, 'created', '', '', '', null, null,
    :now, :now, :before_expires_at, :before_resend_at, :request, :aside, '[]', '', '', null, :life, null
)

-- name: mark
update messages set
    status = :status, reason = :reason, gate_id = :gate_id, sender = :sender, segments = :segments, cost = :cost,
    operator = :operator, account = :account, proof = :proof, ask_at = :ask_at, updated_at = :now, aside = :aside,
    timeline = :timeline
where id = :id

-- name: ask_later
update messages set ask_at = :ask_at where id = :id

-- name: ask_no_more
update messages set ask_at = null, proof = null where id = :id

-- name: renew
update verifications set expires_at = :expires_at, moderated = :moderated where id = :id and status = 'pending'

-- name: renew_before
update messages set before_expires_at = :expires_at where id = :id and before_expires_at is not null
