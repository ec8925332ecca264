"""What a verification costs. `python -m benchmarks` prints one table; every figure in it is measured while you wait.

Read `rounds.py` first: it says what is done in which order. Two sides are measured with the same gate and equally many
hands: `driven.py` drives a server over HTTP through an `adapter.Adapter`, `floor.py` makes the same decisions and the
same outgoing calls without a server. Other servers are in `peers/`; README.md says how to measure one more.
"""
