"""Quantiles, intervals, survival and half-known numbers against published tables and by simulation."""

import math
import random

import pytest

from analysis.sweep import ranges, student
from analysis.sweep.ranges import Range
from analysis.sweep.survival import kaplan_meier

INF = math.inf


# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
@pytest.mark.parametrize(
    "p, degrees, published",
    [
        (0.975, 1, 12.706), (0.975, 2, 4.303), (0.975, 4, 2.776), (0.975, 9, 2.262), (0.975, 30, 2.042),
        (0.975, 100, 1.984), (0.90, 1, 3.078), (0.95, 10, 1.812), (0.99, 5, 3.365), (0.999, 20, 3.552),
    ],
)  # fmt: skip
def test_quantiles_of_student_t_equal_the_published(p, degrees, published):
    assert student.quantile(p, degrees) == pytest.approx(published, abs=5.1e-4)


def test_one_degree_of_freedom_is_cauchy():
    for p in (0.6, 0.75, 0.9, 0.995):
        assert student.quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-10)


def test_one_value_has_no_interval():
    assert student.interval([3.0]) == (3.0, None, None)


@pytest.mark.parametrize("count", [2, 5, 10])
def test_intervals_cover_the_mean_as_often_as_they_say(count):
    rng = random.Random(7)
    trials = 2_000
    covered = 0
    for _ in range(trials):
        _, low, high = student.interval([rng.gauss(1.5, 0.7) for _ in range(count)])
        covered += low <= 1.5 <= high
    assert 0.935 < covered / trials < 0.965


# Remission of the 6-MP patients of Freireich et al. 1963, weeks, + is censored; the estimate as every textbook
# prints it (Kleinbaum and Klein, Survival Analysis, chapter 2).
SIX_MP = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+".split()
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def test_kaplan_meier_equals_the_published_table():
    curve = kaplan_meier(
        [int(week.rstrip("+")) for week in SIX_MP], [not week.endswith("+") for week in SIX_MP]
    )
    assert curve.times == list(PUBLISHED)
    assert [1 - share for share in curve.reached] == pytest.approx(list(PUBLISHED.values()), abs=5e-4)
    assert [time for time, _ in curve.censored] == [6, 9, 10, 11, 17, 19, 20, 25, 32, 34, 35]


def test_kaplan_meier_without_censoring_counts():
    curve = kaplan_meier([3, 1, 2, 2], [True] * 4)
    assert curve.times == [1, 2, 3] and curve.reached == pytest.approx([0.25, 0.75, 1])


def test_kaplan_meier_when_nobody_reached():
    curve = kaplan_meier([5, 5, 5], [False] * 3)
    assert curve.times == [] and curve.censored == [(5, 0)]


def test_a_median_is_known_while_fewer_than_half_are_cut_off():
    values = [Range(v, v) for v in (3.0, 1.0, 2.0)] + [Range(10.0, INF)] * 2
    assert ranges.median(values) == Range(3.0, 3.0)
    assert ranges.median([*values, Range(10.0, INF)]) == Range(6.5, INF)
    assert ranges.median([Range(10.0, INF)] * 3) == Range(10.0, INF)


def test_a_run_cut_off_early_leaves_the_median_between_bounds():
    assert ranges.median([Range(1.0, INF), Range(4.0, 4.0), Range(6.0, 6.0)]) == Range(4.0, 6.0)


def test_quotients_of_half_known_times_are_bounds():
    ten, late = Range(10.0, 10.0), Range(100.0, INF)
    assert late.over(ten) == Range(10.0, INF)
    assert ten.over(late) == Range(0.0, 0.1)
    assert late.over(late) == Range(0.0, INF)
    assert ten.over(ten).side == 0 and late.over(ten).side == 1 and late.over(late).side is None


def test_the_least_of_two_is_known_when_the_other_ran_longer():
    assert ranges.least([Range(5.0, 5.0), Range(100.0, INF)]) == Range(5.0, 5.0)
    assert ranges.least([Range(5.0, 5.0), Range(3.0, INF)]) == Range(3.0, 5.0)
