"""The decisions about live verifications, as functions of one loaded case; the same for every database.

A store loads the case in one statement, lets a function here decide, executes what it wants written, and commits.
Nothing here reads a clock or a row of its own. `verify/reference/` says what the decisions mean. Start with
`case.py`, then `starting.py`.
"""
