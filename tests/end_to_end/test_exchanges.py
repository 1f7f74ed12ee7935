"""Exchanges without a hub, as a user meets them."""

import json
import sqlite3

import pytest
from program import SOURCE, quick_scenario, telegrad, write

FIRST = SOURCE / "scenarios" / "first.json"


def over(exchange, **changes):
    return quick_scenario(program={"type": "synchronous", "exchange": {"type": exchange}}, **changes)


def ask(folder, query):
    with sqlite3.connect(f"file:{folder}/results.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


@pytest.mark.parametrize("exchange", ["ring", "tree"])
def test_a_run_ends_with_its_page(tmp_path, exchange):
    compression = {"uplink": {"type": "top_k", "ratio": 0.2}}
    network = {"type": "ideal", "uplink": {"rate_mbps": 1, "block_loss": 0.1}, "downlink": {"rate_mbps": 1}}
    scenario = over(exchange, compression=compression, network=network, workers=5)
    result = telegrad("run", write(tmp_path, scenario), "--out", "out", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "median round" in result.stdout and "nan" not in result.stdout
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    assert ask(tmp_path / "out", "SELECT count(*) FROM node WHERE role = 'hub'") == [(0,)]
    acknowledged = ask(tmp_path / "out", "SELECT sum(control_bytes) FROM message WHERE purpose = 'acknowledgement down'")
    assert (acknowledged[0][0] is not None) == (exchange == "tree")  # round the ring go whole payloads, and nothing is lost


def test_over_wifi_workers_talk_to_their_neighbours(tmp_path):
    result = telegrad("run", FIRST, "--set", '/program/exchange={"type": "ring"}', "--set", "/stop/max_rounds=3",
                      "--set", '/compression={"uplink": {"type": "dense"}}', "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    pairs = ask(tmp_path / "out", "SELECT DISTINCT from_node, to_node FROM message ORDER BY from_node")
    assert pairs == [(i, (i + 1) % 8) for i in range(8)]
    sent = ask(tmp_path / "out", "SELECT count(*), sum(bytes) FROM message WHERE from_node = 3 AND round = 2")
    count, sent_bytes = sent[0]
    assert count == 2 * 7
    assert sent_bytes == pytest.approx(2 * 7 / 8 * 4 * 18378, rel=0.01)  # and headers
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("exchange", ["ring", "tree"])
def test_a_recording_is_played_as_the_run_went(tmp_path, exchange):
    coupled = telegrad("run", write(tmp_path, over(exchange)), "--no-report", "--record", "r.recording", "--out", "a", cwd=tmp_path)
    assert coupled.returncode == 0, coupled.stderr
    played = telegrad("replay", "scenario.json", "--recording", "r.recording", "--no-report", "--out", "b", cwd=tmp_path)
    assert played.returncode == 0, played.stderr
    one, other = (ask(tmp_path / name, "SELECT value FROM meta WHERE key = 'fingerprint'") for name in "ab")
    assert one == other


def test_explain_says_what_all_workers_send(tmp_path):
    file = write(tmp_path, over("ring"))
    page = telegrad("explain", file)
    assert page.returncode == 0, page.stderr
    assert "sent by all workers" in page.stdout and "down, one worker" not in page.stdout
    what = json.loads(telegrad("explain", file, "--json").stdout)
    each = what["message_up"]["serialised_bytes"] + what["message_down"]["serialised_bytes"]
    assert what["round_serialised_bytes"] == 3 * each  # dense: (N - 1) (S + R)
    assert what["link_dependence"] == ""


def test_what_a_link_has_taught_cannot_be_recorded(tmp_path):
    scenario = over("star")
    scenario["compression"] = {"uplink": {"type": "clat", "mode": "sign", "cost": {"model": "measured"}}}
    file = write(tmp_path, scenario)
    what = json.loads(telegrad("explain", file, "--json").stdout)
    assert what["link_dependence"] == "workers send what they have learnt of their links"
    refused = telegrad("run", file, "--record", "r.recording", cwd=tmp_path)
    assert refused.returncode != 0 and "learnt of their links" in refused.stderr


def test_probe_sums_bytes(tmp_path):
    network = {"type": "ideal", "latency_ms": 0, "uplink": {"rate_mbps": 8}, "downlink": {"rate_mbps": 8}}
    for exchange, seconds in {"ring": 6 * 0.05, "tree": 4 * 0.2}.items():
        result = telegrad("probe", write(tmp_path, over(exchange, network=network)), "--bytes", "200kB", "--json")
        assert result.returncode == 0, result.stderr
        assert json.loads(result.stdout)["rounds"][0]["end_s"] == pytest.approx(seconds)


def test_a_network_that_loses_results_is_refused_with_the_reason(tmp_path):
    network = {"type": "ideal", "downlink": {"block_loss": 0.1}}
    file = write(tmp_path, over("ring", network=network))
    for verb in ["validate", "explain", "run"]:
        result = telegrad(verb, file, cwd=tmp_path)
        assert result.returncode == 2
        for words in ["/program/exchange", "'ring'", "may lose what goes down", "'star'"]:
            assert words in result.stderr, words
    assert not (tmp_path / "runs").exists()


def test_a_method_that_an_exchange_cannot_carry_is_refused_with_the_reason(tmp_path):
    compression = {"uplink": {"type": "sign"}, "downlink": {"type": "majority"}}
    result = telegrad("run", write(tmp_path, over("tree", compression=compression)), cwd=tmp_path)
    assert result.returncode == 2
    for words in ["/program/exchange", "'tree' folds partial results", "all contributions to a slice", "'star' or 'ring'"]:
        assert words in result.stderr, words
    assert telegrad("explain", write(tmp_path, over("ring", compression=compression))).returncode == 0
    assert telegrad("explain", write(tmp_path, over("tree"))).returncode == 0
