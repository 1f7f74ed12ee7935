"""One transmission for several receivers: a row for each of them, whose bytes count once; and what is sent again."""

import sqlite3

from example_run import make

from analysis import database, summary


def change(folder, *statements):
    with sqlite3.connect(folder / "results.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return database.load(folder)


def test_rows_say_whose_bytes_they_are(tmp_path):
    run = change(
        make(tmp_path / "run", workers=4, rounds=3),
        "ALTER TABLE message ADD COLUMN overheard INTEGER DEFAULT 0",
        "UPDATE message SET overheard = 1 WHERE purpose = 'down' AND to_node > 0",
    )
    down = run.messages[run.messages["purpose"] == "down"]
    assert down["overheard"].sum() == 3 * 3
    once = down[down["overheard"] == 0]
    assert once["bytes"].sum() * 4 == down["bytes"].sum()


def test_an_older_database_has_none(tmp_path):
    run = database.load(make(tmp_path / "run", workers=4, rounds=3))
    assert (run.messages["overheard"] == 0).all()


def test_what_is_sent_again_does_not_dilute_the_loss(tmp_path):
    before = summary.losses(database.load(make(tmp_path / "run", workers=4, rounds=3, loss=0.3)).traffic)
    again = "INSERT INTO message SELECT NULL, from_node, to_node, round, 'repair down', channel, blocks, 0, bytes,"
    again += " control_bytes, queued_ns, sent_ns, arrived_ns, delivered_ns, outcome, fast_forwarded FROM message"
    after = summary.losses(change(tmp_path / "run", again).traffic)
    assert before["both_lost_share"] > 0.05
    assert after == before
