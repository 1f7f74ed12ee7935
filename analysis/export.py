"""python analysis/export.py DIR --format csv|parquet|json|tensorboard [--out DIR]: a run's or sweep's tables as files.

Exit 0, and a line that names the folder written to (DIR/export, for tensorboard DIR/export/tensorboard, without
--out); exit 2 and one line on a mistake.
"""

import argparse
import sys
from pathlib import Path

if not __package__:  # run as a file: the folder above is where `analysis` is found
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.errors import ReportError  # noqa: E402

FORMATS = ("csv", "parquet", "json", "tensorboard")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"export: {message}; expected DIR --format {'|'.join(FORMATS)} [--out DIR]", file=sys.stderr)
        raise SystemExit(2)


def export(folder, kind, out):
    """Writes the files into out; returns their paths. Throws ReportError."""
    # Here, not above: these take a second, which a wrong command line need not wait for.
    from analysis.exports import files, tables, tensorboard

    found = tables.load(Path(folder))
    try:
        out.mkdir(parents=True, exist_ok=True)
        write = tensorboard.write if kind == "tensorboard" else getattr(files, f"write_{kind}")
        return write(found, out)
    except OSError as error:
        raise ReportError(
            out,
            f"cannot be written ({error})",
            "a folder with room that you may write to",
            "free some space, change its permissions, or name another with --out",
        ) from error


def main(arguments=None):
    parser = Parser(prog="export.py", description="Writes the tables of a run or a sweep for other programs.")
    parser.add_argument("folder", metavar="DIR", help="folder of the run or sweep, the one named by --out")
    parser.add_argument(
        "--format", required=True, choices=FORMATS, help="tensorboard: event files over simulated time"
    )
    parser.add_argument("--out", metavar="DIR", help="folder to write to, instead of DIR/export")
    chosen = parser.parse_args(arguments)
    usual = Path(chosen.folder) / "export"
    out = (
        Path(chosen.out) if chosen.out else usual / "tensorboard" if chosen.format == "tensorboard" else usual
    )
    try:
        written = export(chosen.folder, chosen.format, out)
    except ReportError as error:
        print(f"export: {error}", file=sys.stderr)
        return 2
    print(f"export: {len(written)} file{'' if len(written) == 1 else 's'} in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
