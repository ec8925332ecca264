"""Sending through the live connector, and finding out what became of a message.

What lives here: the live connector's line (`sending`), the connector tester (`tester`, `follow`, `checker`), the
gate's callbacks (`reports`), the questions we ask by ourselves (`reconciler`, `recall`), and what an operator is warned
of (`watch`).
May import `connectors`, `smsaero`, `ports` and the ground. Read `sending.py` first, then `reports.py` and
`reconciler.py`.
"""
