"""Reads DIR/results.db (schema versions 1 to 3) into data frames. Never writes; a run may still be writing."""

import json
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import ReportError

SCHEMA_VERSION = 3
READABLE = (1, 2, SCHEMA_VERSION)
# Columns that older versions lack; in those nothing was.
SINCE_2 = {"fast_forwarded"}
SINCE_3 = {"overheard"}  # rows whose bytes are those of another row: one transmission served several receivers
ABSENT_BEFORE = SINCE_2 | SINCE_3
# Message rows that are read for pictures; beyond that, every n-th round stands for its neighbours.
DETAILED_ROWS = 100_000
BUSY_S = 10

BYTE_KINDS = ("information_bits", "serialised_bytes", "control_bytes", "on_air_bytes")
BYTE_COLUMNS = [f"{leg}_{kind}" for leg in ("up", "down") for kind in BYTE_KINDS]
COLUMNS = {
    table: columns.split()
    for table, columns in {
        "meta": "key value",
        "node": "node role x y samples label_histogram speed_factor",
        "round": "round begin_s simulated_s train_loss validation_accuracy test_accuracy validation_loss"
        " test_loss participants " + " ".join(BYTE_COLUMNS) + " fast_forwarded",
        "message": "id from_node to_node round purpose channel blocks lost_blocks bytes control_bytes"
        " queued_ns sent_ns arrived_ns delivered_ns outcome fast_forwarded overheard",
        "span": "node round phase begin_ns end_ns",
        "contribution": "node operation round fate arrived_ns closed_ns",
    }.items()
}
TEXTS = {"key", "value", "role", "label_histogram", "purpose", "outcome", "phase", "fate"}
TABLES_SINCE_3 = {"contribution"}


@dataclass(frozen=True)
class Run:
    """One run. Every round is in `rounds`; `messages` and `spans` hold every `stride`-th round.

    rounds: one row a round by rising end, with start_ns, end_ns (int) and duration_s added: a round
        begins when the one before it ends. Missing numbers are NaN.
    traffic: blocks and losses of all messages, summed by (from_node, to_node, purpose).
    """

    folder: Path
    meta: dict
    nodes: pd.DataFrame
    rounds: pd.DataFrame
    messages: pd.DataFrame
    spans: pd.DataFrame
    traffic: pd.DataFrame
    contributions: pd.DataFrame
    stride: int

    @property
    def workers(self):
        return self.nodes[self.nodes["role"] != "hub"]

    @property
    def drawn_rounds(self):
        """How many have communication that was drawn instead of simulated."""
        return int((self.rounds["fast_forwarded"] == 1).sum())

    @property
    def hubs(self):
        return set(self.nodes.loc[self.nodes["role"] == "hub", "node"])


def load(folder):
    """Reads a run's folder. Throws ReportError when there is no readable results.db of our version in it."""
    folder = Path(folder)
    file = folder / "results.db"
    if not folder.is_dir():
        raise ReportError(folder, "no such folder", "the folder of a run", "give the folder named by --out")
    if not file.is_file():
        raise ReportError(
            folder, "holds no results.db", "the folder of a run", "give the folder named by --out"
        )
    try:
        with closing(connect(file)) as connection:
            return read(connection, folder, file)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ReportError(
            file,
            f"cannot be read ({error})",
            f"a telegrad database, schema version {SCHEMA_VERSION}",
            "run again, or give another folder",
        ) from error


def connect(file):
    uri = file.resolve().as_uri()
    try:
        connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return connection
    except sqlite3.OperationalError:
        # A finished WAL database in a folder that we may not write to opens only as one that never changes.
        if Path(f"{file}-wal").exists():
            raise
        return sqlite3.connect(f"{uri}?immutable=1", uri=True, timeout=BUSY_S, isolation_level=None)


