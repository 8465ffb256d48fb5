"""Recording or comparing one corpus."""

import concurrent.futures
import difflib
import json
import pathlib
import shutil
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "testdata"


class Run:
    """The options of a run, and its findings."""

    def __init__(self, name, topic, options, nix):
        self.name, self.topic, self.options, self.nix = name, topic, options, nix
        self.check = options.check
        self.asked = 0
        self.different = 0

    def files(self, folder, ending):
        """The selected files of a corpus."""
        found = sorted(p for p in folder.glob(f"*{ending}") if self.topic in ("", p.name.removesuffix(ending)))
        if not found:
            raise SystemExit(f"record: {self.name} has no file {self.topic}")
        return found

    def wanted(self, rows):
        """The rows to evaluate."""
        return [row for row in rows if not (self.options.new and row.recorded)][:: self.options.every]

    def map(self, function, items):
        """The results of a function in the order of the items."""
        items = list(items)
        self.asked += len(items)
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            return list(pool.map(function, items))

    def answer(self, label, before, now):
        """The answer to record now; differences are counted, and printed if nothing is written."""
        if before != now:
            self.different += 1
            if self.check:
                changes = difflib.unified_diff(list(before), list(now), "recorded", "now", lineterm="", n=2)
                print("\n".join([f"{self.name}: {label}", *(f"  {line}" for line in changes)]))
        return now

    def write(self, path, text):
        """Writes a file, unless the run only compares."""
        if not self.check:
            path.write_text(text, encoding="utf-8", errors="surrogateescape")

    def summary(self):
        done = "differ" if self.check else "are new or different"
        return f"{self.name}: {self.asked} asked for, {self.different} {done}"


class Scratch:
    """A folder for temporary files that Nix can also see."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return pathlib.Path(self.folder.name).resolve()

    def __exit__(self, *_):
        shutil.rmtree(self.folder.name, ignore_errors=True)
        self.folder.cleanup()


def json_lines(path):
    """The objects of a file with one per line, without the first one if it names the source of the others."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if list(row) != ["recorded"]]


def to_json_lines(source, rows, **options):
    lines = [json.dumps(row, ensure_ascii=False, **options) for row in [{"recorded": source}, *rows]]
    return "\n".join(lines) + "\n"


def fields(row):
    """The fields of an object as lines for comparison."""
    return [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in sorted(row.items())]
