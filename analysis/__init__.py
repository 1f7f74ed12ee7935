"""The report of a run: reads DIR/results.db, writes DIR/report.html and DIR/figures/."""
