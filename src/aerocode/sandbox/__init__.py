"""The sandbox: a double of the SMS Aero v2 gate with an inbox to read and faults to script. It ships.

What lives here: the gate's methods, a file per family (`methods/`), the routes around them (`gate`, `fields`,
`replies`, `drift`), the table of faults (`faults`), what becomes of a message (`life`, `clock`, `callbacks`, `inbox`,
`state`), what a person or a test sees (`pages`, `control`), and the server that holds them together (`server`, `tls`).
May import: the types of `aerocode.smsaero`. It uses aiohttp's own server because it must reset sockets, which an ASGI
application can't. Read first: `faults.py`, then `gate.py`.
"""

from aerocode.sandbox.faults import FAULTS
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.server import Sandbox
from aerocode.sandbox.tls import ThrowAway

__all__ = ["FAULTS", "Fault", "Sandbox", "ThrowAway"]
