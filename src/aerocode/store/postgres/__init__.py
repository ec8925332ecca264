"""The store on PostgreSQL: any number of replicas, all alike, one database.

May import the ground, `store.rows`, `store.sql` and asyncpg. Read `batcher.py` first (what makes decisions atomic,
durable and fast), then `pool.py` (limits, time-outs, where foreign errors end) and `watch.py` (what replicas know).
"""
