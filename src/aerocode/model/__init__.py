"""Frozen values everyone speaks in. May import `phone` and `errors`.

Start with `states.py` (what a verification and a message can be), then `verification.py`, `message.py`,
`decision.py` (what the store is asked and what it answers), `application.py`, `connector.py`, `policy.py`.
"""
