"""Methods that need more than one round to show what they are."""

import json
import sqlite3

import pytest
from program import SOURCE, telegrad, write

CNN = json.loads((SOURCE / "scenarios" / "first.json").read_text()) | {"network": {"type": "ideal"}}


def run(folder, rounds, **uplink):
    scenario = CNN | {"compression": {"uplink": uplink}, "evaluation": {"every_rounds": rounds, "split": "both"},
                      "stop": {"max_rounds": rounds}}
    result = telegrad("run", write(folder, scenario), "--no-report", "--out", folder / "out")
    assert result.returncode == 0, result.stderr
    return result.stdout


def ask(folder, query):
    with sqlite3.connect(f"file:{folder}/out/results.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def test_a_ternary_model_learns(tmp_path):
    run(tmp_path, 120, type="ttq", full_rounds=100)
    (accuracy,), = ask(tmp_path, "SELECT validation_accuracy FROM round WHERE round = 120")
    assert accuracy > 0.6
    full, ternary = (ask(tmp_path, f"SELECT down_serialised_bytes FROM round WHERE round = {r}")[0][0] for r in (100, 101))
    assert full - ternary == pytest.approx(8 * 12800 * 3.75, rel=0.02)  # conv2: two bits a weight


def test_lgc_says_what_its_autoencoder_missed_and_pays_for_the_encoder(tmp_path):
    page = run(tmp_path, 20, type="lgc_ps", ratio=0.01, innovation_ratio=0.0001, full_rounds=4, top_k_rounds=12)
    assert "the autoencoder missed" in page
    remarks, = (json.loads(row[0]) for row in ask(tmp_path, "SELECT value FROM meta WHERE key = 'remarks'"))
    assert len(remarks) == 1 and "12 of 12 rounds" in remarks[0]
    before, shipping, after = (ask(tmp_path, f"SELECT down_serialised_bytes FROM round WHERE round = {r}")[0][0] for r in (16, 17, 18))
    assert shipping - after == pytest.approx(8 * 691984, rel=0.02)  # the encoder, to everybody
    assert after < before + 8 * 2000


def test_lgc_ring_runs_over_a_ring(tmp_path):
    scenario = CNN | {"compression": {"uplink": {"type": "lgc_ring", "ratio": 0.01, "full_rounds": 3, "top_k_rounds": 5}},
                      "program": {"type": "synchronous", "exchange": {"type": "ring"}}, "stop": {"max_rounds": 10}}
    result = telegrad("run", write(tmp_path, scenario), "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    tree = scenario | {"program": {"type": "synchronous", "exchange": {"type": "tree"}}}
    refused = telegrad("run", write(tmp_path, tree, "tree.json"), "--out", tmp_path / "none")
    assert refused.returncode == 2 and "all contributions together" in refused.stderr
