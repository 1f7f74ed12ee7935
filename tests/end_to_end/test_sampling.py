"""Fast-forward by the command line: what a run with `network.sampling` writes, and where it is refused."""

import json
import re
import sqlite3

import pytest
from program import quick_scenario, telegrad, write


def sampled(**changes):
    scenario = quick_scenario(stop={"max_rounds": 60})
    scenario["network"]["sampling"] = {"rounds": 12, "tolerance": 0.05}
    return scenario | changes


def run(folder, scenario, out, code=0):
    result = telegrad("run", write(folder, scenario), "--no-report", "--out", out, cwd=folder)
    assert result.returncode == code, result.stderr
    return result


def read(folder, query):
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def meta(folder, key):
    return json.loads(read(folder, f"SELECT value FROM meta WHERE key = '{key}'")[0][0])


def test_drawn_rounds_are_marked_and_counted(tmp_path):
    out = run(tmp_path, sampled(), "out").stdout
    sampling = meta(tmp_path / "out", "sampling")
    assert sampling["fast_forwarded"] + sampling["simulated"] == 60
    assert (sampling["rounds"], sampling["tolerance"]) == (12, 0.05)
    assert sampling["interval"] is not None and sampling["gave_up_after"] is None
    drawn = read(tmp_path / "out", "SELECT count(*) FROM round WHERE fast_forwarded = 1")[0][0]
    assert drawn == sampling["fast_forwarded"] > 30
    assert f"{drawn} of 60 rounds drawn, not simulated" in out
    marked = read(tmp_path / "out", "SELECT count(DISTINCT round) FROM message WHERE fast_forwarded = 1")[0][0]
    assert marked == drawn


def test_models_are_those_of_the_full_run(tmp_path):
    full = quick_scenario(stop={"max_rounds": 60})
    run(tmp_path, full, "full")
    run(tmp_path, sampled(), "sampled")
    learned = "SELECT round, train_loss, validation_accuracy, test_accuracy FROM round ORDER BY round"
    assert read(tmp_path / "full", learned) == read(tmp_path / "sampled", learned)
    assert meta(tmp_path / "full", "sampling") is None
    assert read(tmp_path / "full", "SELECT sum(fast_forwarded) FROM message") == [(0,)]


LOSES = {"block_loss": 0.1}
DATAGRAMS = {"type": "wifi", "transport": {"uplink": {"type": "datagram"}}, "sampling": {}}
QUORUM = {"type": "synchronous", "exchange": {"type": "star", "wait": {"type": "deadline", "seconds": 1, "at_least": 2}}}


@pytest.mark.parametrize("change, why", [
    ({"network": {"type": "ideal", "uplink": LOSES, "sampling": {}}}, "may lose"),
    ({"network": {"type": "ideal", "downlink": LOSES, "sampling": {}}}, "may lose"),
    ({"network": DATAGRAMS}, "may lose"),
    ({"program": QUORUM}, "without everybody"),
])
def test_what_cannot_be_drawn_is_refused_by_whatever_reads_it(tmp_path, change, why):
    file = write(tmp_path, sampled(**change))
    grid = {"name": "g", "base": file.name, "axes": {"/workers": [4]}, "seeds": 1, "targets": [0.5]}
    for verb in (["validate", file], ["explain", file], ["run", file], ["sweep", write(tmp_path, grid, "grid.json")]):
        result = telegrad(*verb, "--set", "/name=x", cwd=tmp_path)
        assert result.returncode == 2 and re.search(r"scenario.json:\d+:\d+: /network/sampling: .*" + why, result.stderr)
    assert not (tmp_path / "runs").exists()
