"""The methods under /v2, one file per family; each has a table of its endpoints and keeps what they remember.

May import: the sandbox's own words (`state`, `fields`, `replies`, `life`). Read first: `endpoint.py`, then `sms.py`.
"""
