"""Where the time of a round goes: the parts of its critical path, over all rounds of a method's finished cells."""

from dataclasses import dataclass

import pandas as pd

from analysis.sampling import quantiles
from analysis.sweep.grid import READY
from analysis.sweep.parts import PARTS

WHOLE = "duration_s"


@dataclass(frozen=True)
class Anatomy:
    """mean, p5, median, p95: Series of seconds by part and of the whole round. The means of the parts sum to that of
    the round. rounds: how many, left_out: those in which nobody applied an update, which have no critical path."""

    mean: pd.Series
    p5: pd.Series
    median: pd.Series
    p95: pd.Series
    rounds: int
    left_out: int


def anatomies(view):
    """{(method, point): Anatomy} of those that have a finished cell with a divided round."""
    grid = view.grid
    cells = grid.cells[(grid.cells["slice"] == view.number) & (grid.cells["status"] == READY)]
    rounds = grid.sweep.anatomy.merge(cells[["cell", "method", "point"]], on="cell")
    found = {}
    for key, chosen in rounds.groupby(["method", "point"], sort=False):
        divided = chosen.dropna(subset=[*PARTS, WHOLE])
        if len(divided):
            found[key] = of(divided, len(chosen) - len(divided))
    return found


def of(rounds, left_out):
    columns = [*PARTS, WHOLE]
    spread = pd.DataFrame(
        {column: quantiles(rounds[column]) for column in columns}, index=(5, 25, 50, 75, 95)
    )
    return Anatomy(
        rounds[columns].mean(), spread.loc[5], spread.loc[50], spread.loc[95], len(rounds), left_out
    )
