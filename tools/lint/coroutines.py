"""The three forms of co_await that g++ 12 compiles correctly; everything else has been seen to miscompile."""

import re

from tree import CPP, without_comments_and_strings

_CALLED = r"(?:\w+|[\w:.<>,&*()\[\] -]*?[\w>]\s*\([^{}?]*\))"  # a named task, or a call without braces and conditions
_ALLOWED = re.compile(rf"^(?:(?:const )?[\w:<>]+&{{0,2}} \w+ ?= ?co_await|co_await|co_return co_await) {_CALLED};$")
_LABEL = re.compile(r"^(?:case [^?]*?[^:]:(?!:)|default ?:|else)\s*")


def statements(text):
    """(line, statement with the semicolon or brace that ends it), white space as single spaces."""
    line, start = 1, 1
    current = []
    for character in text:
        if character in ";{}":
            yield start, " ".join("".join(current).split()) + character
            current, start = [], line
        elif not current and character.isspace():
            start = line + (character == "\n")
        else:
            current.append(character)
        if character == "\n":
            line += 1


def check(tree):
    problems = []
    for path, text in tree.files(*CPP).items():
        if "co_await" not in text:
            continue
        code = re.sub(r"^[ \t]*#.*$", "", without_comments_and_strings(text), flags=re.M)
        for line, statement in statements(code):
            if "co_await" not in statement or "operator co_await" in statement:
                continue
            bare = _LABEL.sub("", statement)
            if bare.count("co_await") > 1 or not _ALLOWED.match(bare):
                problems.append(
                    f"{path}:{line}: write 'auto x = co_await f(named);', 'co_await f(named);' or "
                    f"'co_return co_await f(named);' as a statement of its own, not: {statement[:80]}"
                )
    return problems
