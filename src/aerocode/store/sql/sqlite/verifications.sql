-- name: pending
select * from verifications
where application = :application and phone = :phone and usage_type = :usage_type and session = :session
    and status = 'pending'

-- name: newest
select * from verifications
where application = :application and phone = :phone and usage_type = :usage_type and session = :session
order by created_at desc limit 1

-- name: by_id
select * from verifications where id = :id and application = :application and session = :session

-- name: begin
insert into verifications values (
    :id, :application, :phone, :usage_type, :session, 'pending', :seal, :cipher, :attempts_left, 1,
    :now, :expires_at, :resend_at, null, :message_id, :pool, :locale, :payload, :metadata
)

-- name: send_again
update verifications
set sends = sends + 1, expires_at = :expires_at, resend_at = :resend_at, message_id = :message_id
where id = :id and status = 'pending'

-- name: take_over
update verifications set pool = 'known' where id = :id and status = 'pending'

-- name: spend
update verifications set attempts_left = attempts_left - 1
where id = :id and status = 'pending' and attempts_left > 0

-- name: end
update verifications set status = :status, seal = null, cipher = null, ended_at = :now
where id = :id and status = 'pending'

-- name: exhaust
update verifications
set status = 'max_attempts_reached', attempts_left = 0, seal = null, cipher = null, ended_at = :now
where id = :id and status = 'pending'

-- name: fail_start
update verifications set status = 'failed', seal = null, cipher = null, ended_at = :now
where id = :id and status = 'pending' and message_id = :message_id

-- name: take_back_resend
update verifications set expires_at = :expires_at, resend_at = :resend_at
where id = :id and status = 'pending' and message_id = :message_id

-- name: verification
select * from verifications where id = :id

-- name: ladder
select * from ladders where application = :application and phone = :phone and usage_type = :usage_type

-- name: climb
insert into ladders values (
    :application, :phone, :usage_type, :step, :now, :next_at, :message_id, 0, 0, 0, ''
)
on conflict do update set
    before_step = step, before_sent_at = sent_at, before_next_at = next_at, before_message_id = message_id,
    step = excluded.step, sent_at = excluded.sent_at, next_at = excluded.next_at, message_id = excluded.message_id

-- name: leave_ladder
delete from ladders where application = :application and phone = :phone and usage_type = :usage_type

-- name: forget_rung
delete from ladders
where application = :application and phone = :phone and usage_type = :usage_type
    and message_id = :message_id and before_step = 0

-- name: step_down
update ladders set
    step = before_step, sent_at = before_sent_at, next_at = before_next_at, message_id = before_message_id,
    before_step = 0, before_sent_at = 0, before_next_at = 0, before_message_id = ''
where application = :application and phone = :phone and usage_type = :usage_type and message_id = :message_id
