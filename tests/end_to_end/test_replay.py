"""Recordings and traces by hand."""

import json
import sqlite3

from program import SOURCE, quick_scenario, telegrad, write

TRACE = SOURCE / "scenarios" / "trace"


def meta(folder, key):
    with sqlite3.connect(folder / "results.db") as database:
        return json.loads(database.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()[0])


def record(folder):
    result = telegrad("run", write(folder, quick_scenario()), "--no-report", "--out", folder / "coupled", "--record",
                      folder / "q.rec")
    assert result.returncode == 0, result.stderr
    return folder / "q.rec"


def test_a_replay_is_the_coupled_run_to_the_bit(tmp_path):
    recording = record(tmp_path)
    for name, network in {
        "same": quick_scenario()["network"],
        "wifi": {"type": "wifi", "placement": {"type": "ring", "radius_m": 5}},
    }.items():
        scenario = write(tmp_path, quick_scenario(network=network, simulated_device={"compute_jitter_sigma": 0.3}), "s.json")
        coupled = telegrad("run", scenario, "--no-report", "--out", tmp_path / f"{name}-coupled")
        replayed = telegrad("replay", scenario, "--recording", recording, "--no-report", "--out", tmp_path / name)
        assert coupled.returncode == replayed.returncode == 0, replayed.stderr
        assert meta(tmp_path / name, "fingerprint") == meta(tmp_path / f"{name}-coupled", "fingerprint")


def test_a_replay_needs_only_a_network(tmp_path):
    file = write(tmp_path, {"network": {"type": "ideal", "latency_ms": 20}}, "network.json")
    result = telegrad("replay", file, "--recording", record(tmp_path), "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert meta(tmp_path / "out", "name") == "network"
    assert meta(tmp_path / "out", "scenario")["training"]["model"] == {"type": "logistic"} | meta(
        tmp_path / "coupled", "scenario")["training"]["model"]


def test_a_replay_never_loads_the_training_library(tmp_path):
    file = write(tmp_path, {"network": {"type": "ideal"}}, "network.json")
    recording = record(tmp_path)
    traced = telegrad("replay", file, "--recording", recording, "--no-report", "--out", tmp_path / "out",
                      env={"LD_DEBUG": "files", "PATH": "/usr/bin:/bin"})
    assert traced.returncode == 0
    assert "libtelegrad_core.so" in traced.stderr
    assert "libtorch" not in traced.stderr and "libtelegrad_training" not in traced.stderr


def test_what_a_recording_stands_for_cannot_be_changed(tmp_path):
    recording = record(tmp_path)
    for change, pointer in [({"workers": 5}, "/workers"), ({"stop": {"max_rounds": 21}}, "/stop/max_rounds"),
                            ({"training": {"optimizer": {"type": "sgd", "learning_rate": 0.6}}}, "/training")]:
        file = write(tmp_path, quick_scenario(**change), "changed.json")
        result = telegrad("replay", file, "--recording", recording, "--no-report", "--out", tmp_path / "out")
        assert result.returncode == 2
        assert pointer in result.stderr and "was made with another" in result.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_recorded_is_played_over_a_link_that_loses(tmp_path):
    lossy = quick_scenario(network={"type": "ideal", "uplink": {"block_loss": 0.1}})
    file = write(tmp_path, lossy, "lossy.json")
    result = telegrad("replay", file, "--recording", record(tmp_path), "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 2 and "the network may lose what is sent" in result.stderr
    result = telegrad("run", file, "--record", tmp_path / "x.rec", "--out", tmp_path / "out")
    assert result.returncode == 2 and "the network may lose what is sent" in result.stderr


def test_explain_says_whether_the_model_depends_on_the_link(tmp_path):
    assert "link_independent" in telegrad("explain", write(tmp_path, quick_scenario())).stdout
    lossy = quick_scenario(network={"type": "ideal", "uplink": {"block_loss": 0.1}})
    page = telegrad("explain", write(tmp_path, lossy)).stdout
    assert "no, because the network may lose what is sent" in page


def test_a_damaged_recording_is_a_clear_failure(tmp_path):
    recording = record(tmp_path)
    recording.write_bytes(recording.read_bytes()[:-20])
    file = write(tmp_path, {"network": {"type": "ideal"}}, "network.json")
    result = telegrad("replay", file, "--recording", recording, "--out", tmp_path / "out")
    assert result.returncode == 1 and "q.rec" in result.stderr and "damaged" in result.stderr


def test_the_example_trace_runs_over_wifi(tmp_path):
    result = telegrad("replay", TRACE / "network.json", "--trace", TRACE / "trace.csv", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert meta(tmp_path / "out", "scenario")["training"] == {"trace": str(TRACE / "trace.csv")}


def test_a_trace_over_an_ideal_link_takes_what_it_says(tmp_path):
    trace = tmp_path / "t.csv"
    trace.write_text("round,worker,bytes_up,bytes_down,compute_s,accuracy\n"
                     "1,0,1000000,500000,0.5,\n1,1,1000000,500000,0.75,\n"
                     "2,0,1000000,500000,0.25,0.6\n2,1,1000000,500000,0.25,\n")
    network = {"type": "ideal", "latency_ms": 0, "uplink": {"rate_mbps": 8}, "downlink": {"rate_mbps": 8}}
    file = write(tmp_path, {"network": network, "evaluation": {"targets": [0.5]}}, "network.json")
    result = telegrad("replay", file, "--trace", trace, "--no-report", "--out", tmp_path / "out")
    assert result.returncode == 0, result.stderr
    with sqlite3.connect(tmp_path / "out" / "results.db") as database:
        ends = [row[0] for row in database.execute("SELECT simulated_s FROM round ORDER BY round")]
        (accuracy,) = database.execute("SELECT test_accuracy FROM round WHERE round = 2").fetchone()
    # 1 MB up and 0.5 MB down at 1 MB/s, after the slower worker's compute time; verdicts are a few bytes
    assert abs(ends[0] - 2.25) < 1e-3 and abs(ends[1] - 4.0) < 1e-3
    assert accuracy == 0.6
    assert meta(tmp_path / "out", "targets")[0]["reached"] is True


def test_a_trace_with_mistakes_names_the_lines(tmp_path):
    trace = tmp_path / "t.csv"
    trace.write_text("round,worker,bytes_up,bytes_down,compute_s\n1,0,x,1,1\n1,1,1,1,-2\n")
    file = write(tmp_path, {"network": {"type": "ideal"}}, "network.json")
    result = telegrad("replay", file, "--trace", trace)
    assert result.returncode == 2
    assert "t.csv:2:1: bytes_up is 'x'" in result.stderr and "t.csv:3:1: compute_s is '-2'" in result.stderr
    assert telegrad("replay", file).returncode == 2


def test_a_log_cannot_say_who_was_drawn(tmp_path):
    trace = tmp_path / "t.csv"
    trace.write_text("round,worker,bytes_up,bytes_down,compute_s,accuracy\n1,0,1000,1000,0.1,0.5\n1,1,1000,1000,0.1,0.5\n")
    scenario = {"network": {"type": "ideal"}, "program": {"type": "local_sgd", "clients_per_round": 1}}
    result = telegrad("replay", write(tmp_path, scenario), "--trace", trace, "--out", tmp_path / "out")
    assert result.returncode == 2 and "/program/clients_per_round" in result.stderr and "run --record" in result.stderr
