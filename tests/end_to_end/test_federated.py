"""Federated averaging as a user meets it: a small federation with slow devices, its results, its page and its mistakes."""

import json
import sqlite3

import pytest
from program import telegrad, write

FEDERATION = {
    "name": "federation",
    "workers": 12,
    "training": {
        "dataset": {"type": "fashion_mnist", "validation": 5000},
        "partition": {"type": "dirichlet", "alpha": 0.5},
        "model": {"type": "logistic"},
        "optimizer": {"type": "sgd", "learning_rate": 0.02},
        "batch_size_per_worker": 8,
        "weighting": "samples",
    },
    "compression": {"uplink": {"type": "top_k", "ratio": 0.2}},
    "program": {
        "type": "local_sgd",
        "local_steps": 5,
        "clients_per_round": 4,
        "exchange": {"type": "star", "wait": {"type": "deadline", "seconds": 0.1}, "late": "returned"},
    },
    "network": {"type": "ideal", "latency_ms": 1},
    "simulated_device": {"profile": "microcontroller_class", "speed_factors": [1 + i / 100 for i in range(9)] + [0.1] * 3},
    "evaluation": {"every_rounds": 5, "targets": [0.7]},
    "stop": {"max_rounds": 40},
}


def ask(folder, query):
    with sqlite3.connect(f"file:{folder}/out/results.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def test_it_learns_and_says_who_came_late(tmp_path):
    result = telegrad("run", write(tmp_path, FEDERATION), "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "came after the close (returned)" in result.stdout and "waited for" in result.stdout
    fates = dict(ask(tmp_path, "SELECT fate, count(*) FROM contribution GROUP BY fate"))
    assert fates["applied"] > 80 and fates["returned"] > 3, fates
    late = {node for (node,) in ask(tmp_path, "SELECT DISTINCT node FROM contribution WHERE fate = 'returned'")}
    assert late <= {9, 10, 11}
    (accuracy,), = ask(tmp_path, "SELECT validation_accuracy FROM round WHERE round = 40")
    assert accuracy > 0.6
    invited = ask(tmp_path, "SELECT count(*) FROM message WHERE purpose = 'invite down' GROUP BY round")
    assert invited == [(4,)] * 40
    page = (tmp_path / "out" / "report.html").read_text()
    assert 'data-figure="waiting"' in page and "late, back to feedback" in page
    assert (tmp_path / "out" / "figures" / "waiting.svg").is_file()


def test_two_runs_are_equal_whatever_the_threads(tmp_path):
    prints = set()
    for threads in ("1", "2"):
        telegrad("run", write(tmp_path, FEDERATION), "--no-report", "--replace", "--threads", threads, "--out", tmp_path / "out")
        prints |= set(ask(tmp_path, "SELECT value FROM meta WHERE key = 'fingerprint'"))
    assert len(prints) == 1


def test_explain_counts_the_cohort_and_its_steps(tmp_path):
    page = telegrad("explain", write(tmp_path, FEDERATION)).stdout
    assert "up, the cohort" in page and "the exchange closes a round without everybody" in page
    facts = json.loads(telegrad("explain", "--json", write(tmp_path, FEDERATION)).stdout)
    assert facts["round_up_serialised_bytes"] == pytest.approx(4 * facts["message_up"]["serialised_bytes"])
    one = json.loads(telegrad("explain", "--json", "--set", "/program/local_steps=1", write(tmp_path, FEDERATION)).stdout)
    assert facts["expected"]["compute_round_s"] == pytest.approx(5 * one["expected"]["compute_round_s"])


def test_where_everybody_is_waited_for_it_is_recorded_and_replayed(tmp_path):
    patient = FEDERATION | {"program": FEDERATION["program"] | {"exchange": {"type": "star"}}}
    file = write(tmp_path, patient)
    recorded = telegrad("run", file, "--no-report", "--record", tmp_path / "recording", "--out", tmp_path / "out")
    assert recorded.returncode == 0, recorded.stderr
    here = ask(tmp_path, "SELECT value FROM meta WHERE key = 'fingerprint'")
    played = telegrad("replay", file, "--recording", tmp_path / "recording", "--no-report", "--out", tmp_path / "again" / "out")
    assert played.returncode == 0, played.stderr
    assert ask(tmp_path / "again", "SELECT value FROM meta WHERE key = 'fingerprint'") == here


def test_what_is_lost_of_the_model_is_sent_again(tmp_path):
    lossy = FEDERATION | {"network": {"type": "ideal", "block_bytes": 2000, "downlink": {"block_loss": 0.1}}}
    lossy["program"] = FEDERATION["program"] | {"exchange": {"type": "star"}}
    result = telegrad("run", write(tmp_path, lossy), "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    (mended,), = ask(tmp_path, "SELECT sum(blocks) FROM message WHERE purpose = 'repair down'")
    (lost,), = ask(tmp_path, "SELECT sum(lost_blocks) FROM message WHERE purpose = 'invite down'")
    assert mended == lost > 50
    whole = lossy | {"network": {"type": "ideal", "block_bytes": 2000}}
    telegrad("run", write(tmp_path, whole), "--no-report", "--replace", "--out", tmp_path / "whole" / "out")
    accuracies = [ask(folder, "SELECT test_accuracy FROM round WHERE round = 40") for folder in (tmp_path, tmp_path / "whole")]
    assert accuracies[0] == accuracies[1]


@pytest.mark.parametrize(
    "change, said",
    [
        ("/program/clients_per_round=13", "13 clients cannot be drawn from 12 workers"),
        ("/program/exchange/wait={\"type\":\"quorum\",\"contributions\":5}", "5 contributions never come from 4 workers"),
        ("/program/exchange/wait={\"type\":\"backup\",\"workers\":4}", "leave nobody to wait for"),
        ("/program/exchange={\"type\":\"ring\"}", "has no hub"),
        ("/program/local_epochs=2", "stands beside local_steps"),
        ("/compression/uplink={\"type\":\"powersgd\"}", "all its workers exchange together"),
        ("/compression/downlink={\"type\":\"dense\"}", "are sent the model itself"),
        ("/program/exchange={\"type\":\"star\",\"replicas\":\"diverge\"}", "replicas: diverge"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, change, said):
    lossy = FEDERATION | {"network": {"type": "ideal", "downlink": {"block_loss": 0.1}}}
    refused = telegrad("run", write(tmp_path, lossy), "--set", change, "--no-report", "--out", tmp_path / "out")
    assert refused.returncode == 2 and said in refused.stderr, refused.stderr
