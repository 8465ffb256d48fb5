"""Hashes, store paths and derivation files: testdata/store."""

import os
import re
import shutil
import subprocess

from run import DATA, Scratch

FEATURES = "ca-derivations dynamic-derivations impure-derivations git-hashing blake3-hashes"


class Store:
    """testdata/store: hashes.tsv, paths.tsv, and the derivation files of derivations.nix in two store
    directories."""

    NEEDS = ["git"]

    @staticmethod
    def record(run):
        root = DATA / "store"
        with Scratch() as scratch:
            made = Made(run.nix, scratch)
            files = {
                "hashes.tsv": lambda: hashes(made),
                "paths.tsv": lambda: paths(made),
                "derivations.txt": lambda: derivations(made, "/nix/store"),
                "derivations-other-dir.txt": lambda: derivations(made, "/opt/other"),
            }
            wanted = [name for name in files if run.topic in ("", name)]
            for name in wanted:
                path = root / name
                now = "\n".join(files[name]()) + "\n"
                before = path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else ""
                run.answer(name, before.split("\n"), now.split("\n"))
                run.write(path, now)
            run.asked += len(wanted)


class Made:
    """Nix in a folder with a few files, and the questions that were asked."""

    def __init__(self, nix, folder):
        self.nix, self.folder = nix, folder
        self.version = nix.version.rpartition(") ")[2]
        # The tree of `Sample::recorded` in src/store/tree.rs.
        tree = folder / "tree"
        (tree / "sub").mkdir(parents=True)
        (tree / "empty").mkdir()
        (tree / "Z").write_text("capital\n")
        (tree / "exec").write_text("#!/bin/sh\n")
        (tree / "exec").chmod(0o755)
        (tree / "link").symlink_to("sub/deep")
        (tree / "sub" / "deep").write_text("x" * 1000)
        (tree / "sub-a").write_text("")
        (tree / "sub.txt").write_text("12345678")
        (folder / "bytes").write_bytes(b"raw \xff\xfe bytes \x01")
        shutil.copy(DATA / "store" / "derivations.nix", folder)

    def run(self, *arguments, env=None):
        """Standard output, or the last line of the error."""
        done = self.nix.run("--extra-experimental-features", FEATURES, *arguments, cwd=self.folder, env=env)
        out, err = (text.decode("utf-8", "surrogateescape") for text in (done.stdout, done.stderr))
        if done.returncode == 0:
            return out
        errors = re.findall(r"^ *error: (.*)$", err, re.MULTILINE)
        return f"error: {errors[-1]}"

    def value(self, expression):
        return self.run("--eval", "--raw", "--readonly-mode", "-E", expression)

    def value_in_store(self, expression):
        """The same, but derivation files are really written, as `outputOf` needs."""
        return self.run("--eval", "--raw", "--read-write-mode", "--store", f"{self.folder}/eval-root", "-E", expression)

    def git(self, *arguments, repository):
        env = {**os.environ, "GIT_DIR": str(self.folder / repository), "GIT_WORK_TREE": str(self.folder / "tree")}
        command = ["git", *arguments]
        return subprocess.run(command, cwd=self.folder / "tree", env=env, check=True, capture_output=True, text=True).stdout.strip()


def quoted(text):
    """A Nix string; the texts here have no escapes except `\\n`."""
    return f'"{text}"'


def hashes(made):
    """Each good hash in every spelling to every format; each bad one to one format."""
    lines = [f"# Nix {made.version}, builtins.convertHash: algorithm, format, hash, result"]

    def convert(algorithm, form, text):
        kind = f'hashAlgo = "{algorithm}";' if algorithm else ""
        asked = f'builtins.convertHash {{ {kind} toHashFormat = "{form}"; hash = "{text}"; }}'
        lines.append(f"{algorithm}\t{form}\t{text}\t{made.value(asked)}")

    for algorithm in ("md5", "sha1", "sha256", "sha512", "blake3"):
        digits = made.value(f'builtins.hashString "{algorithm}" "nival"')
        for form in ("base16", "nix32", "base32", "base64", "sri"):
            convert(algorithm, form, digits)
        for form in ("nix32", "base64", "sri"):
            text = made.value(f'builtins.convertHash {{ hash = "{digits}"; hashAlgo = "{algorithm}"; toHashFormat = "{form}"; }}')
            convert(algorithm, "base16", text)
            convert("", "base16", text)
            for wrong in (text[:-1], f"x{text[1:]}", f"*{text[1:]}", f"{text}A"):
                convert(algorithm, "base16", wrong)
            if form != "sri":
                convert("", "sri", f"{algorithm}:{text}")
                convert("md5", "sri", f"{algorithm}:{text}")
                convert(algorithm, "sri", f"{algorithm}-{text}")
        for wrong in (digits[:-1], f"{digits[:-1]}g", digits.upper()):
            convert(algorithm, "base16", wrong)
        convert(algorithm, "nix32", f"{algorithm}-{digits}")
        for text in (f"{algorithm}:{digits}", f"{algorithm}:", f"{algorithm}-"):
            convert("", "nix32", text)
        convert(algorithm, "nix32", "")
        convert(algorithm, "hex", digits)
        convert(algorithm.upper(), "base16", digits)
    for algorithm, length in (("md5", 26), ("sha1", 32), ("sha256", 52), ("sha512", 103)):
        convert(algorithm, "base16", "z" * length)
    odd = "x - : x: x- sha256 sha256- sha256-x:y md5:-x md5-:x sha1-md5:x".split()
    odd += [" md5:x", "md5 :x", "md5-0CpwtwsUTZqxgKlNQ4xz5Q", "md5-0CpwtwsUTZqxgKlNQ4xz5Q=", "md5-0CpwtwsUTZqxgKlNQ4xz5Q==x"]
    odd += ["md5-0CpwtwsUTZqxgKlNQ4xz5R==", "md5-0Cpwtws\\nUTZqxgKlNQ4xz5Q==", "md5-0CpwtwsU=ZqxgKlNQ4xz5Q=="]
    odd += ["md5:0CpwtwsU=ZqxgKlNQ4xz5Q=="]
    for text in odd:
        convert("", "base16", text)
        convert("md5", "base16", text)
    return lines


