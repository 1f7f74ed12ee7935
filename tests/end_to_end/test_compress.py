"""`telegrad compress`: gradients of one's own through any method."""

import json

import numpy as np
import pytest
from program import telegrad


@pytest.fixture
def gradients(tmp_path):
    random = np.random.default_rng(1)
    files = []
    for worker in range(4):
        files.append(tmp_path / f"g{worker}.npy")
        np.save(files[-1], random.standard_normal((64, 32)).astype(np.float32))
    return files


def compressed(files, *options):
    done = telegrad("compress", "--json", *options, "--input", *files)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_dense_is_exact_and_keeps_the_shape(gradients, tmp_path):
    result = compressed(gradients, "--method", "dense", "--out", tmp_path / "out")
    mean = np.mean([np.load(f).astype(np.float64) for f in gradients], axis=0)
    decoded = np.load(tmp_path / "out" / "decoded.npy")
    assert decoded.shape == (64, 32)
    np.testing.assert_allclose(decoded, mean, atol=1e-6)
    assert result["relative_error"] < 1e-6
    assert result["cosine"] == pytest.approx(1)
    assert result["up"]["information_bits"] == 64 * 32 * 32


def test_top_k_says_what_it_kept_and_what_is_left(gradients, tmp_path):
    result = compressed(gradients[:1], "--method", '{"type": "top_k", "k": 5}', "--out", tmp_path)
    values = np.load(gradients[0]).ravel()
    kept = sorted(np.argsort(-np.abs(values))[:5].tolist())
    assert result["kept"] == kept
    left = values.copy()
    left[kept] = 0
    assert result["relative_error"] == pytest.approx(np.linalg.norm(left) / np.linalg.norm(values))
    assert result["up"]["information_bits"] == 5 * (32 + 11)


def test_feedback_makes_good_over_rounds(gradients):
    short = compressed(gradients, "--method", '{"type": "top_k", "ratio": 0.05}', "--rounds", "20")
    long = compressed(gradients, "--method", '{"type": "top_k", "ratio": 0.05}', "--rounds", "200")
    assert long["relative_error_of_sum"] < 0.2 * short["relative_error_of_sum"]


def test_equal_seeds_draw_equal_numbers(gradients):
    runs = [compressed(gradients, "--method", "qsgd", "--seed", seed) for seed in ("1", "1", "2")]
    assert runs[0] == runs[1]
    assert runs[0]["relative_error"] != runs[2]["relative_error"]


@pytest.mark.parametrize("exchange", ["ring", "tree"])
def test_other_exchanges_decode_the_same(gradients, exchange):
    star = compressed(gradients, "--method", "dense")
    other = compressed(gradients, "--method", "dense", "--exchange", exchange)
    assert other["relative_error"] == pytest.approx(star["relative_error"], abs=1e-6)


def test_a_page_for_people(gradients):
    done = telegrad("compress", "--method", "terngrad", "--input", *gradients)
    assert done.returncode == 0
    for word in ("information bits", "relative error", "cosine", "entries that are not 0"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--method", "qsdg"], "did you mean 'qsgd'"),
        (["--method", '{"type": "top_k"'], "syntax error"),
        (["--method", '{"type": "top_k", "ratio": 2}'], "out of range"),
        (["--method", "no/such.json"], "no/such.json"),
        (["--method", "sign", "--exchange", "tree"], "star' or 'ring'"),
        (["--method", "dense", "--exchange", "loop"], "expected 'star'"),
    ],
)
def test_mistakes_are_refused(gradients, options, words):
    done = telegrad("compress", *options, "--input", *gradients)
    assert done.returncode == 2
    assert words in done.stderr


def test_files_that_do_not_fit_are_named(gradients, tmp_path):
    other = tmp_path / "other.npy"
    np.save(other, np.zeros((3, 3), np.float32))
    done = telegrad("compress", "--method", "dense", "--input", gradients[0], other)
    assert done.returncode == 1
    assert "other.npy" in done.stderr
    assert "another shape" in done.stderr
