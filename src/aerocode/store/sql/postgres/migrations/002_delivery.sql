-- `proof` is an HMAC of the number and the text that was sent, `account` a pseudonym of the provider's account it was
-- sent from, `life` how long a code lived when it was. `ask_at` is when the gate is asked about the message next; taking
-- one to ask about moves it on, which is the lease: until then nobody else takes it. Null: there is nothing to ask.
alter table messages add column operator text not null default '';
alter table messages add column account text not null default '';
alter table messages add column proof bytea;
alter table messages add column life bigint not null default 300000000;
alter table messages add column ask_at bigint;

create index messages_to_ask_about on messages (ask_at) where ask_at is not null;

-- Lists of one application, of all statuses or of one; and what was never marked.
create index messages_of_status on messages (status, application, created_at);
drop index messages_not_marked;

-- Set while a message of it is in moderation: until then it lives as long as a code may.
alter table verifications add column moderated integer not null default 0 check (moderated in (0, 1));
