"""At which goodput a method and the best dense one take equally long."""

import math
from dataclasses import dataclass

from analysis.sweep import student
from analysis.sweep.ratios import best_dense, paired

FEWEST = 5  # pairs of seeds that an interval needs


@dataclass(frozen=True)
class Root:
    """A crossing, somewhere from low to high (Mbit/s); known where both are the same.
    sooner_below: the method is the sooner one on the side of the smaller goodput."""

    low: float
    high: float
    sooner_below: bool

    @property
    def known(self):
        return self.low == self.high

    @property
    def middle(self):
        return math.sqrt(self.low * self.high)


@dataclass(frozen=True)
class Crossover:
    """A crossing of the median over the seeds. each: {pair: Root}, the nearest of the same direction of every pair.

    at: geometric mean over those pairs (where all are known: else the middle of low and high).
    low, high: 95 % interval of it (Student t on the log), None with fewer than five pairs; where a run was cut off,
    all that is known: it lies between them.
    """

    each: dict
    sooner_below: bool
    at: float
    low: float
    high: float
    bounded: bool  # low and high are bounds, not an interval


@dataclass(frozen=True)
class Crossing:
    """All that is known of one method against dense in one view.

    side: without a crossover, whether the method is sooner (1) or later (-1) wherever it could be told, else None.
    outside: then, at which end of the grid the two come closest: 'above', 'below' or None.
    roots: {pair: [Root]}, all of them.
    """

    method: str
    crossovers: list
    side: object
    outside: object
    roots: dict
    pairs: int
    span: tuple  # smallest and largest goodput at which the two could be compared, or ()


def crossing(view, method):
    """None where no pair of runs can be compared at all."""
    speedups = {
        point: paired(view.entry(method, point).times, best_dense(view, point)) for point in view.goodput
    }
    pairs = sorted({pair for speedup in speedups.values() if speedup for pair in speedup.each})
    if not pairs:
        return None
    found = {}
    for pair in pairs:
        line = [
            (view.seed_goodput.get((point, pair), goodput), speedups[point].each[pair])
            for point, goodput in view.goodput.items()
            if speedups[point] and pair in speedups[point].each
        ]
        found[pair] = roots(line)
    middle = sorted(((view.goodput[point], s.median) for point, s in speedups.items() if s), key=first)
    known = [(x, r) for x, r in middle if r.side is not None]
    crossovers = [summary(root, found) for root in roots(middle)]
    span = (known[0][0], known[-1][0]) if known else ()
    side, outside = (None, None) if crossovers or not known else beyond(known)
    return Crossing(method, crossovers, side, outside, found, len(pairs), span)


def roots(line):
    """Roots of a line through (goodput, Range of speed-up), interpolated over the log of both.

    Next to a run that was cut off only a range is known; so is it around a point where no side could be told.
    """
    line = sorted(line, key=first)
    sided = [(index, x, r) for index, (x, r) in enumerate(line) if r.side is not None]
    found = []
    for (i, x1, r1), (j, x2, r2) in zip(sided, sided[1:]):
        sooner, later = above(r1), above(r2)
        if sooner == later or x1 == x2:
            continue
        a, b = math.log(x1), math.log(x2)
        low, high = share(r1, r2) if j == i + 1 else (0.0, 1.0)
        found.append(Root(math.exp(a + low * (b - a)), math.exp(a + high * (b - a)), sooner))
    return found


def first(place):
    return place[0]


def above(range_):
    """Sooner than dense; exactly as soon counts as sooner."""
    return range_.low >= 1


def share(r1, r2):
    """How far from the first to the second point the crossing is, as (least, most)."""
    near, far = (
        sorted(abs(math.log(end)) if 0 < end < math.inf else math.inf for end in (r.low, r.high))
        for r in (r1, r2)
    )
    if math.isinf(far[0]) or math.isinf(near[0]):
        return 0.0, 1.0
    least = 0.0 if math.isinf(far[1]) else near[0] / ((near[0] + far[1]) or 1)
    most = 1.0 if math.isinf(near[1]) else near[1] / ((near[1] + far[0]) or 1)
    return least, (least if r1.known and r2.known else most)


def summary(root, found):
    each = {}
    for pair, candidates in found.items():
        same = [other for other in candidates if other.sooner_below == root.sooner_below]
        if same:
            each[pair] = min(same, key=lambda other: abs(math.log(other.middle / root.middle)))
    if each and all(other.known for other in each.values()):
        logs = [math.log(other.low) for other in each.values()]
        mean, low, high = student.interval(logs)
        low, high = (math.exp(low), math.exp(high)) if len(each) >= FEWEST else (None, None)
        return Crossover(each, root.sooner_below, math.exp(mean), low, high, False)
    known = list(each.values()) or [root]
    low, high = min(other.low for other in known), max(other.high for other in known)
    return Crossover(each, root.sooner_below, math.sqrt(low * high), low, high, True)


def beyond(known):
    """(side, outside) of a line that does not cross 1."""
    side = 1 if above(known[0][1]) else -1
    first, last = (abs(math.log(end)) for end in (nearest(known[0][1]), nearest(known[-1][1])))
    return side, None if len(known) < 2 or first == last else "above" if last < first else "below"


def nearest(range_):
    """End of a range that is nearest to 1, of which 0 and infinity are no candidates."""
    return min(
        (end for end in (range_.low, range_.high) if 0 < end < math.inf), key=lambda end: abs(math.log(end))
    )


def crossings(view):
    """{method: Crossing or None} of all methods that are not dense; {} without dense ones."""
    return {method: crossing(view, method) for method in view.grid.candidates} if view.grid.baselines else {}
