"""Numbers of which only a range may be known: a run that was cut off took longer than its budget."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """Somewhere from low to high; known where both are the same."""

    low: float
    high: float

    @property
    def known(self):
        return self.low == self.high and math.isfinite(self.low)

    @property
    def side(self):
        """-1, 0 or 1: on which side of 1 all of it lies; None where that is not known."""
        if self.known and self.low == 1:
            return 0
        return -1 if self.high < 1 else 1 if self.low > 1 else None

    def over(self, other):
        """This divided by a positive other one."""
        return Range(divided(self.low, other.high), divided(self.high, other.low))


def divided(a, b):
    if math.isinf(b):
        return 0.0 if math.isfinite(a) else math.nan
    return math.inf if b == 0 else a / b


def least(ranges):
    """Of the smallest of several numbers."""
    return Range(min(r.low for r in ranges), min(r.high for r in ranges))


def quantile(ranges, q):
    """Of the q-quantile (linear between order statistics) of several numbers."""
    return Range(
        *(of_sorted(sorted(ends), q) for ends in ([r.low for r in ranges], [r.high for r in ranges]))
    )


def of_sorted(values, q):
    place = q * (len(values) - 1)
    below = math.floor(place + 1e-12)
    part = max(0.0, place - below)
    if part < 1e-12:
        return values[below]
    if math.isinf(values[below + 1]):
        return math.inf
    return values[below] * (1 - part) + values[below + 1] * part


def median(ranges):
    return quantile(ranges, 0.5)
