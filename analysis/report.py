"""python analysis/report.py DIR: writes DIR/report.html and DIR/figures/*.png, *.svg from DIR/results.db."""

import argparse
import os
import sys
from pathlib import Path

if not __package__:  # run as a file: the folder above is where `analysis` is found
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.errors import ReportError  # noqa: E402


def write(folder):
    """Makes the report of the run in folder; returns (report.html, number of pictures)."""
    # Here, not above: they take a second, which a wrong command line need not wait for.
    from analysis import database, page, summary
    from analysis.figures import PICTURES
    from analysis.figures.picture import save

    study = summary.study(database.load(folder))
    target = Path(folder) / "report.html"
    pictures = Path(folder) / "figures"
    try:
        pictures.mkdir(exist_ok=True)
        made = 0
        for picture in PICTURES:
            figure = picture.paper(study)
            if figure is not None:
                save(figure, picture, study.run, pictures)
                made += 1
        unfinished = target.with_suffix(".html.part")
        unfinished.write_text(page.render(study), encoding="utf-8")
        os.replace(unfinished, target)
    except OSError as error:
        raise ReportError(folder, f"cannot be written ({error})", "a folder with room that you may write to",
                          "free some space or change its permissions") from error
    return target, made


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="report.py", description="Makes the report of a run.")
    parser.add_argument("folder", metavar="DIR", help="folder of the run, the one named by --out")
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
