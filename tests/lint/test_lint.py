"""The checks of ./dev lint hold for this tree, and each of them can fail."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TELEGRAD_SOURCE_DIR", Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "tools" / "lint"))

import coroutines  # noqa: E402
import layers  # noqa: E402
import text  # noqa: E402
from tree import Tree, without_comments_and_strings  # noqa: E402

CHECKS = [layers.check, coroutines.check, text.lengths, text.headers, text.machine_paths, text.unfinished,
          text.switched_off_tests, text.parses]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.__module__}.{check.__name__}")
def test_this_tree_passes(check):
    assert check(Tree.of(ROOT)) == []


@pytest.mark.parametrize(
    "path, include",
    [
        ("sim/core/a.cc", '"sim/codecs/b.h"'),
        ("sim/exchanges/a.cc", '"channels/b.h"'),
        ("sim/programs/a.cc", '"training/b.h"'),
        ("training/a.cc", '"channels/b.h"'),
        ("channels/a.cc", '"training/b.h"'),
        ("sim/results/a.cc", '"sim/app/b.h"'),
        ("sim/core/a.cc", "<ATen/core/Tensor.h>"),
        ("channels/a.cc", "<ns3/simulator.h>"),
        ("training/a.cc", '"ns3/simulator.h"'),
        ("sim/programs/a.cc", "<nlohmann/json.hpp>"),
        ("sim/core/a.cc", '"b.h"'),
        ("sim/core/a.h", "<nlohmann/json.hpp>"),
    ],
)
def test_an_include_against_the_layers_is_named(path, include):
    files = {path: f"#include {include}\n"}
    if include.startswith('"') and "/" in include and "ns3" not in include:
        files[include.strip('"')] = "#pragma once\n"
    assert len(layers.check(Tree(files))) >= 1


def test_the_app_does_not_reach_libtorch_through_a_header():
    tree = Tree(
        {
            "sim/app/main.cc": '#include "training/plugin.h"\n',
            "training/plugin.h": '#pragma once\n#include "training/tensor.h"\n',
            "training/tensor.h": "#pragma once\n#include <ATen/core/Tensor.h>\n",
        }
    )
    assert "training/plugin.h -> training/tensor.h" in layers.check(tree)[0]


@pytest.mark.parametrize(
    "statement",
    [
        "auto x = co_await f(a, std::move(b));",
        "co_await exchange.reduce(payload, fold);",
        "co_return co_await method->average(std::move(gradient), step, end);",
        "co_await task;",
        "while (true) {\n auto mail = co_await network.receive(node, tag, deadline, missing);\n}",
        'log("if (co_await f())"); // while (co_await f())',
    ],
)
def test_the_three_forms_pass(statement):
    assert coroutines.check(Tree({"sim/core/a.cc": f"Task<> g() {{ {statement} }}\n"})) == []


@pytest.mark.parametrize(
    "statement",
    [
        "if (co_await f(a)) { g(); }",
        "while (co_await f(a)) g();",
        "auto x = b ? co_await f(a) : 0;",
        "auto x = co_await f(b ? a : c);",
        "auto x = co_await f(Tag{1, 2});",
        "Pair x{co_await f(a)};",
        "auto x = co_await f(co_await g(a));",
        "auto x = (co_await f(a)).first;",
        "for (auto i : list) co_await f(i);",
        "g(co_await f(a));",
    ],
)
def test_other_forms_of_co_await_are_named(statement):
    found = coroutines.check(Tree({"sim/core/a.cc": f"Task<> g() {{\n{statement}\n}}\n"}))
    assert len(found) >= 1 and found[0].startswith("sim/core/a.cc:2:")


@pytest.mark.parametrize(
    "check, path, content",
    [
        (text.lengths, "sim/core/a.cc", "int a;\n" * 401),
        (text.headers, "sim/core/a.h", "int a;\n"),
        (text.headers, "sim/core/a.h", "#pragma once\nusing namespace std;\n"),
        (text.machine_paths, "scenarios/a.json", '"/home/somebody/data"'),
        (text.unfinished, "sim/core/a.cc", "// TO" "DO\n"),
        (text.switched_off_tests, "tests/sim/core/a_test.cc", "TEST(A, DISABLED_B) {}\n"),
        (text.switched_off_tests, "tests/analysis/test_a.py", "@pytest.mark.skip()\n"),
        (text.parses, "analysis/a.py", "def f(:\n"),
        (text.parses, "scenarios/a.json", "{"),
    ],
)
def test_each_check_on_words_can_fail(check, path, content):
    assert len(check(Tree({path: content}))) == 1


def test_comments_and_strings_are_blank_and_lines_stay():
    code = without_comments_and_strings('a = 1\'000; /* co_await\n */ b = R"x(co_await)x"; // co_await\nc = \'"\';\n')
    assert "co_await" not in code and code.count("\n") == 3
