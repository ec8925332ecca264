"""Who can be measured, by the name the flag takes."""

from collections.abc import Callable
from collections.abc import Mapping

from benchmarks.adapter import Adapter
from benchmarks.peers.bare import Bare

PEERS: Mapping[str, Callable[[], Adapter]] = {"bare": Bare}
