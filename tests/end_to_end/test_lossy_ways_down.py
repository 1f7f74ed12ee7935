"""Broadcasts, and replicas that go apart and are set alike again."""

import json
import sqlite3

import pytest
from program import quick_scenario, telegrad, write


AIR = {"type": "ideal", "medium": "shared", "block_bytes": 500, "uplink": {"rate_mbps": 8}}
LOSSY = AIR | {"downlink": {"rate_mbps": 8, "block_loss": 0.2}}
BROADCAST = AIR | {"downlink": {"rate_mbps": 8, "block_loss": 0.2, "broadcast": True}}


def resyncing(network, **program):
    star = {"type": "star", "replicas": "resync", "resync_rounds": 5}
    return quick_scenario(network=network, program={"type": "synchronous", "exchange": star} | program)


def explained(tmp_path, scenario, *more):
    result = telegrad("explain", "--json", write(tmp_path, scenario), *more)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_explain_counts_a_broadcast_once(tmp_path):
    each = explained(tmp_path, quick_scenario(network=LOSSY))
    once = explained(tmp_path, quick_scenario(network=BROADCAST))
    down = each["message_down"]["serialised_bytes"]
    assert each["round_down_serialised_bytes"] == 4 * down and once["round_down_serialised_bytes"] == down
    assert each["round_serialised_bytes"] - once["round_serialised_bytes"] == 3 * down
    assert once["round_serialised_bytes"] == once["round_up_serialised_bytes"] + down
    page = telegrad("explain", write(tmp_path, quick_scenario(network=BROADCAST))).stdout
    assert "down, once for all workers" in page and "down, all workers" not in page


def test_explain_counts_what_sets_replicas_alike(tmp_path):
    parameters = explained(tmp_path, quick_scenario())["parameters"]
    for network, copies in [(LOSSY, 4), (BROADCAST, 2)]:  # one up; down to three others, or once
        plain = explained(tmp_path, quick_scenario(network=network))
        what = explained(tmp_path, resyncing(network))
        assert (plain["resync_rounds"], what["resync_rounds"]) == (None, 5)
        assert what["resync_serialised_bytes"] == pytest.approx(copies * 4 * parameters, abs=copies * 40)
        more = what["round_serialised_bytes"] - plain["round_serialised_bytes"]
        assert more == pytest.approx(what["resync_serialised_bytes"] / 5)
        momentum = explained(tmp_path, resyncing(network), "--set", "/training/optimizer/momentum=0.5")
        assert momentum["resync_serialised_bytes"] > 1.5 * what["resync_serialised_bytes"]
    assert "resync, every 5 rounds" in telegrad("explain", write(tmp_path, resyncing(BROADCAST))).stdout


def test_replicas_are_set_alike_in_a_run_and_the_results_say_so(tmp_path):
    scenario = resyncing(BROADCAST) | {"evaluation": {"every_rounds": 1, "split": "test"}}
    result = telegrad("run", write(tmp_path, scenario), "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert "the workers' models differ: at the last evaluation they are 0 % of the norm" in result.stdout
    with sqlite3.connect(f"file:{tmp_path}/out/results.db?mode=ro", uri=True) as database:
        rounds = database.execute("SELECT DISTINCT round FROM message WHERE purpose = 'share down' ORDER BY 1").fetchall()
    assert [number for (number,) in rounds] == [5, 10, 15, 20]
    apart = scenario | {"program": {"type": "synchronous", "exchange": {"type": "star", "replicas": "diverge"}}}
    result = telegrad("run", write(tmp_path, apart), "--no-report", "--out", tmp_path / "apart")
    assert "the workers' models differ" in result.stdout and "they are 0 % of" not in result.stdout


@pytest.mark.parametrize(
    "scenario, said, remedy",
    [
        (resyncing({"type": "ideal"}), "loses nothing of what goes down", "leave replicas and resync_rounds out"),
        (resyncing(LOSSY, type="incremental"), "passes the whole model on", "'repair' or 'diverge'"),
        (resyncing(LOSSY, type="local_sgd", clients_per_round=2), "replicas: diverge", "set replicas to 'repair'"),
        (resyncing(LOSSY, exchange={"type": "star", "replicas": "resync"}), "after how many rounds", "give resync_rounds"),
        (resyncing(LOSSY, exchange={"type": "star", "resync_rounds": 5}), "nothing to do", "set replicas to 'resync'"),
    ],
)
def test_resync_is_refused_where_it_makes_no_sense(tmp_path, scenario, said, remedy):
    for verb in ["validate", "run"]:
        result = telegrad(verb, write(tmp_path, scenario), cwd=tmp_path)
        assert result.returncode == 2
        assert "/program/exchange" in result.stderr and said in result.stderr and remedy in result.stderr, result.stderr
    assert not (tmp_path / "runs").exists()
