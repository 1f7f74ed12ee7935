"""Checks on words: lengths, headers, paths of a machine, promises of work not done, switched-off tests."""

import ast
import json
import re

from tree import CPP

LONGEST, LONG = 400, 300
_SOURCES = CPP + (".py", ".sh", ".cmake", "CMakeLists.txt", "dev", ".ci/run")
_MACHINE = re.compile(r"(?<![A-Za-z0-9_.])/(?:work|farm|root|home)/(?=[A-Za-z0-9_.])")
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|stub|placeholder|not implemented|hard-?coded)\b", re.I)
_SWITCHED_OFF = re.compile(r"\bDISABLED_\w|pytest\.mark\.skip\b|^pytest\.skip\(")


def _lines(tree, pattern, endings, message, but=()):
    return [
        f"{path}:{number}: {message}: {line.strip()[:100]}"
        for path, text in tree.files(*endings).items()
        if not path.startswith(but or "\0")
        for number, line in enumerate(text.split("\n"), 1)
        if pattern.search(line)
    ]


def lengths(tree):
    counted = {path: text.count("\n") for path, text in tree.files(*CPP, ".py", ".sh", "dev").items()}
    for path, lines in counted.items():
        if LONG < lines <= LONGEST:
            print(f"  warning: {path} has {lines} lines; one subject fits 200")
    return [f"{path}: {lines} lines; {LONGEST} is the wall" for path, lines in counted.items() if lines > LONGEST]


def headers(tree):
    problems = []
    for path, text in tree.files(".h").items():
        if "#pragma once" not in text:
            problems.append(f"{path}: a header begins with '#pragma once'")
        if re.search(r"^\s*using namespace", text, re.M):
            problems.append(f"{path}: no 'using namespace' in a header")
    return problems


def machine_paths(tree):
    return _lines(tree, _MACHINE, ("",), "a path of one machine", but=("tests/lint/",))


def unfinished(tree):
    return _lines(tree, _UNFINISHED, _SOURCES, "a promise of work not done", but=("tools/lint/", "tests/lint/"))


def switched_off_tests(tree):
    return _lines(tree, _SWITCHED_OFF, (".cc", ".py"), "a test switched off without a condition", but=("tools/lint/", "tests/lint/"))


def parses(tree):
    problems = []
    for path, text in tree.files(".py").items():
        try:
            ast.parse(text)
        except SyntaxError as error:
            problems.append(f"{path}:{error.lineno}: {error.msg}")
    # Files below tests/ may be wrong on purpose.
    for path, text in tree.files(".json").items():
        try:
            json.loads(text)
        except ValueError as error:
            if not path.startswith("tests/"):
                problems.append(f"{path}: {error}")
    return problems
