"""Student's t: quantiles, and the interval of a mean. Without scipy: the incomplete beta function in 20 lines."""

import math
from functools import cache


def incomplete_beta(a, b, x):
    """Regularised incomplete beta function I_x(a, b), by Lentz's continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / (1 + term * d), 1 + term / c
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value / a


def distribution(t, degrees):
    """P(T <= t) of Student's t with so many degrees of freedom."""
    tail = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
    return 1 - tail if t > 0 else tail


@cache
def quantile(p, degrees):
    """The t with P(T <= t) = p, for 0.5 <= p < 1, by bisection to the last bit."""
    low, high = 0.0, 1.0
    while distribution(high, degrees) < p:
        high *= 2
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (middle, high) if distribution(middle, degrees) < p else (low, middle)


def interval(values, level=0.95):
    """(mean, low, high) of independent normal values; low and high are None for fewer than two."""
    count = len(values)
    mean = math.fsum(values) / count
    if count < 2:
        return mean, None, None
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1))
    half = quantile((1 + level) / 2, count - 1) * deviation / math.sqrt(count)
    return mean, mean - half, mean + half
