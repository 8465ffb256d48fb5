"""Real Nix, and the nixpkgs trees that it evaluates."""

import os
import pathlib
import subprocess


# The version of Nix that nival follows.
VERSION = "2.34"


class Missing(Exception):
    """Raised if a corpus needs something that was not given."""


class Nix:
    """A nix-instantiate program."""

    def __init__(self, program):
        self.program = program
        try:
            done = subprocess.run([program, "--version"], capture_output=True, text=True)
        except OSError as e:
            raise Missing(f"{program} cannot be run ({e.strerror}); NIX_INSTANTIATE may name another") from e
        self.version = done.stdout.strip()

    @staticmethod
    def found(variable="NIX_INSTANTIATE"):
        """The program that an environment variable names. All goldens except the old ones come from one
        version."""
        nix = Nix(os.environ.get(variable, "nix-instantiate"))
        if variable == "NIX_INSTANTIATE" and f" {VERSION}." not in nix.version:
            raise Missing(f"{nix.program} is {nix.version}, and the corpora follow Nix {VERSION}")
        return nix

    def run(self, *arguments, env=None, clean=False, **options):
        """Runs the program; `clean` hides the user's own settings."""
        base = {k: v for k, v in os.environ.items() if not (clean and k.startswith(("NIX_", "XDG_")))}
        return subprocess.run([self.program, *arguments], env={**base, **(env or {})}, capture_output=True, **options)


class Tree:
    """A nixpkgs tree."""

    def __init__(self, path):
        self.path = path
        self.lib = path / "lib"
        if not self.lib.is_dir():
            raise Missing(f"{path} is no tree of nixpkgs: it has no lib")

    @property
    def release(self):
        for file in (self.lib / ".version", self.path / ".version"):
            if file.exists():
                return file.read_text().strip()
        return "unknown"


def tree(options, name=None):
    """The given tree: a release by its name, or the tree of --nixpkgs."""
    if name is None and options.nixpkgs:
        return Tree(options.nixpkgs)
    if not options.trees:
        raise Missing("--nixpkgs PATH is needed" if name is None else f"--trees DIR with {name} is needed")
    return Tree(options.trees / (name or "nixpkgs-26.11"))
