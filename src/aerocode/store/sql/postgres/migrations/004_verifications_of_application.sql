-- The list of an application, newest first: without it every page sorts all that the application ever had.
create index verifications_of_application on verifications (application, id);
