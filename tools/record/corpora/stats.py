"""Nix's statistics: testdata/stats."""

import json
import re
import shutil

import rows
from run import DATA, Scratch, fields

COUNTS = ["nrFunctionCalls", "nrLookups", "nrOpUpdates", "nrPrimOpCalls"]


class Stats:
    """testdata/stats: the statistics, the profile and the traced calls of programs, without rows about the
    Nix code inside Nix. If an evaluation fails, Nix gives no statistics."""

    NEEDS = []

    @staticmethod
    def record(run):
        root = DATA / "stats"
        with Scratch() as scratch:
            programs = run.files(shutil.copytree(root, scratch / "stats"), ".nix")
            for program, now in zip(programs, run.map(lambda program: ask(run.nix, program), programs)):
                path = (root / program.name).with_suffix(".json")
                now = {"recorded": rows.source(run.nix), **now}
                before = json.loads(path.read_text()) if path.exists() else {}
                run.answer(program.name, fields(before), fields(now))
                run.write(path, json.dumps(now, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def ask(nix, program):
    """Nix's statistics of one program, whose folder is written $HERE."""
    here = str(program.parent)
    files = {name: program.with_suffix(name) for name in (".stats", ".profile")}
    env = {"NIX_SHOW_STATS": "1", "NIX_COUNT_CALLS": "1", "NIX_SHOW_STATS_PATH": str(files[".stats"])}
    command = ["--eval", "--strict", str(program)]
    profile = ["--eval-profiler", "flamegraph", "--eval-profile-file", str(files[".profile"])]
    nix.run(*command, *profile, "--eval-profiler-frequency", "0", env=env)
    said = nix.run(*command, "--trace-function-calls", text=True).stderr
    own = lambda text: "«nix-internal»" in text
    found = {}
    if files[".stats"].exists():
        stats = json.loads(files[".stats"].read_text().replace(here, "$HERE"))
        found = {name: stats[name] for name in COUNTS}
        found["concats"] = stats["list"]["concats"]
        found["primops"] = stats["primops"]
        functions = [row for row in stats["functions"] if not own(row.get("file", ""))]
        found["functions"] = sorted(functions, key=lambda row: (row["file"], row["line"], row["column"]))
    lines = files[".profile"].read_text().replace(here, "$HERE").splitlines()
    found["profile"] = sorted(line for line in lines if not own(line))
    calls = re.findall(r"^function-trace (entered|exited) (.*) at \d+$", said.replace(here, "$HERE"), re.MULTILINE)
    found["calls"] = [" ".join(call) for call in calls if not own(call[1])]
    return found
