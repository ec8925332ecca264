"""A person at a terminal. May import `app`, `sandbox` and `client`; read `main.py` first, then one file per subject.

Exit codes: 0 done; 1 refused (a fault in a file, a wrong code, an answer of the gate); 2 could not begin.
"""

from aerocode.cli.main import main

__all__ = ["main"]
