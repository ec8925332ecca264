"""Named decisions and readers over a database. Each decision is atomic and durable when it returns.

May import the ground and database drivers. Read `decisions/` first, beside `../verify/reference/`.
All SQL lives in `sql/`, as named statements.
"""
