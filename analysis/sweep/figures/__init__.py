"""Every picture of a sweep's report. page(view) makes [(choice or None, plotly figure)], paper(view) a figure.

Those of the whole grid get the study in place of a view, and are left out where they have nothing to show."""

from analysis.sweep.figures import crossover_map, round_anatomy, round_time_over_workers, time_to_accuracy

PICTURES = [crossover_map.PICTURE, time_to_accuracy.PICTURE, round_anatomy.PICTURE]
OF_THE_GRID = [round_time_over_workers.PICTURE]
