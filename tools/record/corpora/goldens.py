"""Option values and errors of modules: testdata/goldens."""

import json
import os
import re
import shutil

from nix import Missing, Nix, tree
from run import DATA, ROOT, Scratch


class Goldens:
    """testdata/goldens: the rows of rows.tsv, evaluated with nix/oracle.nix: the set `modern`, and `old` with
    the Nix that NIX_INSTANTIATE_OLD names and nixpkgs 13.11. Of `old`, only the differences from `modern` are
    kept. Rows about the original module need --seed."""

    NEEDS = ["--nixpkgs for `modern`", "NIX_INSTANTIATE_OLD and --trees for `old`"]

    @staticmethod
    def record(run):
        sets = 0
        for name, nix, release in (("modern", "NIX_INSTANTIATE", None), ("old", "NIX_INSTANTIATE_OLD", "nixpkgs-13.11")):
            if run.topic not in ("", name):
                continue
            try:
                if name == "old" and nix not in os.environ:
                    raise Missing(f"{nix} is needed")
                record_set(run, name, Nix.found(nix), tree(run.options, release))
                sets += 1
            except Missing as e:
                print(f"goldens/{name}: skipped: {e}")
        if not sets:
            raise Missing("neither set can be recorded")


def record_set(run, name, nix, source):
    root = DATA / "goldens"
    table = [line.split("\t") for line in (root / "rows.tsv").read_text().splitlines() if line.strip() and line[0] != "#"]
    wanted = [row for row in table if name == "modern" or row[1] == "both"]
    with Scratch() as scratch:
        at = Place(scratch, source.lib, run.options.seed)
        seeds = [row for row in wanted if "seed" in row[3].split()]
        if seeds and not run.options.seed:
            print(f"goldens/{name}: {len(seeds)} rows skipped: they need --seed FILE")
            wanted = [row for row in wanted if row not in seeds]
        if run.options.new:
            wanted = [row for row in wanted if not stored(root / name / row[0])]
        wanted = wanted[:: run.options.every]
        for row, now in zip(wanted, run.map(lambda row: ask(nix, at, row), wanted)):
            if name == "old" and now == stored(root / "modern" / row[0]):
                now = None
            file = root / name / row[0]
            lines = lambda outcome: [outcome[0], *outcome[1].split("\n")] if outcome else []
            run.answer(f"{name}/{row[0]}", lines(stored(file)), lines(now))
            if not run.check:
                store(file, now)
    prune(run, root / name, {row[0] for row in table})
    versions = f"nix-instantiate: {nix.version}\nnixpkgs lib: {source.release}\n"
    file = root / name / "VERSIONS"
    if versions != file.read_text():
        print(f"goldens/{name}: recorded with\n{file.read_text()}and asked of\n{versions}", end="")
    run.write(file, versions)


class Place:
    """Copies of the files that Nix reads, and how paths are written."""

    def __init__(self, scratch, lib, seed):
        self.root, self.lib, self.seed = scratch / "root", lib, seed
        shutil.copytree(ROOT / "nix", self.root / "nix")
        for folder in ("modules", "fixtures"):
            shutil.copytree(DATA / folder, self.root / "testdata" / folder)
        self.seed_folder = seed.parent if seed else None

    def module(self, word):
        return str(self.seed if word == "seed" else self.root / "testdata" / "modules" / f"{word}.nix")

    def fixture(self, word):
        return str(self.root / "testdata" / "fixtures" / word)

    def portable(self, text):
        for path, written in ((self.seed_folder, "$SEED"), (self.root, "$ROOT"), (self.lib, "$LIB")):
            text = text.replace(str(path), written) if path else text
        return text


def stored(file):
    """The recorded outcome: the ending of its file, and the text."""
    for ending in ("json", "err"):
        path = file.with_name(f"{file.name}.{ending}")
        if path.exists():
            return ending, path.read_text(encoding="utf-8", errors="surrogateescape")
    return None


def store(file, outcome):
    for ending in ("json", "err"):
        file.with_name(f"{file.name}.{ending}").unlink(missing_ok=True)
    if outcome:
        file.parent.mkdir(parents=True, exist_ok=True)
        path = file.with_name(f"{file.name}.{outcome[0]}")
        path.write_text(outcome[1], encoding="utf-8", errors="surrogateescape")


def prune(run, folder, names):
    """Removes the files that no row names."""
    for file in sorted([*folder.rglob("*.json"), *folder.rglob("*.err")]):
        row = str(file.relative_to(folder).with_suffix(""))
        if row not in names:
            run.answer(f"{folder.name}/{row}", ["recorded"], ["no row of rows.tsv"])
            if not run.check:
                file.unlink()


def ask(nix, at, row):
    """The outcome of a row: the ending of its file, and the text."""
    name, _, what, modules, fixtures, options, flags = row
    words = lambda column: [] if column == "-" else column.split()
    # A definition without an option is an error in Nix's own words.
    extra = ["--arg", "strictOptions", "true"]
    for flag in words(flags):
        if flag == "no-base":
            extra += ["--arg", "base", "false"]
        elif flag.startswith("pkgs="):
            extra += ["--argstr", "pkgs", at.fixture(flag.removeprefix("pkgs="))]
        else:
            raise SystemExit(f"record: row {name} has an unknown flag {flag}")
    lists = {
        "modules": [at.module(word) for word in words(modules)],
        "fixtures": [at.fixture(word) for word in words(fixtures)],
        "attrs": words(options),
    }
    given = [part for key, words in lists.items() for part in ("--argstr", key, json.dumps(words))]
    command = ["--eval", "--strict", "--json", str(at.root / "nix" / "oracle.nix"), "-A", what, "--argstr", "lib", str(at.lib)]
    done = nix.run(*command, *given, *extra)
    text = lambda output: output.decode("utf-8", "surrogateescape")
    if done.returncode == 0:
        # Nix 2.8 prints no line end after JSON.
        return "json", at.portable(text(done.stdout).rstrip("\n") + "\n")
    return "err", last_error(at, text(done.stderr))


def last_error(at, said):
    """The last error of the output, from the left margin on. The text before it is the trace through nixpkgs'
    lib, which no other implementation can print alike. For the same reason, positions in that lib and in
    oracle.nix are left out, and so are the source lines at a position unless they are lines of this
    repository."""
    lines, indent, seen = [], 0, False
    for line in said.split("\n"):
        if re.match(r" *error: ?", line):
            lines, indent, seen = [], line.index("e"), True
        if re.match(r"\(use .--show-trace. to", line):
            seen = False
        if seen:
            lines.append(line[indent:] if line.strip(" ") else "")
    kept, foreign = [], False
    for line in at.portable("\n".join(lines)).split("\n"):
        if re.match(r" *at ", line):
            foreign = re.match(r" *at \$(LIB|SEED|ROOT/nix/oracle\.nix)", line) is not None
            if foreign and "$SEED" not in line:
                continue
        if not (foreign and re.match(r" *([0-9]+)?\|", line)):
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
