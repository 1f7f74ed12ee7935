"""Event files are read back by TensorBoard itself, at simulated time, and every byte of them is as TensorFlow asks."""

import sqlite3
import struct

import pytest

import example_run
import example_sweep
from analysis import export
from analysis.exports.events import crc32c, varint

SWEEP = {
    "methods": ("fp32", "top-k 1 %"), "rates_mbps": (0.5, 5), "seeds": 2, "max_rounds": 40, "budget_s": 60,
    "failed": (1,), "waiting": (7,),
}  # fmt: skip

TAGS = {
    "accuracy/validation": "validation_accuracy",
    "loss/train": "train_loss",
    "bytes/up_on_air": "up_on_air_bytes",
}


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    return example_sweep.make(tmp_path_factory.mktemp("export") / "sweep", **SWEEP)


@pytest.fixture(scope="module")
def out(sweep):
    assert export.main([str(sweep), "--format", "tensorboard"]) == 0
    return sweep / "export" / "tensorboard"


def rounds(folder, file, where=""):
    with sqlite3.connect(folder / file) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(f"SELECT * FROM round {where} ORDER BY round").fetchall()


def opened(folder):
    """TensorBoard's reader of a folder, with every event in it."""
    from tensorboard.backend.event_processing import event_accumulator as accumulator

    reader = accumulator.EventAccumulator(str(folder), size_guidance={accumulator.SCALARS: 0})
    return reader.Reload()


def test_tensorboard_reads_events_at_simulated_time(sweep, out):
    folders = sorted(path for path in out.iterdir())
    assert len(folders) == 7  # the waiting cell has no rounds
    assert folders[0].name == "cell-0000,network=0.5 Mbit_s,method=fp32,seeds=1-1"
    for cell, folder in zip((0, 1, 2, 3, 4, 5, 6), folders):
        reader, expected = opened(folder), rounds(sweep, "sweep.db", f"WHERE cell = {cell}")
        assert reader.file_version == 2
        for tag, column in TAGS.items():
            wanted = [row for row in expected if row[column] is not None]
            events = reader.Scalars(tag)
            assert [event.wall_time for event in events] == [row["simulated_s"] for row in wanted]
            assert [event.step for event in events] == [row["round"] for row in wanted]
            values = [row[column] for row in wanted]
            assert [event.value for event in events] == pytest.approx(values, rel=1e-6)
        total = sum(row["up_on_air_bytes"] + row["down_on_air_bytes"] for row in expected)
        assert reader.Scalars("bytes/on_air_so_far")[-1].value == pytest.approx(total, rel=1e-6)


def test_every_record_of_an_event_file_passes_its_checksums(out):
    file = next(out.glob("*/*"))
    data, records = file.read_bytes(), 0
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        for body, place in ((data[:8], 8), (data[12 : 12 + length], 12 + length)):
            (stored,) = struct.unpack("<I", data[place : place + 4])
            turned = (stored - 0xA282EAD8) & 0xFFFFFFFF
            assert ((turned >> 17) | (turned << 15)) & 0xFFFFFFFF == crc32c(body)
        data, records = data[16 + length :], records + 1
    assert records > 10


def test_checksums_and_numbers_equal_published_vectors():
    # RFC 3720, B.4; CRC catalogue; Protocol Buffers, Encoding.
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA and crc32c(b"\xff" * 32) == 0x62A8AB43
    assert varint(150) == b"\x96\x01" and varint(0) == b"\x00"


def test_a_single_run_has_one_folder(tmp_path):
    run = example_run.make(tmp_path, rounds=30)
    assert export.main([str(run), "--format", "tensorboard", "--out", str(tmp_path / "out")]) == 0
    times = [event.wall_time for event in opened(tmp_path / "out" / "example").Scalars("loss/train")]
    assert times == [row["simulated_s"] for row in rounds(run, "results.db")]
