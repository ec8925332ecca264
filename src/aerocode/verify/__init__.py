"""The rules of verifying a phone. No HTTP, no SQL, no provider. May import ports and the ground.

Read `engine.py` first: it tells the story of a start and a check from top to bottom. `reference.py` states what every
decision of a store must answer, as pure functions; each store is tested against it.
"""
