"""The answers in words: who is first where and how sure that is, and where each method meets dense."""

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from analysis.sweep import labels
from analysis.sweep.columns import ordered
from analysis.sweep.ratios import Speedup, paired

MANY = 4  # more than so many places are counted, not named: the table has them


@dataclass(frozen=True)
class First:
    """Who reaches the target first at a point; winner None where half or more of every method's runs did not.
    lead: over the runner-up, paired by seed."""

    point: str
    goodput: object
    winner: object
    runner_up: object
    lead: Speedup | None

    @property
    def sure(self):
        return self.lead is not None and self.lead.verdict == 1


def firsts(view):
    return [first(view, point) for point in ordered(view)]


def first(view, point):
    entries = [view.entry(method, point) for method in view.grid.methods]
    ranked = sorted(
        (e for e in entries if e.done and not e.censored), key=lambda e: (e.median.low, e.median.high)
    )
    goodput = view.goodput.get(point)
    if not ranked:
        return First(point, goodput, None, None, None)
    others = [e for e in entries if e.done and e is not ranked[0]]
    second = min(others, key=lambda e: (e.censored, e.median.low), default=None)
    return First(point, goodput, ranked[0], second, second and paired(ranked[0].times, second.times))


def headline(view, found):
    """'80 % validation accuracy is reached first by A at 0.5 to 2 Mbit/s, by B at 5 Mbit/s.'"""
    aim = f"{labels.goal(view)} {view.split} accuracy"
    groups = [
        (key, list(group))
        for key, group in itertools.groupby(found, key=lambda f: f.winner and f.winner.method)
    ]
    parts = [f"by {method} {where(group)}" for method, group in groups if method]
    if len(parts) > MANY:
        counts = Counter(f.winner.method for f in found if f.winner)
        parts = [f"by {method} at {count}" for method, count in counts.most_common()]
        parts[0] += f" of {len(found)} bandwidths"
    nobody = [where(group) for method, group in groups if not method]
    if not parts:
        pending = any(entry.pending for entry in view.entries.values())
        return f"No method has reached {aim} in half of its runs{' so far' if pending else ''}."
    if len(found) == 1 and len(view.grid.points) == 1 and view.grid.sweep.meta.get("network_axis") is None:
        parts = [f"by {found[0].winner.method}"]
    first = "first " if len(view.grid.methods) > 1 else ""
    text = f"{aim} is reached {first}{labels.enumerated(parts)}."
    return text + (
        f" In half of its runs, no method reached it {labels.enumerated(nobody)}." if nobody else ""
    )


def where(group):
    """'at 5 Mbit/s', 'from 0.5 to 2 Mbit/s'."""
    first, last = group[0].point, group[-1].point
    if len(group) == 1:
        return f"at {first}"
    number, _, unit = first.partition(" ")
    return f"from {number if unit and last.endswith(' ' + unit) else first} to {last}"


def certainty(view, found):
    """How sure the headline is, in a sentence or two."""
    decided = [f for f in found if f.winner]
    if not decided:
        return ""
    seeds = sorted({f.winner.done for f in decided})
    if seeds[-1] == 1:
        return "One seed: how sure this is cannot be told. Repeat the sweep with other seeds to learn it."
    runs = labels.counted(seeds[-1], "seed") if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]} seeds"
    rivals = [f for f in decided if f.runner_up]
    if not rivals:
        return f"From {runs} each."
    sure = [f for f in rivals if f.sure]
    if len(sure) == len(rivals):
        beyond = "the lead over the next method is beyond chance everywhere"
        return f"From {runs} each: {beyond} (paired 95\u202f% interval)."
    open_ = [f.point for f in rivals if not f.sure]
    places = labels.enumerated(open_) if len(open_) <= MANY or not sure else "the others"
    known = f"beyond chance at {len(sure)} of {len(rivals)} bandwidths" if sure else "nowhere beyond chance"
    return (
        f"From {runs} each: the lead over the next method is {known} (paired 95\u202f% interval); "
        f"it may be chance{f' at {places}' if sure else ''}."
    )


def sentences(view, found):
    """[(method, sentence)] on each method against dense; found: {method: Crossing or None}."""
    return [(method, text) for method, crossing in found.items() for text in about(view, method, crossing)]


def about(view, method, crossing):
    goal = labels.goal(view)
    if crossing is None:
        return [f"{method} cannot be compared with dense: no seed has a finished run of both."]
    if crossing.crossovers:
        return [crossed(method, goal, crossing, c, index) for index, c in enumerate(crossing.crossovers)]
    if crossing.side is None:
        return [f"Whether {method} reaches {goal} before dense cannot be told: too few runs reached it."]
    order = "before" if crossing.side > 0 else "after"
    low, high = crossing.span
    if low == high:
        return [
            f"{method} reaches {goal} {order} dense at {labels.rate(low)}, the one goodput where it can be told."
        ]
    edge = high if crossing.outside == "above" else low
    beyond = (
        f"; a crossover, if there is one, lies {crossing.outside} {labels.rate(edge)}"
        if crossing.outside
        else ""
    )
    stray = sum(bool(roots) for roots in crossing.roots.values())
    some = f" (in {stray} of {crossing.pairs} seeds the two do cross)" if stray else ""
    span = f"throughout, from {labels.spread(low, high)} Mbit/s"
    return [f"{method} reaches {goal} {order} dense {span}: no crossover in the grid{beyond}{some}."]


def crossed(method, goal, crossing, crossover, index):
    first = "below" if index == 0 else "up to"  # after a crossing from which on it was sooner
    side = first if crossover.sooner_below else "above"
    seeds = labels.counted(len(crossover.each) or crossing.pairs, "seed")
    if len(crossover.each) < crossing.pairs:
        seeds = f"{len(crossover.each)} of {crossing.pairs} seeds cross there"
    if crossover.bounded:
        if crossover.low == crossover.high:
            place = f"{side} {labels.rate(crossover.low)} ({seeds})"
        else:
            spread = labels.spread(crossover.low, crossover.high)
            place = f"{side} a goodput between {spread} Mbit/s (runs cut off leave no closer answer; {seeds})"
    elif crossover.low is None:
        place = f"{side} {labels.rate(crossover.at)} (no interval: {seeds}, fewer than five)"
    else:
        place = (
            f"{side} {labels.rate(crossover.at)} ({labels.spread(crossover.low, crossover.high)}; {seeds})"
        )
    again = "again " if index and not crossover.sooner_below else ""
    return f"{method} reaches {goal} {again}before dense {place}."


def assuming(meta):
    """'assuming 2 ms per sample and a unicast down-link': what of the assumptions moves a crossover most."""
    found = {}
    for text in meta["assumptions"]:
        compute = re.search(r"[\d.]+ (?:ms|µs|s) (?:per|a) sample", str(text))
        devices = re.match(r"simulated devices: (.+)", str(text))
        link = re.search(r"down-link is (\w+)", str(text))
        found["sample"] = compute.group() if compute else found.get("sample")
        found["devices"] = f"devices like {devices.group(1)}" if devices else found.get("devices")
        found["link"] = f"a {link.group(1)} down-link" if link else found.get("link")
    phrases = [found.get("sample") or found.get("devices"), found.get("link")]
    return f"assuming {labels.enumerated(filter(None, phrases))}" if any(phrases) else ""
