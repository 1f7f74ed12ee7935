"""The critical path of a round: the chain of causes that made it as long as it was."""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from analysis.phases import COMPUTED, STEPS, step_of


@dataclass(frozen=True)
class Activity:
    """What ends at `end` at `node` and began at `begin` at `origin`; parts: [(step, begin, end)] in time."""

    node: int
    origin: int
    begin: int
    end: int
    parts: tuple


def computation(node, phase, begin, end, hubs):
    return Activity(node, node, begin, end, ((step_of(phase, node in hubs), begin, end),))


def transfer(origin, node, queued, sent, arrived, delivered, down):
    """A message as an activity. Without a first byte it is all queue; without a block the rest is closing."""
    sent = delivered if sent != sent else min(max(int(sent), queued), delivered)
    arrived = sent if arrived != arrived else min(max(int(arrived), sent), delivered)
    parts = (
        (step_of("queue", down), queued, sent),
        (step_of("air", down), sent, arrived),
        (step_of("closing", down), arrived, delivered),
    )
    return Activity(node, origin, queued, delivered, parts)


def critical_path(activities, node, start_ns, end_ns):
    """Walks back from (node, end_ns) to start_ns; returns [(step, node, begin, end)] in time, without gaps.

    The cause of what a node does is what ended there last, a message before a computation: apply, decode,
    the message down, the hub's encode and fold, the last message up, its sender's encode and gradient; where
    workers fold, as many messages and folds as there are hops.
    Time between a cause and its consequence is `wait`. The parts sum to end_ns - start_ns exactly.
    """
    ended = defaultdict(list)
    for activity in activities:
        ended[activity.node].append(activity)
    for causes in ended.values():
        causes.sort(key=lambda activity: (activity.end, activity.node != activity.origin, -activity.begin))
    path, cursor = [], end_ns
    while cursor > start_ns:
        causes = ended[node]
        while causes and causes[-1].end > cursor:
            causes.pop()
        if not causes:
            path.append(("wait", node, start_ns, cursor))
            break
        cause = causes.pop()
        for step, begin, end in [("wait", cause.end, cursor), *reversed(cause.parts)]:
            begin, end = max(begin, start_ns), min(end, cursor)
            if begin < end:
                path.append((step, node if step == "wait" else cause.origin, begin, end))
        cursor, node = min(cause.begin, cursor), cause.origin
    path.reverse()
    total = sum(end - begin for _, _, begin, end in path)
    assert total == max(0, end_ns - start_ns), f"critical path sums to {total} ns, not {end_ns - start_ns} ns"
    return path


def activities_by_round(run):
    """{round: [Activity]} of the rounds whose details were read."""
    result, hubs = defaultdict(list), run.hubs
    spans = run.spans[run.spans["phase"].isin(COMPUTED)].dropna()
    for node, number, phase, begin, end in zip(*(spans[c].tolist() for c in spans.columns)):
        result[number].append(computation(node, phase, int(begin), int(end), hubs))
    messages = run.messages.dropna(subset=["queued_ns", "delivered_ns"])
    columns = ["round", "from_node", "to_node", "queued_ns", "sent_ns", "arrived_ns", "delivered_ns", "purpose"]
    for number, origin, node, queued, sent, arrived, delivered, purpose in zip(
        *(messages[c].tolist() for c in columns)
    ):
        result[number].append(transfer(origin, node, int(queued), sent, arrived, int(delivered), purpose.endswith("down")))
    return result


def last_to_apply(activities, hubs):
    """Node whose apply ended the round: a worker's, or the hub's, where it alone has the model. None where nobody applied."""
    every = [a for a in activities if a.parts[0][0] == "apply"]
    applied = [a for a in every if a.node not in hubs] or every
    return max(applied, key=lambda a: (a.end, -a.node)).node if applied else None


def paths(run):
    """{round: critical path} of the rounds with recorded spans, in order."""
    found, hubs = {}, run.hubs
    activities = activities_by_round(run)
    for number, start, end in zip(*(run.rounds[c].tolist() for c in ("round", "start_ns", "end_ns"))):
        node = last_to_apply(activities.get(number, ()), hubs)
        if node is not None and end > start:
            found[number] = critical_path(activities[number], node, start, end)
    return found


def table(found):
    """Seconds by step (columns, as STEPS) on the critical path of every round (index)."""
    rows = []
    for path in found.values():
        row = dict.fromkeys(STEPS, 0)
        for step, _, begin, end in path:
            row[step] += end - begin
        rows.append(row)
    return pd.DataFrame(rows, index=list(found), columns=list(STEPS), dtype="int64") / 1e9


def by_phase(steps):
    """The same by phase: both legs, worker and hub together."""
    phases = list(dict.fromkeys(step.phase for step in STEPS.values()))
    return pd.DataFrame(
        {p: steps[[s for s, step in STEPS.items() if step.phase == p]].sum(axis=1) for p in phases}
    )
