"""How much sooner a method is than another one, seed by seed."""

import math
from dataclasses import dataclass

from analysis.sweep import ranges, student
from analysis.sweep.ranges import Range


@dataclass(frozen=True)
class Speedup:
    """Time of another method over that of this one; above 1: this one is sooner.

    each: {pair: Range}. median: over the pairs. low, high: 95 % interval of the ratio (Student t on the log over the
    pairs); None with fewer than two pairs, or where a run of a pair was cut off.
    """

    each: dict
    median: Range
    low: float
    high: float

    @property
    def same(self):
        """Compared with itself: the best dense method."""
        return all(pair.known and pair.low == 1 for pair in self.each.values())

    @property
    def verdict(self):
        """-1: later, 1: sooner, 0: the interval contains 1, None: too few pairs for an interval.

        Where a run was cut off there is no interval: then all of five or more pairs must lie on one side.
        """
        if self.low is not None:
            return 1 if self.low > 1 else -1 if self.high < 1 else 0
        if len(self.each) < 2:
            return None
        sides = {pair.side for pair in self.each.values()}
        return sides.pop() if len(self.each) >= 5 and len(sides) == 1 and sides != {None} else 0

    @property
    def bounded(self):
        """'>' or '<' where the median is known from one side only, '' where it is known, '?' where not at all."""
        if self.median.known:
            return ""
        if self.median.low > 0 and math.isinf(self.median.high):
            return ">"
        return "<" if self.median.low == 0 and math.isfinite(self.median.high) else "?"

    @property
    def shown(self):
        """The known end of the median, None where neither is."""
        return {"": self.median.low, ">": self.median.low, "<": self.median.high}.get(self.bounded)


def paired(times, reference):
    """Speedup of `times` over `reference`, both {pair: Range of seconds}; None where they share no pair."""
    each = {pair: reference[pair].over(time) for pair, time in times.items() if pair in reference}
    each = {pair: Range(0.0, math.inf) if math.isnan(r.low + r.high) else r for pair, r in each.items()}
    if not each:
        return None
    low = high = None
    if len(each) > 1 and all(r.known for r in each.values()):
        _, low, high = student.interval([math.log(r.low) for r in each.values()])
        low, high = math.exp(low), math.exp(high)
    return Speedup(each, ranges.median(list(each.values())), low, high)


def best_dense(view, point):
    """{pair: Range of seconds} of the soonest of the dense methods at a point."""
    times = {}
    for method in view.grid.baselines:
        for pair, time in view.entry(method, point).times.items():
            times.setdefault(pair, []).append(time)
    return {pair: ranges.least(found) for pair, found in times.items()}


def over_dense(view):
    """{(method, point): Speedup over the best dense method, or None}."""
    references = {point: best_dense(view, point) for point in view.grid.points}
    return {key: paired(entry.times, references[key[1]]) for key, entry in view.entries.items()}
