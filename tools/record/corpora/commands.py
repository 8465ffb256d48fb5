"""Corpora of command lines: testdata/instantiate.txt and testdata/cli."""

import os
import shlex
import shutil

import rows
from rows import Row, marked
from run import DATA, Scratch, fields, json_lines, to_json_lines


class Instantiate:
    """testdata/instantiate.txt: command lines of nix-instantiate without --eval; `= ` is standard output, `!
    ` standard error."""

    NEEDS = []

    @staticmethod
    def record(run):
        path = DATA / "instantiate.txt"
        parts = rows.read(path, "$")
        wanted = run.wanted(part for part in parts if isinstance(part, Row))

        def ask(row):
            done = run.nix.run("--readonly-mode", *shlex.split(row.expression), text=True)
            return marked("=", done.stdout.splitlines()) + marked("!", done.stderr.splitlines())

        for row, now in zip(wanted, run.map(ask, wanted)):
            row.recorded = run.answer(row.expression, row.recorded, now)
        if not run.check:
            rows.write(path, parts, rows.source(run.nix), "$")


class Cli:
    """testdata/cli/cases.jsonl: command lines with `args` and, if needed, `stdin`, `env` and `cwd` (a folder
    in testdata/cli/files); `exit`, `stdout` and `stderr` are recorded. `$FILES` is a copy of
    testdata/cli/files with the symbolic links of links.txt."""

    NEEDS = []

    @staticmethod
    def record(run):
        root = DATA / "cli"
        path = root / "cases.jsonl"
        cases = json_lines(path)
        with Scratch() as scratch:
            files = shutil.copytree(root / "files", scratch / "files")
            for line in (root / "links.txt").read_text().splitlines():
                link, target = line.split(" ")
                (files / link).parent.mkdir(parents=True, exist_ok=True)
                os.symlink(target, files / link)
            is_new = lambda case: not (run.options.new and "exit" in case)
            wanted = [i for i, case in enumerate(cases) if is_new(case)][:: run.options.every]
            for i, now in zip(wanted, run.map(lambda i: Cli.ask(run.nix, files, cases[i]), wanted)):
                label = f"{' '.join(cases[i]['args'])} {cases[i].get('env', '')}"
                run.answer(label, fields(cases[i]), fields(now))
                cases[i] = now
        run.write(path, to_json_lines(rows.source(run.nix), cases))

    @staticmethod
    def ask(nix, files, case):
        """The case with Nix's current results."""
        at = str(files)
        env = {k: v.replace("$FILES", at) for k, v in case.get("env", {}).items()}
        env = {"HOME": "/homeless", "NO_COLOR": "1", "NIVAL_CACHE_DIR": "", **env}
        arguments = [argument.replace("$FILES", at) for argument in case["args"]]
        given = case.get("stdin", "").encode()
        done = nix.run(*arguments, env=env, clean=True, cwd=files / case.get("cwd", ""), input=given)
        out, err = (text.decode("utf-8", "replace").replace(at, "$FILES") for text in (done.stdout, done.stderr))
        return {**case, "exit": done.returncode, "stdout": out, "stderr": err}
