"""Whether Aerocode is as fast with millions of finished verifications as with none. `python -m benchmarks.growth`.

`traces.py` lets a server finish a few verifications and notes the rows each left; `database.py` says what a database
must do with them, `sqlite.py` does it: the same rows again and again, under other ids and phones, spread over the last
weeks. Nothing here knows a table or a column by name, so the schema may change.
"""
