"""The report of a sweep: a grid of runs over bandwidth, method and seed."""
