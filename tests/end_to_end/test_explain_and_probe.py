"""What a user asks before a run."""

import json

import pytest
from program import SOURCE, quick_scenario, telegrad, write

FIRST = SOURCE / "scenarios" / "first.json"


def test_explain_says_bytes_rate_devices_and_what_is_not_modelled():
    page = telegrad("explain", FIRST)
    assert page.returncode == 0, page.stderr
    for words in ["18,378 parameters", "PHY rate", "up, one worker", "down, all workers", "simulated device",
                  "expected cost", "assumed", "not modelled", "energy"]:
        assert words in page.stdout, words
    what = json.loads(telegrad("explain", FIRST, "--json").stdout)
    assert what["round_up_serialised_bytes"] == 8 * what["message_up"]["serialised_bytes"]
    assert 0 < what["message_up"]["information_bytes"] <= what["message_up"]["serialised_bytes"] < 4 * 18378
    assert what["phy_rate_mbps"] == pytest.approx(86.03, abs=0.01)  # 802.11ax, 20 MHz, 0.8 us, MCS 7


def test_explain_bounds_a_round_by_the_air_and_by_each_worker_s_link():
    def explained(*more):
        return json.loads(telegrad("explain", FIRST, "--json", *more).stdout)

    free = explained()
    assert free["device_rate_mbps"] is None
    round_bytes = free["round_up_serialised_bytes"] + free["round_down_serialised_bytes"]
    assert free["expected"]["air_round_at_least_s"] == pytest.approx(round_bytes * 8 / (free["phy_rate_mbps"] * 1e6))
    slow = explained("--set", "/network/device_rate_mbps=0.5")
    assert slow["device_rate_mbps"] == 0.5
    # 1.2 kB up and 8.3 kB down: the bucket of 5000 bytes lets all of the one and much of the other pass at once, but
    # has to fill again.
    assert slow["expected"]["air_round_at_least_s"] == pytest.approx(free["message_down"]["serialised_bytes"] * 8 / 0.5e6)
    dense = explained("--set", "/network/device_rate_mbps=0.5", "--set", "/compression/uplink={\"type\": \"dense\"}")
    both = dense["message_up"]["serialised_bytes"] + dense["message_down"]["serialised_bytes"]
    assert dense["expected"]["air_round_at_least_s"] == pytest.approx((both - 2 * 5000) * 8 / 0.5e6)
    fast = explained("--set", "/network/device_rate_mbps=1000")
    assert fast["expected"]["air_round_at_least_s"] == free["expected"]["air_round_at_least_s"]


def test_probe_of_a_shaped_cell_takes_what_the_link_s_rate_says():
    result = telegrad("probe", FIRST, "--bytes", 100_000, "--set", "/network/device_rate_mbps=1", "--json")
    what = json.loads(result.stdout)
    assert what["device_rate_mbps"] == 1
    for seconds in what["rounds"][0]["up"]["workers_s"]:
        assert seconds == pytest.approx((100_000 * 1500 / 1448 - 5000) * 8 / 1e6, rel=0.03)


def test_explain_all_shows_every_default():
    given, everything = (telegrad("explain", FIRST, *more).stdout for more in ([], ["--all"]))
    assert "frame_retry_limit" not in given
    assert "/network/frame_retry_limit" in everything and "default" in everything


def test_explain_warns_of_feedback_with_a_large_step():
    page = telegrad("explain", FIRST, "--set", "/training/optimizer/momentum=0.9", "--set", "/compression/uplink/ratio=0.001")
    assert "effective step" in page.stdout.split("warnings")[1]


def test_probe_is_exact_over_an_ideal_network(tmp_path):
    network = {"type": "ideal", "latency_ms": 2, "uplink": {"rate_mbps": 8}, "downlink": {"rate_mbps": 16}}
    result = telegrad("probe", write(tmp_path, quick_scenario(network=network)), "--bytes", "200kB", "--rounds", 3, "--json")
    assert result.returncode == 0, result.stderr
    rounds = json.loads(result.stdout)["rounds"]
    assert len(rounds) == 3
    for each in rounds:
        assert each["up"]["workers_s"] == pytest.approx([0.202] * 4, abs=1e-9)
        assert each["down"]["slowest_s"] == pytest.approx(0.102, abs=1e-4)  # and the verdicts
        assert each["up_on_air_bytes"] is None


def test_probe_shows_every_worker_over_wifi():
    result = telegrad("probe", FIRST, "--bytes", 20000, "--rounds", 2)
    assert result.returncode == 0, result.stderr
    assert "w7" in result.stdout and "slowest" in result.stdout and "2 rounds took" in result.stdout


def test_probe_of_a_network_out_of_range_fails():
    result = telegrad("probe", FIRST, "--bytes", 1000, "--set", "/network/placement/radius_m=5000")
    assert (result.returncode, "unreachable" in result.stderr) == (1, True)
