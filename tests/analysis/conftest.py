import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]


@pytest.fixture(scope="session")
def example_folder(tmp_path_factory):
    """The usual run with its report: 8 workers, 200 rounds, 5 % of blocks lost."""
    from analysis import report
    from example_run import make

    folder = make(tmp_path_factory.mktemp("example") / "run")
    report.write(folder)
    return folder


@pytest.fixture(scope="session")
def open_page():
    """open_page(file): a context manager that yields the page in a headless Chromium without a network."""
    from browser import opened

    return opened
