"""Models that answer more than once a sample: a label for each pixel, the next letter at each place of a text."""

import json
import sqlite3

import numpy as np
from program import telegrad, write


def run(folder, dataset, model, rounds=3, **training):
    scenario = {
        "name": "targets",
        "workers": 2,
        "training": {"dataset": dataset, "model": model, "optimizer": {"type": "sgd", "learning_rate": 0.1},
                     "batch_size_per_worker": 2} | training,
        "network": {"type": "ideal"},
        "evaluation": {"every_rounds": rounds, "split": "test"},
        "stop": {"max_rounds": rounds},
    }
    result = telegrad("run", write(folder, scenario), "--no-report", "--replace", "--out", folder / "out")
    assert result.returncode == 0, result.stderr
    with sqlite3.connect(f"file:{folder}/out/results.db?mode=ro", uri=True) as database:
        (accuracy, loss), = database.execute("SELECT test_accuracy, test_loss FROM round WHERE round = ?", (rounds,))
        assumptions = json.loads(database.execute("SELECT value FROM meta WHERE key = 'assumptions'").fetchone()[0])
    return accuracy, loss, assumptions


def test_a_label_for_each_pixel(tmp_path):
    rng = np.random.default_rng(1)
    for part, count in (("train", 8), ("test", 4)):
        (tmp_path / "data" / part).mkdir(parents=True)
        images = rng.normal(size=(count, 3, 48, 48)).astype(np.float32)
        np.save(tmp_path / "data" / part / "inputs.npy", images)
        np.save(tmp_path / "data" / part / "labels.npy", (images[:, 0] > 0).astype(np.uint8))
    dataset = {"type": "npy", "folder": str(tmp_path / "data"), "validation": 0}
    accuracy, loss, assumptions = run(tmp_path, dataset, {"type": "pspnet", "depth": 18})
    assert 0 < accuracy < 1 and loss > 0
    assert "accuracy is the mean intersection over union of the classes" in assumptions


def test_the_next_letter_at_each_place(tmp_path):
    (tmp_path / "play.txt").write_text("to be or not to be, that is the question. " * 100)
    dataset = {"type": "text", "path": str(tmp_path / "play.txt"), "length": 12, "validation": 0}
    model = {"type": "lstm", "layers": 2, "hidden": 32}
    last, everywhere = (
        run(tmp_path, dataset | {"targets": targets}, model, rounds=1, batch_size_per_worker=4)[1] for targets in ("last", "all")
    )
    assert last != everywhere


def refusal(folder, images, labels, model):
    (folder / "train").mkdir(parents=True)
    np.save(folder / "train" / "inputs.npy", images)
    np.save(folder / "train" / "labels.npy", labels)
    scenario = {
        "name": "refused", "workers": 1, "network": {"type": "ideal"}, "stop": {"max_rounds": 1},
        "training": {"dataset": {"type": "npy", "folder": str(folder), "validation": 0}, "model": model,
                     "optimizer": {"type": "sgd", "learning_rate": 0.1}},
    }
    refused = telegrad("run", write(folder, scenario), "--no-report", "--out", folder / "out")
    assert refused.returncode == 2 and "/training/model/type" in refused.stderr, refused.stderr
    return refused.stderr


def test_models_answer_as_often_as_the_dataset_asks(tmp_path):
    images = np.zeros((40, 3, 48, 48), dtype=np.float32)
    pspnet = refusal(tmp_path / "once", images, np.arange(40, dtype=np.uint8) % 3, {"type": "pspnet", "depth": 18})
    assert "'pspnet' answers 2304 times a sample, where the dataset asks once" in pspnet
    mlp = refusal(tmp_path / "pixels", images, np.ones((40, 48, 48), dtype=np.uint8), {"type": "mlp"})
    assert "'mlp' answers once a sample, where the dataset asks 2304 times" in mlp
