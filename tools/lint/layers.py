"""Who may include whom: the folders' order, and which folder sees which library."""

import re
from pathlib import PurePosixPath

from tree import CPP

LAYERS = {
    "sim/core": [],
    "sim/codecs": ["sim/core"],
    "sim/exchanges": ["sim/core"],
    "sim/programs": ["sim/exchanges", "sim/core"],
    "sim/results": ["sim/core"],
    "sim/sweep": ["sim/results", "sim/core"],
    "training": ["sim/codecs", "sim/core"],
    "channels": ["sim/core"],
    "sim/app": ["sim/programs", "sim/exchanges", "sim/sweep", "sim/results", "sim/codecs", "sim/core", "training", "channels"],
}
# Header prefix -> folders that may include it.
LIBRARIES = {
    "torch/": ["training", "tests/training", "tests/stand_in", "bench"],
    "ATen/": ["training", "tests/training", "tests/golden", "tests/contract", "tests/stand_in", "bench"],
    "c10/": ["training", "tests/training", "tests/stand_in", "bench"],
    "cuda": ["training", "tests/training"],
    "ns3/": ["channels/ns3", "tests/channels/ns3", "tests/physics", "bench"],
    "nlohmann/": ["sim/core", "tests"],
    "sqlite3.h": ["sim/results", "tests"],
    "zstd": ["sim/results", "sim/codecs", "tests"],
    "xxhash": ["sim/sweep"],
    "CLI/": ["sim/app"],
    "spdlog/": ["sim/app", "sim/results"],
    "jpeglib.h": ["training/images"],
    "png.h": ["training/images"],
    "Random123/": ["sim/core"],
    "boost/": ["sim"],
    "gtest/": ["tests"],
    "gmock/": ["tests"],
    "rapidcheck": ["tests"],
    "benchmark/": ["bench"],
}
NEVER_REACHED = {"sim/app": ["torch/", "ATen/", "c10/"]}  # not through any header: LibTorch comes with the plugin
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.M)


def includes(text):
    """(line, name, quoted) of each include."""
    return [(text.count("\n", 0, m.start(2)) + 1, m.group(2), m.group(1) == '"') for m in _INCLUDE.finditer(text)]


def inside(path, folder):
    return path.startswith(folder + "/")


def layer_of(path):
    return next((layer for layer in LAYERS if inside(path, layer)), None)


def check(tree):
    files = tree.files(*CPP)
    problems = []
    json_users = []
    for path, text in files.items():
        own = str(PurePosixPath(path).with_suffix(".h"))
        for position, (line, name, quoted) in enumerate(includes(text)):
            place = f"{path}:{line}: "
            layer, target = layer_of(path), layer_of(name)
            if target and layer and target != layer and target not in LAYERS[layer]:
                allowed = ", ".join(LAYERS[layer]) or "only itself"
                problems.append(f"{place}{layer} includes {name}; it may include {allowed}")
            if target and target.startswith("sim/app") and layer != "sim/app" and not path.startswith(("tests/", "bench/")):
                problems.append(f"{place}nothing includes sim/app but itself")
            if quoted and name not in files and not name.startswith(tuple(LIBRARIES)) and not name.endswith(".def"):
                problems.append(f"{place}include by path from the root; '{name}' is no file of ours")
            if target and not quoted:
                problems.append(f"{place}our own headers are included in quotes")
            if own in files and path.endswith((".cc", ".cu")) and name == own and position != 0:
                problems.append(f"{place}the file's own header comes first")
            for prefix, folders in LIBRARIES.items():
                if name.startswith(prefix) and not any(inside(path, folder) for folder in folders):
                    problems.append(f"{place}<{name}> is seen only by {', '.join(folders)}")
            if name.startswith("nlohmann/") and inside(path, "sim"):
                json_users.append(path)
    users = sorted(set(json_users))
    if len(users) > 1 or any(not user.endswith(".cc") for user in users):
        problems.append(f"JSON belongs in one .cc of sim/core; included by {', '.join(users)}")
    return problems + reached(files)


def reached(files):
    """Libraries that a layer must not see even through other headers."""
    problems = []
    for layer, prefixes in NEVER_REACHED.items():
        for start in (path for path in files if inside(path, layer)):
            seen, pending = {start}, [(start, start)]
            while pending:
                path, way = pending.pop()
                for _, name, _ in includes(files[path]):
                    if name.startswith(tuple(prefixes)):
                        problems.append(f"{start}: {layer} must not see <{name}>, reached by {way}")
                    elif name in files and name not in seen:
                        seen.add(name)
                        pending.append((name, f"{way} -> {name}"))
    return problems
