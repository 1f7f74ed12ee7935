"""What the crossover map shows, for page and paper alike: bricks of colour and words, and diamonds on their edges."""

import math
from dataclasses import dataclass

from matplotlib import colormaps
from matplotlib.colors import to_hex

from analysis.sweep import labels
from analysis.sweep.columns import columns
from analysis.sweep.crossovers import crossings
from analysis.sweep.ratios import over_dense

TOP, BOTTOM = 0.30, -0.44  # edges of a brick around the place of its row
CENSORED, EMPTY, PLAIN = "#c3c9d1", "#ffffff", "#edf1f5"
SCALE = colormaps["RdBu"]
STRETCH = 0.86  # the darkest ends of the scale would swallow the words


@dataclass(frozen=True)
class Brick:
    x0: float
    x1: float
    row: int  # from the bottom
    colour: str
    dark: bool
    hatched: bool
    lines: list
    hover: str

    @property
    def middle(self):
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Diamond:
    """A crossover at x on the top edge of a row; low, high: its whiskers, None without."""

    x: float
    low: object
    high: object
    row: int
    hover: str


@dataclass(frozen=True)
class Wall:
    columns: object
    names: list  # of the rows, from the bottom: (method, learning rate)
    bricks: list
    diamonds: list
    limit: float  # of the colour scale, in octaves; 0 without baselines


def wall(view):
    """None where the slice has no cell at all."""
    if all(entry.cells.empty for entry in view.entries.values()):
        return None
    found, places = over_dense(view), columns(view)
    methods = list(reversed(view.grid.methods))
    octaves = [math.log2(s.shown) for s in found.values() if s and s.shown]
    limit = max(1.0, min(6.0, max(map(abs, octaves)))) if octaves else 0.0
    bricks = [
        brick(view, method, point, found[method, point], limit, places, column, row)
        for row, method in enumerate(methods)
        for column, point in enumerate(places.points)
    ]
    names = [(method, labels.learning_rates(view, method)) for method in methods]
    return Wall(places, names, bricks, diamonds(view, methods, places), limit)


def brick(view, method, point, speedup, limit, places, column, row):
    entry = view.entry(method, point)
    shade, dark = paint(entry, speedup, limit)
    hatched = bool(limit and not entry.censored and speedup and not speedup.same and speedup.verdict == 0)
    gap = 0.03 * (places.edges[-1] - places.edges[0]) / len(places.points)
    lines = [labels.median(entry), labels.quartiles(entry), labels.counts(entry)]
    x0, x1 = places.edges[column] + gap / 2, places.edges[column + 1] - gap / 2
    return Brick(
        x0, x1, row, shade, dark, hatched, [line for line in lines if line], hover(view, entry, speedup)
    )


def paint(entry, speedup, limit):
    """(colour, whether it is dark)"""
    if entry.median is None:
        return EMPTY, False
    if entry.censored:
        return CENSORED, False
    if not limit or speedup is None or speedup.shown is None:
        return PLAIN, False
    place = max(-1.0, min(1.0, math.log2(speedup.shown) / limit)) * STRETCH
    return colour(place), abs(place) > 0.62


def colour(place):
    """Of the scale at -1 (later than dense) to 1 (sooner)."""
    return to_hex(SCALE((place + 1) / 2))


def hover(view, entry, speedup):
    lines = [f"<b>{entry.method}, {entry.point}</b>", f"median {labels.median(entry)}"]
    lines += [labels.quartiles(entry) and f"quartiles {labels.quartiles(entry)}", labels.counts(entry)]
    if view.grid.baselines:
        lines.append(f"over the best dense: {labels.speedup(speedup)}")
    tested = entry.cells["test_accuracy"].dropna()
    lines.append(f"test accuracy there: {labels.accuracy(tested.median())}" if len(tested) else "")
    if entry.forwarded:
        width = entry.cells["sampling_interval"].max()
        lines.append("~ rounds were fast-forwarded" + (f": ±{100 * width:.2g} %" if width == width else ""))
    return "<br>".join(line for line in lines if line)


def diamonds(view, methods, places):
    found = []
    for method, crossing in crossings(view).items():
        for crossover in crossing.crossovers if crossing else ():
            whiskers = [places.at(end) if end else None for end in (crossover.low, crossover.high)]
            x = places.at(crossover.at)
            if x is None:
                continue
            band = f" ({labels.spread(crossover.low, crossover.high)})" if crossover.low else ""
            kind = (
                "as far as it is known"
                if crossover.bounded
                else "95 % interval"
                if crossover.low
                else "no interval"
            )
            hover = f"{method} as soon as dense<br>at {labels.rate(crossover.at)}{band}<br>{kind}"
            found.append(Diamond(x, *whiskers, methods.index(method), hover))
    return found
