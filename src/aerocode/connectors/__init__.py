"""Connectors: what an operator writes about a provider, and how one code becomes one SMS through it.

May import `ports`, `model`, `phone`, `crypto`, `errors` and `aerocode.smsaero`; knows no HTTP status, database,
environment or clock. Read `kit.py` first: the contract and the registry. Then, for SMS Aero, `smsaero_config.py` (what
is a fault), `lint.py` (what is only a warning), `templates.py` (which text, and how it is filled in) and `smsaero.py`
(the send). `check.py` reads a connector file and says where in it each fault is.
"""
