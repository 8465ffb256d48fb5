"""Whole systems, tests and packages: testdata/systems."""

import hashlib
import json
import shutil

import rows
from nix import Missing, tree
from run import DATA, Scratch

# Enough to tell one tree from another.
MARKS = ["nixos/modules/module-list.nix", "pkgs/top-level/all-packages.nix", "lib/default.nix"]


class Systems:
    """testdata/systems: for each attribute of nixos-RELEASE.nix, the SHA-256 of its value as JSON, and that
    of some files of the tree, because other trees have other derivations. Takes long."""

    NEEDS = ["--trees"]

    @staticmethod
    def record(run):
        root = DATA / "systems"
        if not run.options.trees:
            raise Missing("--trees DIR is needed")
        with Scratch() as scratch:
            copies = shutil.copytree(root, scratch / "systems")
            for path in run.files(root, ".nix"):
                source = tree(run.options, path.stem.replace("nixos-", "nixpkgs-"))
                called = f"(import {copies / path.name} {{ nixpkgs = {source.path}; }})"
                names = json.loads(ask(run.nix, f"builtins.attrNames {called}"))
                hashes = run.map(lambda name: sha256(ask(run.nix, f"{called}.{name}").encode()), names)
                now = {
                    "recorded": rows.source(run.nix, source),
                    "tree": {mark: sha256((source.path / mark).read_bytes()) for mark in MARKS if (source.path / mark).exists()},
                    "values": dict(zip(names, hashes)),
                }
                file = path.with_suffix(".json")
                before = json.loads(file.read_text())["values"] if file.exists() else {}
                for name, value in now["values"].items():
                    run.answer(f"{path.stem}: {name}", [before.get(name)], [value])
                run.write(file, json.dumps(now, indent=2) + "\n")


def sha256(text):
    return hashlib.sha256(text).hexdigest()


def ask(nix, expression):
    done = nix.run("--eval", "--strict", "--json", "--readonly-mode", "-E", expression, text=True)
    if done.returncode:
        raise SystemExit(f"{expression}\n{done.stderr}")
    return done.stdout.strip()
