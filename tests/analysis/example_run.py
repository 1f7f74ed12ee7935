"""Makes a results.db (schema version 2) of a plausible run: overlapping rounds, one medium, lost blocks."""

import heapq
import json
import math
import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from example_meta import SCHEMA, describe

MS = 1_000_000
BLOCK = 1400


@dataclass
class Example:
    name: str = "example"
    workers: int = 8
    rounds: int = 200
    loss: float = 0.05
    on_air: bool = True
    simulated: int = 0  # the first rounds; the others are fast-forwarded. 0: all
    positions: bool = True
    evaluate_every: int = 10
    status: str = "done"
    status_reason: str = "max_rounds"
    status_detail: str = ""
    blocks_up: int = 6
    blocks_down: int = 12
    rate_mbps: float = 40.0
    seed: int = 1
    targets: tuple = (0.7, 0.8, 0.95)
    rows: dict = field(default_factory=lambda: {"round": [], "message": [], "span": []})


def make(folder, **settings):
    """Writes folder/results.db and returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    example = Example(**settings)
    rng = random.Random(example.seed)
    nodes = place(example, rng)
    evaluations = simulate(example, nodes, rng)
    with sqlite3.connect(folder / "results.db") as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        insert(connection, "node", nodes)
        for table, rows in example.rows.items():
            insert(connection, table, rows)
        meta = describe(example, evaluations)
        insert(connection, "meta", [(key, json.dumps(value)) for key, value in meta.items()])
    connection.close()
    return folder


def insert(connection, table, rows):
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def place(example, rng):
    rows = []
    for worker in range(example.workers):
        angle, radius = rng.uniform(0, 2 * math.pi), 10 * math.sqrt(rng.random())
        weights = [rng.gammavariate(0.5, 1) for _ in range(10)]
        histogram = [round(6875 * weight / sum(weights)) for weight in weights]
        x, y = (radius * math.cos(angle), radius * math.sin(angle)) if example.positions else (None, None)
        rows.append(
            (worker, "worker", x, y, sum(histogram), json.dumps(histogram), rng.lognormvariate(0, 0.15))
        )
    hub = (0.0, 0.0) if example.positions else (None, None)
    rows.append((example.workers, "hub", *hub, None, None, 1.0))
    return rows


def simulate(example, nodes, rng):
    """Plays the rounds; returns [(round, end_s, validation accuracy)]."""
    hub, end, evaluations = example.workers, 0, []
    ready = [0] * example.workers
    speed = [row[6] for row in nodes]
    for number in range(1, example.rounds + 1):
        queued = []
        for worker in range(example.workers):
            compute = int(60 * MS * speed[worker] * rng.lognormvariate(0, 0.1))
            computed = ready[worker] + compute
            encoded = computed + int(2 * MS * speed[worker])
            span(example, worker, number, "gradient", ready[worker], computed)
            span(example, worker, number, "encode", computed, encoded)
            queued.append((encoded, worker))
        begin = end
        arrivals, lost, delivered_bytes = transmit(example, number, queued, lambda w: (w, hub), "up", rng)
        collected = max(arrivals)
        folded = collected + int(1.5 * MS)
        encoded = folded + 3 * MS
        span(example, hub, number, "wait", min(arrivals), collected)
        span(example, hub, number, "fold", collected, folded)
        span(example, hub, number, "encode", folded, encoded)
        down = [(encoded, worker) for worker in range(example.workers)]
        arrivals, _, _ = transmit(example, number, down, lambda w: (hub, w), "down", rng)
        for worker, arrived in enumerate(arrivals):
            decoded = arrived + int(1.2 * MS * speed[worker])
            ready[worker] = decoded + int(0.8 * MS * speed[worker])
            span(example, worker, number, "decode", arrived, decoded)
            span(example, worker, number, "apply", decoded, ready[worker])
        end = max(ready)
        accuracy = 0.88 - 0.75 * math.exp(-number / 35) + rng.gauss(0, 0.004)
        evaluated = bool(example.evaluate_every) and number % example.evaluate_every == 0
        if evaluated:
            evaluations.append((number, end / 1e9, accuracy))
        loss = 0.35 + 1.9 * math.exp(-number / 30) + rng.gauss(0, 0.05)
        example.rows["round"].append(
            (
                number,
                begin / 1e9,
                end / 1e9,
                loss,
                accuracy if evaluated else None,
                None,
                loss + 0.02 if evaluated else None,
                None,
                example.workers,
                *sizes(example, example.blocks_up, lost),
                *sizes(example, example.blocks_down, 0),
                drawn(example, number),
            )
        )
    if evaluations:  # the last model is also tested
        last = list(example.rows["round"][-1])
        last[5], last[7] = 0.8671875, 0.4140625
        example.rows["round"][-1] = tuple(last)
    return evaluations


def drawn(example, number):
    return int(0 < example.simulated < number)


def sizes(example, blocks, lost):
    serialised = example.workers * blocks * BLOCK
    on_air = int(serialised * 1.11) + 300 * lost if example.on_air else None
    return serialised * 6, serialised, example.workers * 48, on_air


def transmit(example, number, queued, ends, purpose, rng):
    """One message each over a medium that serves one at a time; returns closing times by worker, losses."""
    up, free, arrivals, lost_total = purpose == "up", 0, [0] * example.workers, 0
    blocks = example.blocks_up if up else example.blocks_down
    heap = list(queued)
    heapq.heapify(heap)
    while heap:
        ready, worker = heapq.heappop(heap)
        sent = max(ready + rng.randrange(50_000, 400_000), free)
        arrived = sent + int(blocks * BLOCK * 8 / example.rate_mbps * 1000 * rng.lognormvariate(0, 0.2))
        lost = sum(rng.random() < example.loss for _ in range(blocks)) if up else 0
        delivered = arrived + (20 * MS if rng.random() < 0.02 else rng.randrange(20_000, 200_000))
        free, lost_total, arrivals[worker] = arrived, lost_total + lost, delivered
        origin, target = ends(worker)
        outcome = "delivered" if not lost else "partial" if lost < blocks else "lost"
        seen = None if lost == blocks else arrived
        example.rows["message"].append(
            (
                None,
                origin,
                target,
                number,
                purpose,
                0,
                blocks,
                lost,
                blocks * BLOCK,
                48,
                ready,
                sent,
                seen,
                delivered,
                outcome,
                drawn(example, number),
            )
        )
        span(example, origin, number, "queue", ready, sent)
        if seen is not None:
            span(example, origin, number, "air", sent, seen)
        span(example, origin, number, "closing", seen or sent, delivered)
    return arrivals, lost_total, blocks * BLOCK


def span(example, node, number, phase, begin, end):
    example.rows["span"].append((node, number, phase, begin, end))


if __name__ == "__main__":
    import sys

    make(sys.argv[1], **json.loads(sys.argv[2]) if len(sys.argv) > 2 else {})
