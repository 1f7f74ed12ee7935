"""All checks on the tree, each by name; exit code 1 if one fails. Needs nothing but Python."""

import argparse
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import commands  # noqa: E402
import coroutines  # noqa: E402
import layers  # noqa: E402
import text  # noqa: E402
from tree import Tree  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main():
    parser = argparse.ArgumentParser(prog="./dev lint", description=__doc__)
    parser.add_argument("--tidy", action="store_true", help="also clang-tidy, which takes minutes")
    parser.add_argument("--build", default=os.path.join(ROOT, "build", "release"), help="build folder, for clang-tidy")
    chosen = parser.parse_args()
    tree = Tree.of(ROOT)
    checks = {
        "include layers": layers.check,
        "coroutine forms": coroutines.check,
        "file lengths": text.lengths,
        "headers": text.headers,
        "machine paths": text.machine_paths,
        "unfinished work": text.unfinished,
        "switched-off tests": text.switched_off_tests,
        "Python and JSON parse": text.parses,
        "shell parses": lambda tree: commands.shell(ROOT, tree),
        "formatting": lambda tree: commands.formatting(ROOT, tree),
    }
    if chosen.tidy:
        checks["clang-tidy"] = lambda tree: commands.tidy(ROOT, tree, chosen.build)
    failed = 0
    for name, check in checks.items():
        begin = time.perf_counter()
        problems = check(tree)
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok    '} {name} ({time.perf_counter() - begin:.1f} s)", flush=True)
        for problem in problems:
            print(f"  {problem}")
    print(f"lint: {len(checks) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
