"""Who came late and who was waited for: numbers by hand, and what older runs and cohorts look like."""

import sqlite3

from example_run import make

from analysis import database, summary
from analysis.figures import waiting

MS = 1_000_000
TABLE = (
    "CREATE TABLE contribution(node INTEGER, operation INTEGER, round INTEGER, fate TEXT, arrived_ns INTEGER,"
    " closed_ns INTEGER, PRIMARY KEY(node, operation))"
)
# Two collections of three workers: worker 2 is last by 40 ms in the first, late in the second.
ROWS = [
    (0, 1, 1, "applied", 10 * MS, 60 * MS),
    (1, 1, 1, "applied", 20 * MS, 60 * MS),
    (2, 1, 1, "applied", 60 * MS, 60 * MS),
    (0, 2, 2, "applied", 100 * MS, 105 * MS),
    (1, 2, 2, "partly", 105 * MS, 105 * MS),
    (2, 2, 2, "dropped", 200 * MS, 105 * MS),
]


def run_with(folder, *statements):
    make(folder, workers=3, rounds=4)
    with sqlite3.connect(folder / "results.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return database.load(folder)


def insert(rows):
    return [f"INSERT INTO contribution VALUES {row}" for row in rows]


def test_fates_and_waits_by_hand(tmp_path):
    study = summary.study(run_with(tmp_path / "run", TABLE, *insert(ROWS)))
    workers, fates, alone = waiting.counted(study)
    assert workers == [0, 1, 2]
    assert fates == {"applied": [2, 1, 1], "partly": [0, 1, 0], "dropped": [0, 0, 1]}
    assert [round(seconds, 6) for seconds in alone] == [0, 0.005, 0.04]
    figure = waiting.page(study)
    assert [trace.name for trace in figure.data[:3]] == ["in time", "in time, blocks lost", "late, lost"]
    assert waiting.paper(study) is not None


def test_an_older_run_has_nothing_to_say(tmp_path):
    study = summary.study(run_with(tmp_path / "run"))
    assert waiting.counted(study) is None and waiting.page(study) is None and waiting.paper(study) is None


def test_the_model_of_an_invitation_is_what_goes_down(tmp_path):
    down = "UPDATE message SET purpose = 'invite down' WHERE purpose = 'down' AND id % 2 = 0"
    messages = run_with(tmp_path / "run", down).messages
    assert set(messages["purpose"]) == {"up", "down", "answer down"}


def test_a_round_that_ends_at_the_hub_has_a_critical_path(tmp_path):
    folder = tmp_path / "run"
    hub = "UPDATE span SET node = 3 WHERE phase = 'apply'"
    study = summary.study(run_with(folder, hub))
    assert len(study.paths) == 4
