"""Tables as CSV, Parquet or one JSON file."""

import json

import pandas as pd

from analysis.exports.columns import described

TYPES = {"Int64": "integer", "float64": "number", "Float64": "number", "string": "text"}


def write_csv(tables, out):
    """cells.csv, rounds.csv, targets.csv, as sim/results/export_csv.h writes them: a header line, quoted as RFC 4180
    says, lines end in "\\n"; a NULL is an empty field, an empty text is "\"\"."""
    written = []
    for name, frame in tables.frames.items():
        lines = [list(frame), *frame.astype(object).itertuples(index=False)]
        written.append(out / f"{name}.csv")
        written[-1].write_text(
            "".join(",".join(map(field, line)) + "\n" for line in lines), encoding="utf-8", newline=""
        )
    return written


def field(value):
    if pd.isna(value):
        return ""
    text = str(value)
    quoted = not text or any(c in text for c in ',"\n\r')
    return '"' + text.replace('"', '""') + '"' if quoted else text


def write_parquet(tables, out):
    """cells.parquet, rounds.parquet, targets.parquet; nulls are nulls, meta is in the metadata of the schema."""
    import pyarrow
    import pyarrow.parquet

    written = []
    for name, frame in tables.frames.items():
        table = pyarrow.Table.from_pandas(frame, preserve_index=False)
        kept = dict(table.schema.metadata or {}) | {b"telegrad": json.dumps(tables.meta).encode()}
        written.append(out / f"{name}.parquet")
        pyarrow.parquet.write_table(table.replace_schema_metadata(kept), written[-1])
    return written


def write_json(tables, out):
    """export.json: meta, and every table with its columns explained and its rows as lists; null is not known."""
    found = {
        "format": "telegrad export",
        "version": 1,
        "kind": tables.kind,
        "meta": tables.meta,
        "tables": {
            name: {
                "columns": [
                    described(column) | {"type": TYPES[str(frame[column].dtype)]} for column in frame
                ],
                "rows": [
                    [plain(value) for value in row] for row in frame.astype(object).itertuples(index=False)
                ],
            }
            for name, frame in tables.frames.items()
        },
    }
    target = out / "export.json"
    target.write_text(
        json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8"
    )
    return [target]


def plain(value):
    return None if pd.isna(value) else value
