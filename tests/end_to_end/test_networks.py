"""What a cell can be: modes, standards, one transmission for all; and what ns-3 itself writes about it."""

import sqlite3

import pytest
from program import quick_scenario, telegrad, write

RING = {"type": "ring", "radius_m": 5}


def run(folder, network, *more):
    scenario = quick_scenario(network=network)
    return telegrad("run", write(folder, scenario), "--no-report", "--replace", "--out", folder / "out", *more)


@pytest.mark.parametrize(
    "network",
    [
        {"type": "wifi", "mode": "ad_hoc", "placement": RING},
        {"type": "wifi", "standard": "802.11be", "band_ghz": 6, "placement": RING},
        {"type": "wifi", "placement": RING, "transport": {"downlink": {"type": "broadcast", "mcs": 4}}},
    ],
)
def test_it_trains_over_every_kind_of_cell(tmp_path, network):
    result = run(tmp_path, network)
    assert result.returncode == 0, result.stderr
    assert "20 rounds" in result.stdout


def test_one_broadcast_carries_an_answer_once(tmp_path):
    network = {"type": "wifi", "placement": RING, "transport": {"downlink": {"type": "broadcast", "mcs": 4}}}
    sizes = []
    for workers in (2, 8):
        assert run(tmp_path, network, "--set", f"/workers={workers}").returncode == 0
        with sqlite3.connect(f"file:{tmp_path}/out/results.db?mode=ro", uri=True) as database:
            sizes.append(database.execute("SELECT avg(down_serialised_bytes) FROM round").fetchone()[0])
    assert sizes[0] == pytest.approx(sizes[1], rel=0.05)


def test_ns3_writes_what_is_asked_of_it_and_changes_nothing(tmp_path):
    network = {"type": "wifi", "placement": RING}
    prints = []
    for outputs in ({"pcap": True, "flow_monitor": True, "attributes": True}, {}):
        assert run(tmp_path, network | ({"outputs": outputs} if outputs else {})).returncode == 0
        with sqlite3.connect(f"file:{tmp_path}/out/results.db?mode=ro", uri=True) as database:
            prints.append(database.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone())
        files = {file.name for file in (tmp_path / "out" / "ns3").glob("*")}
        assert files == ({"attributes.txt", "flows.xml"} | {f"node-{i}.pcap" for i in range(5)} if outputs else set())
    assert prints[0] == prints[1]
