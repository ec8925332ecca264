"""The house put together: settings, the data folder, services opened and closed, chores, and the server itself.

May import everything below. Read `services.py` first, then `serve.py`; only `settings.py` knows the environment.
"""
