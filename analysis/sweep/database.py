"""Reads DIR/sweep.db (schema version 1) into data frames. Never writes; a sweep may still be running."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.database import connect, parse
from analysis.errors import ReportError
from analysis.sweep.parts import PARTS

SCHEMA_VERSION = 1
NAME = "sweep.db"
SPLITS = ("validation", "test")
COLUMNS = {
    table: columns.split()
    for table, columns in {
        "meta": "key value",
        "cell": "cell labels training_seed network_seed scenario key kind status source attempts reason detail"
        " log_tail ended fingerprint parameters phy_rate_mbps rounds simulated_s goodput_mbps fast_forwarded"
        " sampling_interval link_independence host_s host_memory_mb",
        "round": "cell round begin_s simulated_s train_loss validation_accuracy test_accuracy validation_loss"
        " test_loss participants up_serialised_bytes down_serialised_bytes up_information_bits"
        " down_information_bits up_on_air_bytes down_on_air_bytes fast_forwarded " + " ".join(PARTS),
        "target": "cell target split reached after_s by_s after_round round test_accuracy up_on_air_bytes"
        " down_on_air_bytes",
    }.items()
}
TEXTS = set(
    "key value labels scenario kind status source reason detail log_tail ended fingerprint split"
    " link_independence".split()
)
# Bytes spent by the end of every evaluated round: on the air where that is modelled, serialised besides.
EVALUATIONS = """
SELECT * FROM (
  SELECT cell, round, simulated_s, validation_accuracy, test_accuracy,
    sum(up_on_air_bytes + down_on_air_bytes) OVER passed AS on_air_bytes,
    count(up_on_air_bytes + down_on_air_bytes) OVER passed = count(*) OVER passed AS on_air_known,
    sum(up_serialised_bytes + down_serialised_bytes) OVER passed AS serialised_bytes
  FROM round WINDOW passed AS (PARTITION BY cell ORDER BY round))
WHERE validation_accuracy IS NOT NULL OR test_accuracy IS NOT NULL ORDER BY cell, round
"""


@dataclass(frozen=True)
class Sweep:
    """What is in sweep.db. cells: labels and scenario parsed. evaluations: rounds with an accuracy.
    anatomy: rounds by their critical path, duration_s added. Missing numbers are NaN."""

    folder: Path
    meta: dict
    cells: pd.DataFrame
    evaluations: pd.DataFrame
    anatomy: pd.DataFrame
    targets: pd.DataFrame


def load(folder):
    """Reads a sweep's folder. Throws ReportError when there is no readable sweep.db of our version in it."""
    folder = Path(folder)
    file = folder / NAME
    try:
        with closing(connect(file)) as connection:
            return read(connection, folder, file)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged(file, f"cannot be read ({error})") from error


def damaged(file, what):
    return ReportError(
        file,
        what,
        f"the database of a sweep, schema version {SCHEMA_VERSION}",
        "sweep again, or give another folder",
    )


def read(connection, folder, file):
    connection.execute("BEGIN")  # one snapshot of a sweep that may be running
    check_tables(connection, file)
    meta = read_meta(connection, file)
    cells = frame(connection, f"SELECT {', '.join(COLUMNS['cell'])} FROM cell ORDER BY cell")
    for column in ("labels", "scenario"):
        cells[column] = [parse(text) for text in cells[column]]
    wrong = [cell for cell, labels in zip(cells["cell"], cells["labels"]) if not isinstance(labels, dict)]
    if wrong:
        raise damaged(file, f"labels of cell {wrong[0]} are no JSON object")
    anatomy = frame(
        connection,
        f"SELECT cell, round, begin_s, simulated_s, {', '.join(PARTS)} FROM round ORDER BY cell, round",
    )
    anatomy["duration_s"] = anatomy["simulated_s"] - anatomy["begin_s"]
    evaluations = frame(connection, EVALUATIONS)
    evaluations.loc[evaluations.pop("on_air_known") != 1, "on_air_bytes"] = float("nan")
    targets = frame(connection, f"SELECT {', '.join(COLUMNS['target'])} FROM target ORDER BY cell, target")
    return Sweep(folder, meta, cells, evaluations, anatomy, targets)


def check_tables(connection, file):
    for table, columns in COLUMNS.items():
        present = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
        missing = [column for column in columns if column not in present]
        if missing:
            what = f"column {', '.join(missing)} of table '{table}'" if present else f"table '{table}'"
            raise damaged(file, f"{what} is missing")


def read_meta(connection, file):
    meta = {key: parse(value) for key, value in connection.execute("SELECT key, value FROM meta")}
    version = meta.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ReportError(
            file,
            f"schema_version is {json.dumps(version)}",
            f"{SCHEMA_VERSION}",
            "make the report with the telegrad that made the sweep",
        )
    axes = meta.get("axes")
    if not isinstance(axes, list) or not all(
        isinstance(a, dict) and "name" in a and a.get("labels") for a in axes
    ):
        raise damaged(file, "meta 'axes' is no list of axes with a name and labels")
    names = [axis["name"] for axis in axes]
    for key in ("method_axis", "network_axis"):
        if meta.get(key) is not None and meta[key] not in names:
            raise damaged(file, f"meta '{key}' is {json.dumps(meta[key])}, which is none of the axes")
    for key in ("baselines", "targets", "seeds", "assumptions", "not_modelled", "warnings"):
        meta[key] = meta.get(key) if isinstance(meta.get(key), list) else []
    return meta


def frame(connection, query):
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    data = pd.DataFrame.from_records(cursor.fetchall(), columns=columns)
    for column in columns:
        if column not in TEXTS:
            data[column] = pd.to_numeric(data[column], errors="coerce")
    return data
