"""Fewer points for the page: a run may have 10,000 rounds, a screen has 2,000 columns."""

import math

import numpy as np


def evenly(length, most):
    """Positions of at most `most` rows, evenly spread, first and last among them."""
    if length <= most:
        return np.arange(length)
    return np.unique(np.linspace(0, length - 1, most).round().astype(int))


def binned(frame, most):
    """Means of consecutive rows in at most `most` bins; returns (frame indexed by middle, rows per bin)."""
    width = max(1, math.ceil(len(frame) / most))
    if width == 1:
        return frame, 1
    groups = np.arange(len(frame)) // width
    means = frame.groupby(groups).mean()
    means.index = [frame.index[min(len(frame) - 1, g * width + width // 2)] for g in range(len(means))]
    return means, width


def smoothed(values, most=60):
    """Running mean over about a `most`-th of the values; returns (values, width)."""
    width = max(1, len(values) // most)
    return values.rolling(width, center=True, min_periods=1).mean(), width


def quantiles(values):
    """[p5, p25, p50, p75, p95] of what is there; NaN where nothing is."""
    values = values.dropna()
    return (
        [float(q) for q in values.quantile([0.05, 0.25, 0.5, 0.75, 0.95])] if len(values) else [math.nan] * 5
    )
