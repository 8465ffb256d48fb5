"""Rows of expressions with the answers of Nix.

Each line of a file that begins with `> ` is an expression. The lines after it are recorded: `= ` begins a line of the
value as `--eval --strict` prints it, `! ` a line of the error, `~ ` a line of any other output on standard error. A line
`% FLAG…` adds flags to the next expression; `$STORE` in them is an empty store (`--read-write-mode --store $STORE`):
nival reads back without a store what Nix reads back from it. Lines with `#` are comments. `# edge: WHY` says that
the next row tests an unusual input, and `# Tree: NAME` that the file is recorded with that tree of --trees. Expressions
are evaluated in a copy of the corpus's folder `files`, written `$FILES`.
"""

import re

MARKS = ("=", "!", "~")
RECORDED = "Recorded from"


class Row:
    """An expression (or a command line) with its recorded answer."""

    def __init__(self, expression, flags=""):
        self.expression = expression
        self.flags = flags
        self.recorded = []

    def lines(self, prompt=">"):
        return ([f"% {self.flags}"] if self.flags else []) + [f"{prompt} {self.expression}", *self.recorded]


def read(path, prompt=">"):
    """The rows of a file, with the lines between them as strings."""
    parts, flags = [], ""
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").split("\n"):
        if line[:2] in [mark + " " for mark in MARKS] or line in MARKS:
            next(part for part in reversed(parts) if isinstance(part, Row)).recorded.append(line)
        elif line.startswith("% "):
            flags = line[2:]
        elif line.startswith(prompt + " "):
            parts.append(Row(line[2:], flags))
            flags = ""
        else:
            parts.append(line)
    return parts


def write(path, parts, source, prompt=">"):
    """Writes a file with `source` as the line that names its source."""
    lines = []
    is_source = lambda part: isinstance(part, str) and part.startswith(f"# {RECORDED}")
    if not any(map(is_source, parts)):
        parts = [*parts[:1], f"# {RECORDED}", *parts[1:]]
    for part in parts:
        if isinstance(part, Row):
            lines += part.lines(prompt)
        else:
            lines.append(f"# {source}" if is_source(part) else part)
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")


def comment(parts, name):
    """The text of a comment `# NAME: …`."""
    found = [part for part in parts if isinstance(part, str) and part.startswith(f"# {name}: ")]
    return found[0].partition(": ")[2] if found else None


def source(nix, tree=None):
    """The line that names the source of the answers."""
    return f"{RECORDED} {nix.version}{f' with the lib of nixpkgs {tree.release}' if tree else ''}."


def marked(mark, lines):
    return [f"{mark} {line}".rstrip() for line in lines]


def message(lines):
    """The message of an error: the last one of a trace, without position and suggestions."""
    starts = [i for i, line in enumerate(lines) if re.match(r" *error:( |$)", line)]
    lines = lines[starts[-1] :]
    found = [re.sub(r"^ *error: ?", "", lines[0])]
    for line in lines[1:]:
        # A suggestion after an empty line comes from nixpkgs and is part of the message.
        suggestion = re.match(r"       Did you mean (one of .*|[^ `]*)\?$", line) and found[-1]
        if suggestion or re.match(r"       at .*:$", line):
            break
        found.append(line[7:])
    return "\n".join(found).rstrip().split("\n")
