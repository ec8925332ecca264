"""JSON for programs: one route table, and for each request who, parse, engine, render.

May import `verify`, `connectors`, `delivery`, `ports` and the ground; reaches rows only through ports. Read `routes.py`
first: it is the site map. Then `endpoint.py`, the one path every request takes.
"""
