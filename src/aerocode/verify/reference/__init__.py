"""The specification that each store is tested against: every decision as a pure function.

From a world and a time to the next world and an answer. Nothing of it runs in production. `world.py` has the nouns,
`deciding.py` the decisions; `sending.py`, `counting.py`, `moderating.py` and `repeating.py` what they share.
"""

from aerocode.verify.reference.deciding import cancel
from aerocode.verify.reference.deciding import check
from aerocode.verify.reference.deciding import issue
from aerocode.verify.reference.deciding import mark
from aerocode.verify.reference.deciding import note
from aerocode.verify.reference.deciding import resend
from aerocode.verify.reference.deciding import unlock
from aerocode.verify.reference.world import World

__all__ = ["World", "cancel", "check", "issue", "mark", "note", "resend", "unlock"]
