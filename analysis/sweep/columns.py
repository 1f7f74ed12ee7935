"""Where the columns of the map stand: by the log of the measured goodput, as long as their words have room."""

import bisect
import math
from dataclasses import dataclass

LEAST = 0.55  # of the mean distance; closer columns have no room for words


@dataclass(frozen=True)
class Columns:
    """points by rising goodput, those without one last. centres, edges: places on the axis of the picture.
    even: evenly spread (neighbours were too close, or a goodput is not known); the scale between them is a log."""

    points: list
    goodput: list  # None where not measured
    centres: list
    edges: list
    even: bool

    def at(self, goodput):
        """Place of a goodput within the measured ones; None where the axis has no scale."""
        known = [(math.log10(g), c) for g, c in zip(self.goodput, self.centres) if g]
        known = list({g: (g, c) for g, c in reversed(known)}.values())[::-1]
        if len(known) < 2:
            return None
        place = math.log10(goodput)
        index = min(max(1, bisect.bisect_left([g for g, _ in known], place)), len(known) - 1)
        (g1, c1), (g2, c2) = known[index - 1 : index + 1]
        return c1 + (place - g1) / (g2 - g1) * (c2 - c1)


def columns(view):
    points = ordered(view)
    goodput = [view.goodput.get(point) for point in points]
    count = len(points)
    even = None in goodput or count == 1
    centres = list(range(count)) if even else [math.log10(value) for value in goodput]
    if not even:
        gaps = [b - a for a, b in zip(centres, centres[1:])]
        even = min(gaps) < LEAST * (centres[-1] - centres[0]) / (count - 1) or centres[-1] == centres[0]
        centres = list(range(count)) if even else centres
    middles = [(a + b) / 2 for a, b in zip(centres, centres[1:])]
    first, last = (middles[0] - centres[0], centres[-1] - middles[-1]) if middles else (0.5, 0.5)
    return Columns(points, goodput, centres, [centres[0] - first, *middles, centres[-1] + last], even)


def ordered(view):
    """Points of the network by rising goodput, those without one last."""
    return sorted(view.grid.points, key=lambda point: view.goodput.get(point, math.inf))
