"""The store on SQLite: one process, one writing connection, group commit.

Read `verifications.py` first (the decisions), then `writer.py` (what makes them atomic, durable, fast) and `open.py`.
"""
