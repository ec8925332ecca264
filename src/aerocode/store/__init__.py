"""Named decisions and readers over a database. Each decision is atomic and durable when it returns.

May import the ground and database drivers. Read `sqlite/verifications.py` first, beside `../verify/reference.py`.
All SQL lives in `sql/`, as named statements.
"""
