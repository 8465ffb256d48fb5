"""One corpus as it is recorded or compared."""

import concurrent.futures
import difflib
import json
import pathlib
import shutil
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "testdata"


class Run:
    """What was asked for, and what has been found."""

    def __init__(self, name, topic, options, nix):
        self.name, self.topic, self.options, self.nix = name, topic, options, nix
        self.check = options.check
        self.asked = 0
        self.different = 0

    def files(self, folder, ending):
        """The files of a corpus that are wanted."""
        found = sorted(p for p in folder.glob(f"*{ending}") if self.topic in ("", p.name.removesuffix(ending)))
        if not found:
            raise SystemExit(f"record: {self.name} has no file {self.topic}")
        return found

    def wanted(self, rows):
        """The rows that are to be asked for."""
        return [row for row in rows if not (self.options.new and row.recorded)][:: self.options.every]

    def map(self, function, items):
        """The function's results, in the order of the items."""
        items = list(items)
        self.asked += len(items)
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            return list(pool.map(function, items))

    def answer(self, label, before, now):
        """What is to be recorded now; a difference counts, and is printed when nothing is written."""
        if before != now:
            self.different += 1
            if self.check:
                changes = difflib.unified_diff(list(before), list(now), "recorded", "now", lineterm="", n=2)
                print("\n".join([f"{self.name}: {label}", *(f"  {line}" for line in changes)]))
        return now

    def write(self, path, text):
        """Writes a file, unless nothing is to be written."""
        if not self.check:
            path.write_text(text, encoding="utf-8", errors="surrogateescape")

    def summary(self):
        done = "differ" if self.check else "are new or different"
        return f"{self.name}: {self.asked} asked for, {self.different} {done}"


class Scratch:
    """A folder for temporary files that Nix sees, too."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return pathlib.Path(self.folder.name).resolve()

    def __exit__(self, *_):
        shutil.rmtree(self.folder.name, ignore_errors=True)
        self.folder.cleanup()


def json_lines(path):
    """The objects of a file with one on each line, but for the first one if it says where the others are from."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if list(row) != ["recorded"]]


def to_json_lines(source, rows, **options):
    lines = [json.dumps(row, ensure_ascii=False, **options) for row in [{"recorded": source}, *rows]]
    return "\n".join(lines) + "\n"


def fields(row):
    """The fields of an object as lines, to be compared."""
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in sorted(row.items())]
