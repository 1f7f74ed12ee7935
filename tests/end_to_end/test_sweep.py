"""Sweeps as a user runs them: cached, killed, resumed, sharded, merged."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest
from program import BINARY, SOURCE, telegrad, write

DENSE = {"/compression": {"uplink": {"type": "dense"}, "downlink": {"type": "dense"}}}
TOP = {"/compression": {"uplink": {"type": "top_k", "ratio": 0.1}, "downlink": {"type": "union_sparse"}}}


def grid(**changes):
    """12 cells of 20 ms over an ideal network, of 4 trainings."""
    return {
        "name": "small",
        "base": str(SOURCE / "scenarios" / "quick.json"),
        "axes": {"/network/uplink/rate_mbps": [0.1, 1, 10], "method": {"dense": DENSE, "top": TOP}},
        "seeds": 2,
        "targets": [0.6, 0.8],
    } | changes


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TELEGRAD_STORE", str(tmp_path / "store"))


def sweep(folder, out, *options, code=0, what=None):
    file = write(folder, what or grid(), "grid.json")
    result = telegrad("sweep", file, "--no-report", "--out", out, *options, cwd=folder)
    assert result.returncode == code, result.stderr
    return result


def status(folder):
    result = telegrad("status", folder, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def query(folder, sql):
    with sqlite3.connect(f"file:{folder}/sweep.db?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def test_a_second_run_takes_all_cells_from_the_store(tmp_path):
    sweep(tmp_path, "a")
    sweep(tmp_path, "b")
    assert status(tmp_path / "a")["cached"] == 0
    assert status(tmp_path / "b")["cached"] == 12
    assert status(tmp_path / "a")["logical_hash"] == status(tmp_path / "b")["logical_hash"]


def test_another_setting_misses_the_store_and_another_target_does_not(tmp_path):
    sweep(tmp_path, "a")
    sweep(tmp_path, "b", "--set", "/targets=[0.5]")
    assert status(tmp_path / "b")["cached"] == 12
    sweep(tmp_path, "c", "--set", "/base=" + json.dumps(quick(stop={"max_rounds": 19})))
    assert status(tmp_path / "c")["cached"] == 0


def quick(**changes):
    return json.loads((SOURCE / "scenarios" / "quick.json").read_text()) | changes


def test_processes_and_their_order_change_nothing(tmp_path):
    hashes = set()
    for jobs in (1, 2, 5):
        os.environ["TELEGRAD_STORE"] = str(tmp_path / f"store-{jobs}")
        sweep(tmp_path, f"j{jobs}", "-j", jobs)
        hashes.add(status(tmp_path / f"j{jobs}")["logical_hash"])
    assert len(hashes) == 1


def test_a_replayed_cell_is_the_coupled_run(tmp_path):
    sweep(tmp_path, "a")
    for cell, scenario, fingerprint in query(tmp_path / "a", "SELECT cell, scenario, fingerprint FROM cell LIMIT 3"):
        file = write(tmp_path, scenario, f"cell{cell}.json")
        telegrad("run", file, "--no-report", "--out", tmp_path / f"run{cell}")
        with sqlite3.connect(tmp_path / f"run{cell}" / "results.db") as database:
            coupled = database.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()[0]
        assert json.loads(coupled) == fingerprint


def test_kill_at_any_moment_loses_no_finished_cell(tmp_path):
    sweep(tmp_path, "straight", "--store", tmp_path / "other-store")
    expected = status(tmp_path / "straight")["logical_hash"]
    moments = random.Random(20)
    for attempt in range(20):
        out, store = tmp_path / f"out{attempt}", tmp_path / f"store{attempt}"
        options = ["--no-report", "--store", store, "-j", "2"]
        process = subprocess.Popen([BINARY, "sweep", tmp_path / "grid.json", "--out", out, *options],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.3, 2.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if not (out / "sweep.db").exists():
            continue  # nothing had begun
        done = {row[0] for row in query(out, "SELECT cell FROM cell WHERE status = 'done'")}
        result = telegrad("resume", out, *options)
        assert result.returncode == 0, result.stderr
        again = status(out)
        assert again["done"] == 12
        assert again["logical_hash"] == expected
        assert done <= {row[0] for row in query(out, "SELECT cell FROM cell WHERE status = 'done'")}


def test_shards_merge_into_the_whole(tmp_path):
    sweep(tmp_path, "straight")
    expected = status(tmp_path / "straight")["logical_hash"]
    for shards in (1, 2, 5):
        folders = []
        for i in range(1, shards + 1):
            folders.append(tmp_path / f"part{i}of{shards}")
            sweep(tmp_path, folders[-1], "--shard", f"{i}/{shards}")
        merged = telegrad("merge", tmp_path / f"whole{shards}", *folders)
        assert merged.returncode == 0, merged.stderr
        assert status(tmp_path / f"whole{shards}")["logical_hash"] == expected


def test_slurm_names_the_shard(tmp_path, monkeypatch):
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "2")
    monkeypatch.setenv("SLURM_ARRAY_TASK_MIN", "1")
    monkeypatch.setenv("SLURM_ARRAY_TASK_COUNT", "3")
    sweep(tmp_path, "part")
    assert [row[0] for row in query(tmp_path / "part", "SELECT cell FROM cell ORDER BY cell")] == [1, 4, 7, 10]


def test_shards_of_different_grids_do_not_merge(tmp_path):
    sweep(tmp_path, "a", "--shard", "1/2")
    sweep(tmp_path, "b", "--shard", "2/2", "--set", "/targets=[0.5]")
    merged = telegrad("merge", tmp_path / "whole", tmp_path / "a", tmp_path / "b")
    assert merged.returncode == 1 and "shards of one sweep" in merged.stderr


def test_a_damaged_entry_is_named_set_aside_and_computed_again(tmp_path):
    sweep(tmp_path, "a")
    for kind in ("cells", "recordings"):
        entry = next((tmp_path / "store" / kind).rglob("*.zst"))
        entry.write_bytes(entry.read_bytes()[:-9])
    for entry in list((tmp_path / "store" / "cells").rglob("*.zst"))[1:]:
        entry.unlink()  # or the recording would not be asked for
    result = sweep(tmp_path, "b")
    assert result.stderr.count("set aside as") == 2
    assert status(tmp_path / "b")["logical_hash"] == status(tmp_path / "a")["logical_hash"]
    assert list((tmp_path / "store").rglob("*.damaged"))


def test_a_cell_that_fails_becomes_a_row_and_the_rest_goes_on(tmp_path):
    far = {"type": "wifi", "placement": {"type": "ring", "radius_m": 500}}
    axes = {"/network": [quick()["network"], far]}
    result = sweep(tmp_path, "a", what=grid(axes=axes, seeds=1), code=3)
    assert "unreachable" in result.stdout
    (row,) = query(tmp_path / "a", "SELECT status, reason, detail FROM cell WHERE cell = 1")
    assert row[:2] == ("failed", "unreachable") and "500" in row[2]
    assert status(tmp_path / "a")["done"] == 1
    assert telegrad("resume", tmp_path / "a", "--no-report").returncode == 3


def test_ctrl_c_says_how_to_go_on(tmp_path):
    file = write(tmp_path, grid(seeds=40), "grid.json")
    process = subprocess.Popen([BINARY, "sweep", file, "--no-report", "--out", tmp_path / "a"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (tmp_path / "a" / "sweep.db").exists():
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "telegrad resume" in err
    assert status(tmp_path / "a")["at_work"] is False
    assert telegrad("resume", tmp_path / "a", "--no-report").returncode == 0


def test_status_can_be_read_while_it_runs(tmp_path):
    file = write(tmp_path, grid(seeds=20), "grid.json")
    process = subprocess.Popen([BINARY, "sweep", file, "--no-report", "--out", tmp_path / "a"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen = []
    while process.poll() is None:
        if (tmp_path / "a" / "sweep.db").exists():
            result = telegrad("status", tmp_path / "a", "--json")
            if result.returncode == 0:
                seen.append(json.loads(result.stdout))
        time.sleep(0.1)
    assert any(one["at_work"] and 0 < one["done"] < 120 for one in seen)
    assert any(one["seconds_left"] for one in seen)


def test_a_dry_run_writes_nothing(tmp_path):
    result = sweep(tmp_path, "a", "--dry-run")
    assert "cells replayed" in result.stdout and "training of top, seed 2" in result.stdout
    assert not (tmp_path / "a").exists()


def test_a_long_sweep_wants_yes(tmp_path):
    base = quick(stop={"max_rounds": 1_000_000_000}, network={"type": "wifi"})
    result = sweep(tmp_path, "a", what=grid(axes={"/workers": [4]}, base=base, seeds=1), code=2)
    assert "--yes" in result.stderr and not (tmp_path / "a").exists()


def test_bad_cells_are_refused_all_at_once_before_anything_runs(tmp_path):
    axes = {"/network/uplink/rate_mbps": [1, -1], "method": {"top": TOP, "tops": {"/compression": {"uplink": {"type": "tops"}}}},
            "/training/optimizer/learning_rte": [1]}
    result = sweep(tmp_path, "a", what=grid(axes=axes), code=2)
    for words in ["grid.json:", "-1 is out of range", "and 3 more cells", "'tops'", "did you mean 'learning_rate'?"]:
        assert words in result.stderr, result.stderr
    assert not (tmp_path / "a").exists()


def test_mistakes_of_a_base_file_are_told_where_they_stand(tmp_path):
    write(tmp_path, {**quick(), "workers": 0}, "base.json")
    result = sweep(tmp_path, "a", what=grid(base="base.json"), code=2)
    assert "base.json:4:" in result.stderr and "/workers: 0 is out of range" in result.stderr


def test_learning_rates_are_tuned_per_method_and_the_choice_is_recorded(tmp_path):
    result = sweep(tmp_path, "a", what=grid(tune={"values": [0.001, 0.5]}))
    assert result.returncode == 0
    tune = json.loads(query(tmp_path / "a", "SELECT value FROM meta WHERE key = 'tune'")[0][0])
    assert tune["chosen"] == {"dense": 0.5, "top": 0.5}
    assert len(tune["trials"]) == 4
    for (scenario,) in query(tmp_path / "a", "SELECT scenario FROM cell"):
        assert json.loads(scenario)["training"]["optimizer"]["learning_rate"] == 0.5


def test_a_tuned_sweep_that_is_known_whole_is_expected_to_run_nothing(tmp_path):
    what = grid(tune={"values": [0.001, 0.5]})  # the first is not the best
    sweep(tmp_path, "a", what=what)
    page = sweep(tmp_path, "b", "--dry-run", what=what).stdout
    assert "small-tune: 4 cells, 4 cached" in page and "small: 12 cells, 12 cached" in page
    assert "training of" not in page
    sweep(tmp_path, "b", what=what)
    assert status(tmp_path / "b")["cached"] == 12
    for sql in ("SELECT value FROM meta WHERE key = 'tune'", "SELECT cell, labels, fingerprint FROM cell"):
        assert query(tmp_path / "a", sql) == query(tmp_path / "b", sql)
    assert status(tmp_path / "a" / "tune")["logical_hash"] == status(tmp_path / "b" / "tune")["logical_hash"]


def test_a_choice_outlives_the_store_that_it_was_made_from(tmp_path):
    sweep(tmp_path, "a", what=grid(tune={"values": [0.001, 0.5]}))
    tune = query(tmp_path / "a", "SELECT value FROM meta WHERE key = 'tune'")
    assert json.loads(tune[0][0])["chosen"] == {"dense": 0.5, "top": 0.5}
    shutil.rmtree(tmp_path / "store")
    resumed = telegrad("resume", tmp_path / "a", "--no-report")
    assert resumed.returncode == 0 and "computed again" not in resumed.stderr
    assert query(tmp_path / "a", "SELECT value FROM meta WHERE key = 'tune'") == tune


def test_mistakes_of_a_tuned_grid_are_told_where_they_stand(tmp_path):
    axes = {"/network/uplink/rate_mbps": [-1, 1], "method": {"dense": DENSE}}
    result = sweep(tmp_path, "a", what=grid(tune={"values": [0.001, 0.5]}, axes=axes), code=2)
    assert "grid.json:6:7: /axes/~1network~1uplink~1rate_mbps/0: -1 is out of range" in result.stderr
    assert not (tmp_path / "a").exists()


def test_a_sweep_that_is_killed_while_it_tunes_goes_on(tmp_path):
    what = grid(tune={"values": [0.001, 0.01, 0.1, 0.5]})
    sweep(tmp_path, "straight", "--store", tmp_path / "other-store", what=what)
    process = subprocess.Popen([BINARY, "sweep", tmp_path / "grid.json", "--no-report", "--out", tmp_path / "a"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (tmp_path / "a" / "tune" / "sweep.db").exists():
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert telegrad("resume", tmp_path / "a", "--no-report").returncode == 0
    assert status(tmp_path / "a")["logical_hash"] == status(tmp_path / "straight")["logical_hash"]


def test_lossy_cells_are_trained_over_their_network(tmp_path):
    axes = {"/network/uplink/block_loss": [0, 0.1]}
    sweep(tmp_path, "a", what=grid(axes=axes, seeds=1))
    rows = query(tmp_path / "a", "SELECT kind, link_independence FROM cell ORDER BY cell")
    assert rows == [("replayed", ""), ("coupled", "the network may lose what is sent")]


def test_a_folder_with_a_run_is_no_place_for_a_sweep(tmp_path):
    telegrad("run", write(tmp_path, quick()), "--no-report", "--out", tmp_path / "a")
    assert "results of a run" in sweep(tmp_path, "a", code=2).stderr


def test_a_folder_with_a_sweep_is_not_overwritten(tmp_path):
    sweep(tmp_path, "a")
    assert "telegrad resume" in sweep(tmp_path, "a", code=2).stderr
    assert telegrad("resume", tmp_path / "nothing").returncode == 2
