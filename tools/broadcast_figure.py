"""Draws what tests/physics/broadcast_rounds_main.cc prints: seconds per round over the number of workers.

    build/release/bin/broadcast_rounds > rounds.jsonl
    python tools/broadcast_figure.py rounds.jsonl docs/broadcast.png
"""

import json
import math
import sys
from collections import defaultdict
from pathlib import Path

from matplotlib.figure import Figure

INK, FAINT = "#1d2530", "#5b6573"
LOOK = {"tcp": ("#882255", "o", "TCP to each"), "broadcast": ("#332288", "s", "one broadcast, losses repaired by TCP")}


def frame_s(mcs: int, block: int = 1456) -> float:
    """Seconds of one broadcast frame of 802.11ax, 20 MHz, one stream, GI 0.8 us: AIFS, mean backoff, preamble, symbols."""
    bits, rate = {0: (1, 1 / 2), 1: (2, 1 / 2), 2: (2, 3 / 4), 3: (4, 1 / 2), 4: (4, 3 / 4), 5: (6, 2 / 3), 7: (6, 5 / 6)}[mcs]
    symbols = math.ceil((16 + 8 * (block + 82) + 6) / (234 * bits * rate))
    return 43e-6 + 67.5e-6 + 44e-6 + symbols * 13.6e-6


def main(source: str, target: str) -> None:
    rows = [json.loads(line) for line in Path(source).read_text().splitlines()]
    times = defaultdict(list)
    for row in rows:
        times[row["down"], row["workers"]].append(row["seconds_per_round"])
    figure = Figure(figsize=(6.4, 4))
    axes = figure.subplots()
    workers = sorted({row["workers"] for row in rows})
    for way, (colour, marker, label) in LOOK.items():
        middle = [sum(times[way, n]) / len(times[way, n]) for n in workers]
        spread = [[m - min(times[way, n]) for m, n in zip(middle, workers)], [max(times[way, n]) - m for m, n in zip(middle, workers)]]
        axes.errorbar(workers, middle, yerr=spread, color=colour, marker=marker, capsize=3, label=label)
    first = rows[0]
    once = math.ceil(first["down_bytes"] / 1456) * frame_s(first["mcs"])
    axes.axhline(once, color=FAINT, linestyle=":", label=f"the broadcast alone, closed form: {once * 1e3:.0f} ms")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(workers, [str(n) for n in workers])
    axes.set_xlabel("workers")
    axes.set_ylabel("simulated seconds per round")
    axes.set_title(
        f"A star over 802.11ax: {first['up_bytes'] // 1000} kB up, {first['down_bytes'] // 1000} kB down, "
        f"Rayleigh fading at {first['radius_m']:g} m\nunicast MCS 7, broadcast MCS {first['mcs']}; mean and range of "
        f"{len({row['seed'] for row in rows})} network seeds",
        loc="left",
        fontsize=9,
        color=INK,
    )
    axes.legend(frameon=False, fontsize=8)
    axes.grid(color="#e4e8ed")
    figure.savefig(target, dpi=150, bbox_inches="tight")


if __name__ == "__main__":
    main(*sys.argv[1:])
