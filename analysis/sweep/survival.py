"""Kaplan and Meier's estimate (1958): who has reached the target by t, when some were cut off before."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """times: of every event, rising. reached: estimated share that has reached by then. censored: (time, share)."""

    times: list
    reached: list
    censored: list


def kaplan_meier(durations, events):
    """durations: time of the event, or of the censoring where events is false. At a tie, events come first."""
    times, reached, censored = [], [], []
    waiting, surviving = len(durations), 1.0
    for time in sorted(set(durations)):
        here = [event for duration, event in zip(durations, events) if duration == time]
        if any(here):
            surviving *= 1 - sum(map(bool, here)) / waiting
            times.append(time)
            reached.append(1 - surviving)
        if not all(here):
            censored.append((time, 1 - surviving))
        waiting -= len(here)
    return Curve(times, reached, censored)
