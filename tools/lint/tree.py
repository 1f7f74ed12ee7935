"""The files that lint looks at, as texts by path from the root; tests hand in made-up trees."""

import re
import subprocess
from pathlib import Path

CPP = (".cc", ".h", ".cu")
_TOKEN = re.compile(
    r'R"(?P<mark>[^()\\\s]{0,16})\((?:.|\n)*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*(?:.|\n)*?\*/'
)


class Tree:
    def __init__(self, texts):
        self.texts = dict(texts)

    @classmethod
    def of(cls, root):
        """Tracked and new files of a clone; all files but the build folder where there is no git."""
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True, text=True
        )
        if listed.returncode == 0:
            paths = [path for path in listed.stdout.split("\0") if path]
        else:
            paths = [str(path.relative_to(root)) for path in Path(root).rglob("*") if path.is_file()]
            paths = [path for path in paths if not path.startswith("build/")]
        texts = {}
        for path in sorted(paths):
            try:
                texts[path] = (Path(root) / path).read_text(encoding="utf-8")
            except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
                continue
        return cls(texts)

    def files(self, *endings, under=""):
        return {path: text for path, text in self.texts.items() if path.endswith(endings) and path.startswith(under)}


def without_comments_and_strings(text):
    """C++ text with comments blank and literals empty, line numbers unchanged."""

    def blank(match):
        kept = "\n" * match.group().count("\n")
        return kept + (" " if match.group().startswith("/") else '""')

    # A digit separator (1'000) is no character literal.
    return _TOKEN.sub(blank, re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", text))
