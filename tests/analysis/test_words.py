"""Numbers in words."""

import math

import pytest

from analysis.words import formatted, listed, text


@pytest.mark.parametrize(
    "key, value, expected",
    [
        ("median_round_s", 0.1147, "114.7 ms"),
        ("simulated_s", 23.1684, "23.17 s"),
        ("simulated_s", 4321.0, "4,321 s"),
        ("simulated_s", 0.0, "0 s"),
        ("wait_p5_s", 2.5e-7, "250.0 ns"),
        ("both_total_on_air_bytes", 44_900_000, "44.9 MB"),
        ("both_total_on_air_bytes", 0, "0 B"),
        ("both_round_control_bytes", 384.0, "384 B"),
        ("both_round_control_bytes", 999.9, "1.00 kB"),
        ("up_total_information_bits", 1_500, "1.50 kbit"),
        ("final_test_accuracy", 0.8671875, "86.7 %"),
        ("up_lost_share", 0.0012, "0.12 %"),
        ("target_0_target", 0.725, "72.5 %"),
        ("up_blocks", 19_200, "19,200"),
        ("final_test_loss", 0.41406, "0.4141"),
    ],
)
def test_a_number_is_said_with_its_unit(key, value, expected):
    assert formatted(key, value).replace("\u202f", " ") == expected


@pytest.mark.parametrize(
    "key, expected",
    [
        ("final_test_accuracy", "not evaluated"),
        ("final_train_loss", "not evaluated"),
        ("up_total_on_air_bytes", "not modelled"),
        ("fold_median_s", "not modelled"),
        ("median_round_s", "not recorded"),
        ("up_lost_share", "not recorded"),
        ("target_0_by_s", "not reached"),
    ],
)
@pytest.mark.parametrize("value", [None, math.nan])
def test_a_missing_number_is_never_zero(key, value, expected):
    assert formatted(key, value) == expected


def test_values_of_any_shape_become_text():
    assert text({"training": 1, "network": [2, 3]}) == "training 1, network 2, 3"
    assert text(True) == "yes" and text(None) == "not recorded"
    assert listed(None) == [] and listed("one") == ["one"] and listed(["a", {"b": 1}]) == ["a", "b 1"]
