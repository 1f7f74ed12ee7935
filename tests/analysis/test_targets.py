"""Targets judged by the report agree with the rule: first evaluation at or above, after the one before."""

import pandas as pd
import pytest

from analysis.targets import judge

ROUNDS = pd.DataFrame(
    {
        "round": [1, 2, 3, 4, 5],
        "simulated_s": [1.0, 2.5, 3.0, 4.5, 6.0],
        "validation_accuracy": [0.5, None, 0.7, None, 0.65],
    }
)


@pytest.mark.parametrize(
    "target, reached, after_s, by_s, number",
    [
        (0.4, True, None, 1.0, 1),
        (0.5, True, None, 1.0, 1),
        (0.6, True, 1.0, 3.0, 3),
        (0.7, True, 1.0, 3.0, 3),
        (0.8, False, 6.0, None, None),
    ],
)
def test_a_target_is_reached_between_two_evaluations(target, reached, after_s, by_s, number):
    found = judge(ROUNDS, target, "validation")
    assert (found["reached"], found["after_s"], found["by_s"], found["round"]) == (
        reached,
        after_s,
        by_s,
        number,
    )
