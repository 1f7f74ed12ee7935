"""Every picture of a sweep's report. page(view) makes [(choice or None, plotly figure)], paper(view) a figure."""

from analysis.sweep.figures import crossover_map, round_anatomy, time_to_accuracy

PICTURES = [crossover_map.PICTURE, time_to_accuracy.PICTURE, round_anatomy.PICTURE]