def read(connection, folder, file):
    connection.execute(
        "BEGIN"
    )  # one snapshot: what a running simulation adds meanwhile is not seen by halves
    check_tables(connection, file)
    meta = read_meta(connection, file)
    nodes = frame(connection, "node", "ORDER BY node")
    nodes["label_histogram"] = [parse(text) for text in nodes["label_histogram"]]
    rounds = with_durations(
        frame(connection, "round", "WHERE simulated_s IS NOT NULL ORDER BY simulated_s, round")
    )
    stride = max(1, math.ceil(len(rounds) * max(1, len(nodes)) / DETAILED_ROWS))
    chosen = json.dumps([int(number) for number in rounds["round"][::stride]])
    detailed = "WHERE round IN (SELECT value FROM json_each(?))"
    phases = "AND phase IN ('gradient', 'encode', 'wait', 'fold', 'decode', 'apply')"
    return Run(
        folder,
        meta,
        nodes,
        rounds,
        messages=by_leg(frame(connection, "message", f"{detailed} ORDER BY round, id", chosen)),
        spans=frame(connection, "span", f"{detailed} {phases} ORDER BY round, begin_ns", chosen),
        traffic=by_leg(pd.read_sql_query(
            "SELECT from_node, to_node, purpose, count(*) AS messages, sum(blocks) AS blocks,"
            " sum(lost_blocks) AS lost_blocks, sum(outcome = 'lost') AS lost_messages,"
            " sum(outcome = 'failed') AS failed_messages"
            " FROM message GROUP BY from_node, to_node, purpose",
            connection,
        )),
        contributions=contributions(connection),
        stride=stride,
    )


def by_leg(messages):
    """Where a cohort is invited with the model, that is what goes down; the answers to its contributions hold nothing."""
    if not (messages["purpose"] == "invite down").any():
        return messages
    names = {"down": "answer down", "invite down": "down"}
    return messages.assign(purpose=messages["purpose"].replace(names))


def contributions(connection):
    """What became of each contribution that a hub asked for; empty before version 3, and without a hub."""
    if not present_columns(connection, "contribution"):
        return pd.DataFrame(columns=COLUMNS["contribution"])
    return frame(connection, "contribution", "ORDER BY closed_ns, operation, node")


def present_columns(connection, table):
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def check_tables(connection, file):
    for table, columns in COLUMNS.items():
        present = present_columns(connection, table)
        if not present and table in TABLES_SINCE_3:
            continue
        missing = [column for column in columns if column not in present | ABSENT_BEFORE]
        if missing:
            what = f"column {', '.join(missing)} of table '{table}'" if present else f"table '{table}'"
            raise ReportError(
                file,
                f"{what} is missing",
                f"a telegrad database, schema version {SCHEMA_VERSION}",
                "give the folder of a run, or run again",
            )


def read_meta(connection, file):
    rows = connection.execute("SELECT key, value FROM meta")
    meta = {key: parse(value) for key, value in rows}
    version = meta.get("schema_version")
    if version not in READABLE:
        raise ReportError(
            file,
            f"schema_version is {json.dumps(version)}",
            "1 to 3",
            "make the report with the telegrad that made the run",
        )
    return meta


def parse(text):
    """Value of a JSON text, the text itself where it is none, None for NULL."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return text


def frame(connection, table, clause, *parameters):
    columns = COLUMNS[table]
    absent = ABSENT_BEFORE - present_columns(connection, table)
    names = ", ".join("0" if column in absent else f'"{column}"' for column in columns)
    cursor = connection.execute(f'SELECT {names} FROM "{table}" {clause}', parameters)
    data = pd.DataFrame.from_records(cursor.fetchall(), columns=columns)
    for column in columns:
        if column not in TEXTS:
            data[column] = pd.to_numeric(data[column], errors="coerce")
    return data


def with_durations(rounds):
    rounds["end_ns"] = (rounds["simulated_s"] * 1e9).round().astype("int64")
    before = (rounds["end_ns"].shift(1) / 1e9).fillna(0)
    rounds["start_ns"] = (rounds["begin_s"].fillna(before) * 1e9).round().astype("int64")
    rounds["duration_s"] = (rounds["end_ns"] - rounds["start_ns"]) / 1e9
    return rounds
