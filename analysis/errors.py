"""The one kind of error that a user of the report sees: a single line, exit code 2."""


class ReportError(Exception):
    """where: file or folder. what: the problem. expected: what would be right. remedy: what to do now."""

    def __init__(self, where, what, expected, remedy):
        super().__init__(f"{where}: {what}; expected {expected}; {remedy}".replace("\n", " "))
