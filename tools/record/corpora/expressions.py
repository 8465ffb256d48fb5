"""Corpora of expressions: testdata/lang, lib, modsets and git."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

import rows
from nix import Missing, tree
from rows import Row, marked, message
from run import DATA, Scratch

# Usage errors, which some built-ins raise, end with advice.
ADVICE = re.compile(r"\nTry 'nix-instantiate --help' for more information\.\n$")


class Asked:
    """Nix in a folder, which is written `as_written`."""

    def __init__(self, nix, folder, as_written="$FILES"):
        self.nix, self.folder, self.as_written = nix, str(folder), as_written

    def output(self, flags, expression):
        """Standard output if there is a value, the messages, and the error."""
        store = tempfile.mkdtemp(prefix="store", dir=pathlib.Path(self.folder).parent)
        # Nix's cache of fetched sources would change its answers.
        cache = f"{store}/cache" if "$STORE" in flags else os.environ.get("XDG_CACHE_HOME", "")
        env = {"NIX_PATH": f"lang={self.folder}", "NIVAL_LANG": "hello", "XDG_CACHE_HOME": cache}
        flags = [store if flag == "$STORE" else flag for flag in shlex.split(flags)]
        done = self.nix.run("--eval", "--strict", *flags, "-E", expression, env=env, cwd=self.folder)
        portable = lambda text: text.decode("utf-8", "surrogateescape").replace(self.folder, self.as_written)
        out, said, error = portable(done.stdout), ADVICE.sub("\n", portable(done.stderr)), ""
        if not done.returncode:
            return out.removesuffix("\n"), said, None
        start = re.search(r"^error:", said, re.MULTILINE)
        if start:
            said, error = said[: start.start()], said[start.start() :].removesuffix("\n")
        return None, said, error or f"exit code {done.returncode}"

    def with_trace(self, flags, expression):
        """The lines to be recorded, with all of an error."""
        out, said, error = self.output(f"--show-trace {flags}", expression)
        lines = marked("~", said.removesuffix("\n").split("\n")) if said else []
        return lines + (marked("=", out.split("\n")) if error is None else marked("!", error.split("\n")))

    def with_message(self, flags, expression):
        """The lines to be recorded, with the message of an error only."""
        out, said, error = self.output(flags, expression)
        lines = marked("~", [line for line in said.split("\n") if line])
        return lines + (marked("=", out.split("\n")) if error is None else marked("!", message(error.split("\n"))))


def record_files(run, folder, ask, source):
    """Evaluates the rows of all files of a folder; `ask` and `source` get the parts of a file."""
    files, missing = run.files(folder, ".txt"), []
    for path in files:
        parts = rows.read(path)
        wanted = run.wanted(part for part in parts if isinstance(part, Row))
        if not wanted:
            continue
        try:
            answers = run.map(ask(parts), wanted)
        except Missing as e:
            missing.append(e)
            print(f"{run.name}/{path.stem}: skipped: {e}")
            continue
        for row, now in zip(wanted, answers):
            label = f"{path.stem}: {row.flags} {row.expression}".replace(":  ", ": ")
            row.recorded = run.answer(label, row.recorded, now)
        if not run.check:
            rows.write(path, parts, source(parts))
    if len(missing) == len(files):
        raise missing[0]


class Lang:
    """testdata/lang: values and errors of expressions, with traces. `lang=$FILES` is NIX_PATH, `hello`
    NIVAL_LANG."""

    NEEDS = []

    @staticmethod
    def record(run):
        root = DATA / "lang"
        with Scratch() as scratch:
            files = shutil.copytree(root / "files", scratch / "files", symlinks=True)
            asked = Asked(run.nix, files)
            ask = lambda _: lambda row: asked.with_trace(row.flags, row.expression)
            record_files(run, root, ask, lambda _: rows.source(run.nix))


class Lib:
    """testdata/lib: nixpkgs' functions, which are in scope as `lib`; only the messages of errors."""

    NEEDS = ["--nixpkgs, and --trees for the files whose names end in a release"]
    FOLDER = "lib"

    @classmethod
    def record(cls, run):
        root = DATA / cls.FOLDER
        prelude = root / "prelude.nix"
        scope = f"with ({prelude.read_text()}) lib;" if prelude.exists() else ""
        tree_of = lambda parts: tree(run.options, rows.comment(parts, "Tree"))
        if not run.topic:
            # Almost all rows need it.
            tree(run.options)
        with Scratch() as scratch:
            files = shutil.copytree(root / "files", scratch / "files", symlinks=True)
            asked = Asked(run.nix, files)

            def ask(parts):
                start = f"let lib = import {tree_of(parts).lib}; in {scope}\n"
                return lambda row: asked.with_message(row.flags, start + row.expression)

            record_files(run, root, ask, lambda parts: rows.source(run.nix, tree_of(parts)))


class Modsets(Lib):
    """testdata/modsets: modules and options, as in lib; the names of prelude.nix, a function of lib, are also
    in scope."""

    NEEDS = ["--nixpkgs"]
    FOLDER = "modsets"


class Git:
    """testdata/git: the results of fetchGit for repositories (`$REPOS`)."""

    NEEDS = ["git"]
    # Excerpts show the expression, whose columns depend on where the repositories are.
    EXCERPT = ("!             1|", "!              |", "!          at «")

    @classmethod
    def record(cls, run):
        root = DATA / "git"
        with Scratch() as scratch:
            repositories = scratch / "repositories"
            repositories.mkdir()
            subprocess.run([root / "make-repositories", repositories], check=True)
            asked = Asked(run.nix, repositories, "$REPOS")

            def answer(row):
                flags = f"--read-write-mode --store $STORE --quiet {row.flags}"
                lines = asked.with_trace(flags, row.expression.replace("$REPOS", str(repositories)))
                return [line for line in lines if not line.startswith(cls.EXCERPT)]

            record_files(run, root, lambda _: answer, lambda _: rows.source(run.nix))
