"""The tables of a run or a sweep as files for other programs."""
