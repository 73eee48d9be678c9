#!/usr/bin/env python3
"""Write measurements into README.md, between the lines `<!-- WHAT -->` and `<!-- end -->`.

    measured.py conformance SUMMARY.json    # of a conformance run
    measured.py speed FOLDER                # what bench_runner.py kept with --json
"""
import json
import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools", "bench"))

from programs import ABOUT, SETS  # noqa: E402
from report import Results, number, table  # noqa: E402

TITLES = {"lang": "language core", "types": "builtin types", "natives": "core native modules", "pure": "pure-Python library",
          "os": "operating system", "concurrency": "concurrency", "network": "network"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def conformance(path):
    summary = read(path)
    rows = []
    for group, title in TITLES.items():
        t = summary["groups"].get(group)
        if t and t["want"]:
            rows.append([title, "%d of %d (%.1f %%)" % (t["got"], t["want"], 100 * t["rate"]), "%.1f %%" % (100 * t["rate_portable"])])
    yield from table(["CPython 3.14's tests", "passed of what CPython passes", "without those CPython keeps to itself"], rows)
    yield ""
    yield "Measured %s." % time.strftime("%Y-%m-%d", time.gmtime())


def speed(folder):
    """The last interpreter of each set against the first one."""
    rows, dates = [], []
    for title in SETS:
        path = os.path.join(folder, title + ".json")
        if not os.path.exists(path):
            continue
        data = read(path)
        results = Results(data)
        name = results.names[-1]
        ratios = {program: results.ratio(program, name) for program in results.rows if results.ratio(program, name)}
        if not ratios:
            continue
        slowest, fastest = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
        failed = sum(failure[1] == name for failure in results.failures())
        rows.append(["[%s](docs/performance/%s.md)" % (ABOUT[title], title), "**%.2f**" % results.mean(name, results.ratio),
                     "%.2f (%s)" % (ratios[slowest], slowest.removeprefix(title + "_")), "%.2f (%s)" % (ratios[fastest], fastest.removeprefix(title + "_")),
                     failed, number(results.mean(name, results.memory))])
        dates.append(data["end"]["date"].split()[0])
    yield from table(["programs", "speed", "slowest", "fastest", "failed", "memory"], rows)
    yield ""
    yield "Speed and peak memory are ratios to CPython 3.14, CPU time in the same run, geometric means: a speed above 1 is faster, a memory"
    yield "above 1 larger. Measured %s." % " and ".join(sorted(set(dates)))


def main(what, source):
    lines = {"conformance": conformance, "speed": speed}[what](source)
    path = os.path.join(ROOT, "README.md")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    mark = "<!-- %s -->\n" % what
    head, found, rest = text.partition(mark)
    if not found:
        raise SystemExit("README.md has no line %s" % mark)
    _, end, tail = rest.partition("<!-- end -->")
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + mark + "\n".join(lines) + "\n" + end + tail)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
