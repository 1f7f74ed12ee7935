"""python analysis/report.py DIR: writes DIR/report.html and DIR/figures/* from DIR/results.db, or from DIR/sweep.db."""

import argparse
import sys
from pathlib import Path

if not __package__:  # run as a file: the folder above is where `analysis` is found
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.errors import ReportError  # noqa: E402


def study(folder):
    """Everything that the report says about the run in folder."""
    # Here, not above: these take a second, which a wrong command line need not wait for.
    from analysis import database, summary

    return summary.study(database.load(folder))


def write_page(study):
    """Writes report.html into the run's folder, whole or not at all; returns its path."""
    from analysis import page

    return page.save(page.render(study), study.run.folder)


def write_pictures(study):
    """Writes every picture that this run has into its folder figures/; returns how many."""
    from analysis.figures import PICTURES
    from analysis.figures.picture import save

    folder = study.run.folder / "figures"
    folder.mkdir(exist_ok=True)
    drawn = [(picture, picture.paper(study)) for picture in PICTURES]
    drawn = [(picture, figure) for picture, figure in drawn if figure is not None]
    for picture, figure in drawn:
        save(figure, picture, study.run, folder)
    return len(drawn)


def write(folder):
    """Makes the whole report; returns (report.html, number of pictures). Throws ReportError."""
    if (Path(folder) / "sweep.db").is_file():
        from analysis.sweep import report as sweep

        return written(folder, sweep.study(folder), sweep.write_pictures, sweep.write_page)
    return written(folder, study(folder), write_pictures, write_page)


def written(folder, made, write_pictures, write_page):
    try:
        count = write_pictures(made)
        return write_page(made), count
    except OSError as error:
        raise ReportError(
            folder,
            f"cannot be written ({error})",
            "a folder with room that you may write to",
            "free some space or change its permissions",
        ) from error


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="report.py", description="Makes the report of a run or of a sweep.")
    parser.add_argument("folder", metavar="DIR", help="folder of the run or sweep, the one named by --out")
    folder = parser.parse_args(arguments).folder
    try:
        target, made = write(folder)
    except ReportError as error:
        print(f"report: {error}", file=sys.stderr)
        return 2
    megabytes = target.stat().st_size / 1e6
    print(f"report: {target} ({megabytes:.1f} MB), {made} pictures in {target.parent / 'figures'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
