"""The facts of a nixpkgs about the options that nival's base modules declare: testdata/base."""

import json
import shutil

import rows
from nix import tree
from run import DATA, ROOT, Scratch, json_lines, to_json_lines


class Base:
    """testdata/base/options.jsonl: for each option of the base modules, whether NixOS has it, its type's
    description, and its default if that is plain data. differs.txt lists the differences that are allowed,
    with reasons."""

    NEEDS = ["--nixpkgs with all of the tree"]

    @staticmethod
    def record(run):
        root = DATA / "base"
        path = root / "options.jsonl"
        source = tree(run.options)
        with Scratch() as scratch:
            shutil.copytree(ROOT / "nix", scratch / "nix")
            facts = scratch / "tools" / "record" / "base-facts.nix"
            facts.parent.mkdir(parents=True)
            shutil.copy(ROOT / "tools" / "record" / facts.name, facts)
            ours, theirs = run.map(lambda what: ask(run.nix, facts, source, what), ["base", "theirs"])
        before = {".".join(row["option"]): json.dumps(row, sort_keys=True) for row in json_lines(path)}
        now = {name: json.dumps(row, sort_keys=True) for name, row in theirs.items()}
        for name in sorted({*before, *now}):
            run.answer(name, [*filter(None, [before.get(name)])], [*filter(None, [now.get(name)])])
        run.write(path, to_json_lines(rows.source(run.nix, source), theirs.values(), sort_keys=True))
        patterns = [line.split("#")[0].strip() for line in (root / "differs.txt").read_text().splitlines()]
        found = [(name, what) for name, what in differences(ours, theirs) if not is_listed(name, patterns)]
        run.different += len(found)
        for name, what in found:
            print(f"base: {name}: {what}")


def ask(nix, facts, source, what):
    """The rows of one side, by the option's name."""
    flags = ["--eval", "--strict", "--json", "--readonly-mode"]
    done = nix.run(*flags, str(facts), "--arg", "tree", str(source.path), "-A", what)
    if done.returncode:
        raise SystemExit(done.stderr.decode(errors="replace"))
    return {".".join(row["option"]): row for row in json.loads(done.stdout)}


def is_listed(name, patterns):
    """Whether an option may differ."""
    return any(name == p or p.endswith(".*") and name.startswith(p[:-1]) for p in patterns)


def differences(ours, theirs):
    """The options, and how nival's base modules and NixOS differ in them."""
    for name, own in ours.items():
        other = theirs.get(name)
        if other is None:
            yield name, "the tree has no such option"
            continue
        for fact in ("type", "default"):
            if fact in own and fact in other and own[fact] != other[fact]:
                yield name, f"{fact}: {json.dumps(own[fact])}, in the tree {json.dumps(other[fact])}"
