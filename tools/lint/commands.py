"""Checks that other programs make: clang-format, clang-tidy, bash."""

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tree import CPP

CLANG_FORMAT = "14"


def _run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().split("\n")


def _first_of_each_file(lines):
    seen = {}
    for line in lines:
        match = re.match(r"(\S+?):\d+:\d+: (?:error|warning)", line)
        if match:
            seen.setdefault(match.group(1), line)
    return list(seen.values()) or lines[:20]


def formatting(root, tree):
    program = shutil.which("clang-format")
    version = program and subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"version (\d+)", version or "")
    if not found or found.group(1) != CLANG_FORMAT:
        print(f"  left out: needs clang-format {CLANG_FORMAT}, found {found.group(1) if found else 'none'}")
        return []
    paths = [os.path.join(root, path) for path in tree.files(*CPP)]
    problems = _run([program, "--dry-run", "-Werror", *paths]) if paths else []
    lines = _first_of_each_file(problems)
    more = [f"and {len(lines) - 10} files more"] if len(lines) > 10 else []
    return lines[:10] + more + ["'./dev format' mends it"] if lines else []


def shell(root, tree):
    return [
        line
        for path, text in tree.texts.items()
        if path.endswith(".sh") or text.startswith(("#!/usr/bin/env bash", "#!/bin/bash"))
        for line in _run(["bash", "-n", os.path.join(root, path)])
    ]


def tidy(root, tree, build):
    if not os.path.exists(os.path.join(build, "compile_commands.json")):
        return [f"{build} has no compile_commands.json; './dev setup' writes it"]
    paths = [path for path in tree.files(".cc") if path.startswith(("sim/", "training/", "channels/"))]
    command = ["clang-tidy", "-p", build, "--quiet"]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda path: _run([*command, os.path.join(root, path)]), paths)
    return [line for answer in answers for line in answer if re.search(r": (?:error|warning): ", line)]
