-- What is kept about one phone, by its number or by its pseudonym.

-- name: verifications
delete from verifications where application = :application and phone in (:phone, :name)

-- name: messages
delete from messages where phone in (:phone, :name)

-- name: requests
delete from requests where name = :name

-- name: lists
-- The beginning of phones may be a whole one.
delete from lists where kind in ('phone', 'prefix') and value = :phone

-- name: test_numbers
delete from test_numbers where phone = :phone

-- name: audit
update audit set subject = '', reason = '', name = null where name = :name

-- name: applications
select id from applications