def paths(made):
    """Store paths of texts, trees, outputs and objects of git."""
    git = subprocess.run(["git", "--version"], capture_output=True, text=True).stdout.split()[2]
    lines = [f"# Nix {made.version} (git {git} for the git- rows): what, its arguments, the result"]
    row = lambda *columns: lines.append("\t".join(columns))
    text = 'builtins.toFile "foo" "bar"'
    row("text", "foo", "bar", made.value(text))
    row("text-with-reference", "baz", "foo", made.value(f'builtins.toFile "baz" ({text})'))
    for name in ("", ".", "..", ".-", "..-x", ".a", "...-", "x y", "a/b", "a" * 211, "a" * 212):
        row("text", name, "", made.value(f'builtins.toFile {quoted(name)} ""'))
    row("source", "tree", made.value('builtins.path { name = "tree"; path = ./tree; }'))
    without = 'builtins.path { name = "tree"; path = ./tree; filter = p: t: baseNameOf p != "sub-a"; }'
    row("source-without-sub-a", "tree", made.value(without))
    row("source-flat", "Z", made.value("builtins.path { path = ./tree/Z; recursive = false; }"))
    row("source-file", "exec", made.value("builtins.path { path = ./tree/exec; }"))
    for output in ("out", "dev", "x y"):
        row("placeholder", output, made.value(f"builtins.placeholder {quoted(output)}"))
    common = 'system = "s"; builder = "b"; __contentAddressed = true;'
    floating = f'derivation {{ name = "f"; {common} outputs = [ "out" "dev" ]; }}'
    file = made.value(f"({floating}).drvPath")
    for output in ("out", "dev"):
        row("upstream", file, output, made.value(f"({floating}).{output}.outPath"))
    writer = f'derivation {{ name = "w.drv"; {common} outputHashMode = "text"; }}'
    file = made.value(f"({writer}).drvPath")
    for output in ("out", "dev"):
        computed = made.value_in_store(f"builtins.outputOf ({writer}).outPath {quoted(output)}")
        row("computed", file, "out", output, computed)
    twice = f'builtins.outputOf (builtins.outputOf ({writer}).outPath "dev") "lib"'
    row("computed-twice", file, "out", "dev", "lib", made.value_in_store(twice))
    for repository, form in (("git", "sha1"), ("git256", "sha256")):
        made.git("init", "-q", f"--object-format={form}", repository=repository)
        made.git("add", "-A", repository=repository)
        if form == "sha1":
            row("git-blob", "exec", made.git("hash-object", "exec", repository=repository))
            row("git-tree", "tree", made.git("write-tree", repository=repository))
            row("git-tree", "sub", made.git("write-tree", "--prefix=sub/", repository=repository))
        else:
            row("git-tree-sha256", "tree", made.git("write-tree", repository=repository))
    return lines


def derivations(made, folder):
    """Every derivation file of derivations.nix in a store directory."""
    store = made.folder / f"root-{folder.rpartition('/')[2]}"
    arguments = ["--store", f"local?root={store}", "--arg", "tree", "./tree", "--arg", "bytes", "./bytes", "derivations.nix"]
    done = made.run(*arguments, env={"NIX_STORE_DIR": folder})
    if done.startswith("error: "):
        raise SystemExit(done)
    lines = [f"# Nix {made.version}, store directory {folder}: path, tab, contents of each derivation file"]
    # Wherever the store claims to be, its files are in the same place below its root.
    for file in sorted((store / "nix" / "store").glob("*.drv")):
        lines.append(f"{folder}/{file.name}\t{file.read_text('utf-8', 'surrogateescape')}")
    return lines
