"""Whole runs: what is in the folder, how runs end, what they repeat."""

import json
import signal
import sqlite3
import subprocess
import time

import pytest
from program import BINARY, SOURCE, quick_scenario, telegrad, write


def meta(folder):
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return {key: json.loads(value) for key, value in database.execute("SELECT key, value FROM meta")}


def rounds(folder):
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return database.execute("SELECT count(*) FROM round").fetchone()[0]


def run(folder, scenario, *options, code=0):
    result = telegrad("run", write(folder, scenario), "--no-report", *options, cwd=folder)
    assert result.returncode == code, result.stderr
    return result


def test_a_run_leaves_its_results(tmp_path):
    result = run(tmp_path, quick_scenario(), "--out", "out")
    folder = tmp_path / "out"
    names = {file.name for file in folder.iterdir()}
    assert {"scenario.json", "results.db", "log.txt", "rounds.csv", "messages.csv", "spans.csv", "nodes.csv"} <= names
    about = meta(folder)
    assert (about["status"], about["status_reason"], rounds(folder)) == ("done", "max_rounds", 20)
    assert "one seed" in result.stdout and "median round" in result.stdout
    assert telegrad("validate", folder / "scenario.json").returncode == 0


def test_the_resolved_scenario_repeats_the_run(tmp_path):
    run(tmp_path, quick_scenario(), "--out", "first")
    telegrad("run", tmp_path / "first" / "scenario.json", "--no-report", "--out", tmp_path / "second")
    assert meta(tmp_path / "first")["fingerprint"] == meta(tmp_path / "second")["fingerprint"]


def test_threads_change_nothing_and_seeds_do(tmp_path):
    fingerprints = []
    for name, options in {"a": ["--threads=1"], "b": ["--threads=2"], "c": ["--set=/seeds/training=2"]}.items():
        run(tmp_path, quick_scenario(), "--out", name, *options)
        fingerprints.append(meta(tmp_path / name)["fingerprint"])
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_results_are_never_overwritten_unasked(tmp_path):
    for folder in ["quick", "quick-2"]:
        run(tmp_path, quick_scenario())
        assert rounds(tmp_path / "runs" / folder) == 20
    result = run(tmp_path, quick_scenario(), "--out", "runs/quick", code=2)
    assert "--replace" in result.stderr
    run(tmp_path, quick_scenario(stop={"max_rounds": 5}), "--out", "runs/quick", "--replace")
    assert rounds(tmp_path / "runs" / "quick") == 5


@pytest.mark.parametrize("stop, reason", [({"max_simulated_s": 0.02}, "max_simulated_s"), ({"max_rounds": 3}, "max_rounds")])
def test_every_stop_rule_names_itself(tmp_path, stop, reason):
    run(tmp_path, quick_scenario(stop=stop), "--out", "out")
    assert meta(tmp_path / "out")["status_reason"] == reason


def test_an_accuracy_can_end_a_run(tmp_path):
    run(tmp_path, quick_scenario(stop={"max_rounds": 500, "accuracy": 0.6}), "--out", "out")
    assert meta(tmp_path / "out")["status_reason"] == "accuracy"
    assert rounds(tmp_path / "out") < 500


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_with_the_rounds_so_far(tmp_path, number, code):
    file = write(tmp_path, quick_scenario(stop={"max_rounds": 10**8}))
    process = subprocess.Popen([BINARY, "run", file, "--no-report", "--out", tmp_path / "out"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.2)
        try:
            if rounds(tmp_path / "out") > 0:
                break
        except sqlite3.Error:
            continue
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert meta(tmp_path / "out")["status"] == "interrupted"
    assert rounds(tmp_path / "out") > 0
    assert "quick" in output


def test_nobody_in_range_is_a_clear_failure(tmp_path):
    begin = time.monotonic()
    result = telegrad("run", SOURCE / "scenarios" / "first.json", "--set", "/network/placement/radius_m=5000",
                      "--no-report", "--out", tmp_path / "out")
    assert time.monotonic() - begin < 60
    assert result.returncode == 1
    assert "unreachable" in result.stderr
    about = meta(tmp_path / "out")
    assert (about["status"], about["status_reason"]) == ("failed", "unreachable")


def test_a_wrong_dataset_folder_is_a_clear_failure_and_writes_nothing(tmp_path):
    scenario = json.loads((SOURCE / "scenarios" / "first.json").read_text())
    scenario["training"]["dataset"] = {"type": "idx", "folder": str(tmp_path / "absent")}
    result = telegrad("run", write(tmp_path, scenario), "--out", tmp_path / "out")
    assert result.returncode in (1, 2)
    assert "absent" in result.stderr
    assert not (tmp_path / "out").exists()


def test_export_writes_the_tables_again(tmp_path):
    run(tmp_path, quick_scenario(), "--out", "out")
    file = tmp_path / "out" / "rounds.csv"
    before = file.read_text()
    file.unlink()
    assert telegrad("export", tmp_path / "out", "--csv").returncode == 0
    assert file.read_text() == before
    assert telegrad("export", tmp_path / "absent", "--csv").returncode == 1


def test_a_saved_model_is_where_the_next_run_begins(tmp_path):
    run(tmp_path, quick_scenario(), "--out", "whole", "--save-model", "model.pt")
    assert (tmp_path / "model.pt").read_bytes()[:2] == b"PK"
    scenario = quick_scenario(stop={"max_rounds": 1})
    scenario["training"]["initial_weights"] = str(tmp_path / "model.pt")
    run(tmp_path, scenario, "--out", "next")
    losses = []
    for folder in ["whole", "next"]:
        with sqlite3.connect(f"file:{tmp_path}/{folder}/results.db?mode=ro", uri=True) as database:
            losses.append(database.execute("SELECT train_loss FROM round ORDER BY round").fetchall())
    assert losses[1][0][0] < losses[0][0][0] - 0.005  # the same batch, twenty rounds later


def test_a_place_that_cannot_hold_a_model_is_refused_before_the_run(tmp_path):
    result = run(tmp_path, quick_scenario(), "--out", "out", "--save-model", "absent/model.pt", code=2)
    assert "--save-model" in result.stderr and not (tmp_path / "out").exists()
