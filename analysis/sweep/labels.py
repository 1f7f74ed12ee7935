"""Times, ratios, rates and learning rates of a sweep as people read them."""

import math

from analysis.words import scaled, share

STEPS = [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]


def seconds(value, digits=3):
    return scaled(value, STEPS, digits) if value else "0\u202fs"


def rate(value):
    return f"{significant(value)}\u202fMbit/s"


def significant(value, digits=2):
    """Two significant digits, all of the whole part: 0.46, 4.3, 13, 138."""
    if value >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(value)))}f}" if value > 0 else "0"


def ratio(value):
    """Two decimals near 1, where they decide; fewer where they do not."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:,.0f}"


def spread(low, high, show=significant):
    """'31 to 48', one number where both read the same."""
    low, high = show(low), show(high)
    return low if low == high else f"{low} to {high}"


def median(entry):
    """'12.7 s', '> 150 s' where half or more did not reach, '~12.7 s' where rounds were fast-forwarded."""
    if entry.median is None:
        return "failed" if entry.broken else "still to come" if entry.pending else "not in the grid"
    sign = "~" if entry.forwarded else ""
    if entry.censored:
        return f"> {sign}{seconds(entry.median.low)}"
    if entry.median.known:
        return f"{sign}{seconds(entry.median.low)}"
    if math.isinf(entry.median.high):
        return f"> {sign}{seconds(entry.median.low)}"
    return f"{sign}{spread(entry.median.low, entry.median.high, seconds)}"


def quartiles(entry):
    """'11.9 to 13.2 s'; the upper quartile may be beyond the budget; '' for a single seed."""
    if entry.done < 2 or entry.censored:
        return ""
    low = seconds(entry.low.low)
    if not entry.high.known:
        return f"{low} to > {seconds(entry.high.low)}"
    high = seconds(entry.high.low)
    if low[-2:] == high[-2:]:  # the same unit need not be said twice
        low = low.rsplit("\u202f", 1)[0]
    return f"{low} to {high}"


def counts(entry):
    """'3/5 reached', with what else became of the cells."""
    parts = [f"{entry.reached}/{entry.done} reached"] if entry.done else []
    if entry.broken and entry.done:
        parts.append(f"{entry.broken} failed")
    if entry.pending and entry.done:
        parts.append(f"{entry.pending} to come")
    return ", ".join(parts)


def speedup(found):
    """'3.40× (2.91 to 3.92)': how much sooner, with the 95 % interval."""
    if found is None or found.shown is None:
        return "not known"
    if found.same:
        return "the best dense"
    sign = {"": "", ">": "> ", "<": "< "}[found.bounded]
    band = "" if found.low is None else f" ({spread(found.low, found.high, ratio)})"
    return f"{sign}{ratio(found.shown)}×{band}"


def learning_rates(view, method):
    """'lr 0.1', 'lr 0.05 to 0.2' where the cells differ, '' where none is recorded."""
    cells = view.grid.cells
    values = cells.loc[
        (cells["method"] == method) & (cells["slice"] == view.number), "learning_rate"
    ].dropna()
    if values.empty:
        return ""
    low, high = values.min(), values.max()
    return f"lr {low:g}" if low == high else f"lr {low:g} to {high:g}"


def goal(view):
    """'80 %' of the accuracy that is aimed at."""
    return f"{100 * view.target:g}\u202f%"


def accuracy(value):
    return "not evaluated" if value is None or math.isnan(value) else share(value)


def enumerated(names):
    """'a, b and c'."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def counted(number, what, plural=None):
    return f"{number:,} {what if number == 1 else plural or what + 's'}"
