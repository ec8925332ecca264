"""Sending through the live connector, and finding out what became of a message.

May import `connectors`, `smsaero`, `ports` and the ground. Read `sending.py` first, then `tester.py` and `follow.py`.
"""
