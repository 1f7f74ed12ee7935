"""Where gradients are computed and what they are charged, as a user meets it on a machine without a GPU."""

import json
import os
import sqlite3

import pytest
from program import telegrad, write

SMALL = {
    "name": "small",
    "workers": 3,
    "training": {
        "dataset": {"type": "synthetic_logistic", "samples": 600, "features": 30},
        "model": {"type": "mlp", "hidden": [16]},
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "batch_size_per_worker": 16,
    },
    "network": {"type": "ideal", "latency_ms": 1},
    "evaluation": {"every_rounds": 5, "split": "test"},
    "stop": {"max_rounds": 10},
}

no_gpu = pytest.mark.skipif(os.path.exists("/dev/nvidia0"), reason="this machine has a GPU")


def ask(folder, query):
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def run(tmp_path, name, *changes):
    out = tmp_path / name
    settings = [part for change in changes for part in ("--set", change)]
    result = telegrad("run", write(tmp_path, SMALL), "--no-report", *settings, "--out", out)
    assert result.returncode == 0, result.stderr
    return out, result


def test_measured_gradients_are_charged_and_said_to_be_so(tmp_path):
    out, result = run(tmp_path, "out", "/simulated_device/profile=measured")
    assert "not reproducible" in result.stdout + result.stderr
    (seconds,), = ask(out, "SELECT sum(end_ns - begin_ns) * 1e-9 FROM span WHERE phase = 'gradient'")
    assert 0 < seconds < 60
    explained = telegrad("explain", write(tmp_path, SMALL), "--set", "/simulated_device/profile=measured").stdout
    assert "what each gradient takes on this host" in explained and "not reproducible" in explained


def test_a_measured_recording_is_replayed_as_it_was_and_no_other_can_be(tmp_path):
    file = write(tmp_path, SMALL)
    measured = ("--set", "/simulated_device/profile=measured")
    first = telegrad("run", file, *measured, "--no-report", "--record", tmp_path / "a.tgr", "--out", tmp_path / "a")
    assert first.returncode == 0, first.stderr
    again = telegrad("replay", file, *measured, "--recording", tmp_path / "a.tgr", "--no-report", "--out", tmp_path / "b")
    assert again.returncode == 0, again.stderr
    prints = [ask(tmp_path / name, "SELECT value FROM meta WHERE key = 'fingerprint'") for name in "ab"]
    assert prints[0] == prints[1]
    telegrad("run", file, "--no-report", "--record", tmp_path / "c.tgr", "--out", tmp_path / "c")
    refused = telegrad("replay", file, *measured, "--recording", tmp_path / "c.tgr", "--out", tmp_path / "d")
    assert refused.returncode != 0 and "nothing was measured" in refused.stderr


def test_bf16_learns_as_well_and_is_in_the_results(tmp_path):
    accuracies = []
    for precision in ("fp32", "bf16"):
        out, _ = run(tmp_path, precision, f"/training/precision={precision}")
        accuracies += ask(out, "SELECT test_accuracy, train_loss FROM round WHERE round = 10")
        manifest = json.dumps(ask(out, "SELECT * FROM meta"))
        assert ("in bf16" in manifest) == (precision == "bf16")
    assert abs(accuracies[0][0] - accuracies[1][0]) < 0.05
    assert accuracies[0][1] != accuracies[1][1]


@no_gpu
def test_a_gpu_that_is_not_there_is_refused_with_the_remedy(tmp_path):
    result = telegrad("run", write(tmp_path, SMALL), "--set", "/host/device=cuda:1", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert "/host/device" in result.stderr and "'cuda:1' asked for" in result.stderr and "choose cpu" in result.stderr
    assert not (tmp_path / "out").exists()


@no_gpu
def test_auto_and_cpu_are_the_same_here_and_in_the_store(tmp_path):
    prints = {str(ask(run(tmp_path, name, f"/host/device={name}")[0], "SELECT value FROM meta WHERE key = 'fingerprint'"))
              for name in ("auto", "cpu")}
    assert len(prints) == 1
