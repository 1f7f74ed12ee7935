"""Time to target: of every cell, and over the seeds of a method at a point of the network."""

import math
from dataclasses import dataclass

from analysis.sweep import ranges
from analysis.sweep.grid import BROKEN, PENDING, READY, goodputs
from analysis.sweep.ranges import Range


@dataclass(frozen=True)
class Entry:
    """A method at a point: what its seeds say.

    times: {pair: Range of seconds} of the cells that are done; one that did not reach the target took longer than it
    was simulated. median, low, high: quartiles of them, None where none is done. censored: half or more did not reach.
    """

    method: str
    point: str
    cells: object  # rows of the grid's cells, each with reached, after_s, by_s ...
    times: dict
    median: Range
    low: Range
    high: Range

    @property
    def done(self):
        return len(self.times)

    @property
    def reached(self):
        return sum(time.known for time in self.times.values())

    @property
    def broken(self):
        return int(self.cells["status"].isin(BROKEN).sum())

    @property
    def pending(self):
        return int(self.cells["status"].isin(PENDING).sum())

    @property
    def censored(self):
        return self.done > 0 and 2 * self.reached <= self.done

    @property
    def forwarded(self):
        return bool((self.cells["fast_forwarded"] > 0).any())


@dataclass(frozen=True)
class View:
    """One target in one slice of the grid: what a set of pictures shows. entries: {(method, point): Entry}.
    goodput: {point: Mbit/s}, seed_goodput: {(point, pair): Mbit/s}, as grid.goodputs says."""

    grid: object
    number: int
    target: float
    entries: dict
    goodput: dict
    seed_goodput: dict

    @property
    def slice(self):
        return self.grid.slices[self.number]

    @property
    def split(self):
        return self.grid.sweep.meta.get("target_split") or "validation"

    @property
    def name(self):
        return f"{self.number}-{self.target:g}"

    @property
    def reached(self):
        return sum(entry.reached for entry in self.entries.values())

    def entry(self, method, point):
        return self.entries[method, point]


def view(grid, number, target):
    columns = [
        "cell",
        "reached",
        "after_s",
        "by_s",
        "round",
        "test_accuracy",
        "up_on_air_bytes",
        "down_on_air_bytes",
    ]
    judged = grid.sweep.targets
    judged = judged.loc[(judged["target"] - target).abs() < 1e-9, columns]
    judged = judged.rename(columns={"round": "by_round"}).drop_duplicates("cell")
    cells = grid.cells[grid.cells["slice"] == number].merge(judged, on="cell", how="left")
    entries = {}
    for method in grid.methods:
        for point in grid.points:
            chosen = cells[(cells["method"] == method) & (cells["point"] == point)]
            entries[method, point] = entry(method, point, chosen)
    return View(grid, number, target, entries, *goodputs(grid, number))


def entry(method, point, cells):
    done = cells[cells["status"] == READY]
    times = {
        pair: time(reached, by_s, simulated_s)
        for pair, reached, by_s, simulated_s in zip(
            done["pair"], done["reached"], done["by_s"], done["simulated_s"]
        )
    }
    found = list(times.values())
    quartiles = [ranges.quantile(found, q) if found else None for q in (0.5, 0.25, 0.75)]
    return Entry(method, point, cells, times, *quartiles)


def time(reached, by_s, simulated_s):
    if reached == 1 and by_s > 0:
        return Range(float(by_s), float(by_s))
    return Range(0.0 if math.isnan(simulated_s) else float(simulated_s), math.inf)


def views(grid):
    """{(number of a slice, target): View} of the whole grid."""
    return {
        (number, target): view(grid, number, target)
        for number in range(len(grid.slices))
        for target in targets(grid)
    }


def targets(grid):
    """Targets of the grid, rising; those that cells were judged by where the grid names none."""
    named = [float(t) for t in grid.sweep.meta["targets"] if isinstance(t, (int, float))]
    return sorted(set(named or grid.sweep.targets["target"].dropna()))


def default_target(found):
    """The highest target that a cell reached, in any slice; the lowest where none did; None without targets."""
    reached = [target for (_, target), view in found.items() if view.reached]
    every = [target for _, target in found]
    return max(reached) if reached else min(every, default=None)
