"""The colours of messages: testdata/colours.jsonl."""

import os
import pty

import rows
from run import DATA, fields, json_lines, to_json_lines


class Colours:
    """testdata/colours.jsonl: Nix's output on a terminal for `expr`; `thrown` marks messages that are the
    program's own."""

    NEEDS = []

    @staticmethod
    def record(run):
        path = DATA / "colours.jsonl"
        cases = json_lines(path)
        # One after the other: each forks.
        run.asked += len(cases)
        for i, case in enumerate(cases):
            now = {**case, "stderr": on_terminal(run.nix, case["expr"])}
            run.answer(case["expr"], fields(case), fields(now))
            cases[i] = now
        run.write(path, to_json_lines(rows.source(run.nix), cases))


def on_terminal(nix, expression):
    """Nix's output on a terminal."""
    hidden = lambda name: name.startswith(("NIX_", "XDG_")) or name in ("NO_COLOR", "NOCOLOR")
    env = {k: v for k, v in os.environ.items() if not hidden(k)}
    command = [nix.program, "--readonly-mode", "--eval", "--strict", "-E", expression]
    child, terminal = pty.fork()
    if child == 0:
        os.chdir("/")
        os.execvpe(command[0], command, {**env, "HOME": "/homeless", "TERM": "xterm"})
    out = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        out += part
    os.waitpid(child, 0)
    os.close(terminal)
    return out.replace(b"\r\n", b"\n").decode("utf-8", "replace")
