"""How many sends, or how much money, in the time before now. Moments are integer microseconds, as rows have them."""

from dataclasses import dataclass

#: Marks kept one by one; past that neighbours share one, or a busy subject's row would grow without end.
_EXACT = 64
#: Of the shortest window: what a mark that stands for several may be late by.
_GRAINS = 60


@dataclass(frozen=True, slots=True)
class Tally:
    """`marks` are (moment, how much), oldest first. A mark for several stands at the last of them: never early."""

    marks: tuple[tuple[int, int], ...] = ()

    def within(self, window: int, now: int) -> int:
        return sum(much for at, much in self.marks if at > now - window)

    def full_until(self, most: int, window: int, now: int) -> int | None:
        """When there is room for one more, if there is none now: the oldest of the last `most` must leave first."""
        if most <= 0:
            return now + window
        found = 0
        for at, much in reversed(self.marks):
            if at <= now - window:
                return None
            found += much
            if found >= most:
                return at + window
        return None

    def plus(self, now: int, *, longest: int, shortest: int, much: int = 1) -> "Tally":
        """With one more; what is older than the longest window is dropped."""
        kept = [mark for mark in self.marks if mark[0] > now - longest]
        kept.append((now, much))
        if len(kept) <= _EXACT:
            return Tally(tuple(kept))
        grain, joined = max(1, shortest // _GRAINS), kept[:1]
        for at, more in kept[1:]:
            last, so_far = joined[-1]
            if at // grain == last // grain:
                joined[-1] = at, so_far + more
            else:
                joined.append((at, more))
        return Tally(tuple(joined))

    def changed(self, at: int, much: int) -> "Tally":
        """With the mark that stands for that moment so much greater. The moment must be within the longest window."""
        for place, (moment, so_far) in enumerate(self.marks):
            if moment >= at:
                return Tally((*self.marks[:place], (moment, so_far + much), *self.marks[place + 1 :]))
        return self


#: Nothing yet.
EMPTY = Tally()
