"""One colour a method, the same in every picture: dense methods dark, the others by hue."""

from itertools import cycle

DENSE = ("#1d2530", "#7b8591", "#4a5563", "#a3abb5")
# Paul Tol's 'bright' and 'muted' schemes, in an order in which neighbours differ.
OTHERS = (
    "#cc3311",
    "#0077bb",
    "#ee9911",
    "#117733",
    "#aa3377",
    "#44aa99",
    "#999933",
    "#882255",
    "#88ccee",
    "#332288",
)


def colours(grid):
    dense, others = cycle(DENSE), cycle(OTHERS)
    return {method: next(dense if method in grid.baselines else others) for method in grid.methods}
