"""A run whose rounds were fast-forwarded: every number that this touches is marked."""

import json
import re
import sqlite3

from analysis import database, report
from analysis.figures.picture import footer
from example_run import make


def page_of(folder):
    return report.write_page(report.study(folder)).read_text()


def words_of(page, key):
    return re.search(rf'data-key="{key}"[^>]*>([^<]*)<', page).group(1)


def test_drawn_numbers_are_marked_and_others_are_not(tmp_path):
    page = page_of(make(tmp_path / "run", rounds=60, simulated=20, loss=0))
    assert "~ 40 of 60 rounds fast-forwarded; interval ±1.2" in page
    for key in ("simulated_s", "median_round_s", "air_median_s", "both_total_on_air_bytes"):
        assert words_of(page, key).startswith("~")
    for key in ("rounds", "final_validation_accuracy", "both_total_serialised_bytes", "up_blocks"):
        assert not words_of(page, key).startswith("~")


def test_every_picture_says_it(tmp_path):
    folder = make(tmp_path / "run", rounds=60, simulated=20)
    page = page_of(folder)
    captions = page.count("figcaption>") // 2
    assert page.count("rounds fast-forwarded; interval") == captions + 1  # and once above all
    assert "~ 40 of 60 rounds fast-forwarded" in footer(database.load(folder))


def test_a_run_without_it_has_no_marks(tmp_path):
    page = page_of(make(tmp_path / "run", rounds=60))
    assert "fast-forwarded" not in page
    assert not words_of(page, "simulated_s").startswith("~")


def test_a_database_of_version_1_is_read_as_simulated(tmp_path):
    folder = make(tmp_path / "run", rounds=10)
    connection = sqlite3.connect(folder / "results.db")
    with connection:
        for table in ("round", "message"):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN fast_forwarded")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (json.dumps(1),))
    connection.close()
    run = database.load(folder)
    assert run.drawn_rounds == 0
    assert "fast-forwarded" not in page_of(folder)
