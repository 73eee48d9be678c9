#!/usr/bin/env python3
"""Write the table of measurements into README.md, between the lines `<!-- measured -->` and `<!-- end -->`.

    measured.py SUMMARY.json [BENCH.json]

SUMMARY is the summary.json of a conformance run, BENCH what bench_runner.py wrote with --json.
"""
import json
import math
import os
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TITLES = {"lang": "language core", "types": "builtin types", "natives": "core native modules", "pure": "pure-Python library",
          "os": "operating system", "concurrency": "concurrency", "network": "network"}


def conformance(path):
    with open(path) as f:
        summary = json.load(f)
    yield "| CPython 3.14's tests | passed of what CPython passes | without those CPython keeps to itself |"
    yield "|---|---|---|"
    for group, title in TITLES.items():
        t = summary["groups"].get(group)
        if t and t["want"]:
            yield "| %s | %d of %d (%.1f %%) | %.1f %% |" % (
                title, t["got"], t["want"], 100 * t["rate"], 100 * t["rate_portable"])


def speed(path):
    with open(path) as f:
        results = json.load(f)
    ratios, failed = {}, []
    for name, row in sorted(results.items()):
        if "best" not in row.get("cpython", {}):
            continue
        if "best" in row.get("bredli", {}):
            ratios[name] = row["cpython"]["best"] / row["bredli"]["best"]
        else:
            failed.append(name)
    if not ratios:
        return
    mean = math.exp(sum(map(math.log, ratios.values())) / len(ratios))
    slowest = min(ratios, key=ratios.get)
    yield ""
    yield "Speed on %d small programs (`--set micro`), CPU time against CPython 3.14 in the same run: %.2f× as fast in the" % (len(ratios), mean)
    yield "geometric mean; the slowest is %s at %.2f×.%s" % (
        slowest.removeprefix("micro_"), ratios[slowest], " Do not run: %s." % ", ".join(failed) if failed else "")


def main(argv):
    lines = list(conformance(argv[0]))
    if len(argv) > 1:
        lines += speed(argv[1])
    lines += ["", "Measured %s." % time.strftime("%Y-%m-%d", time.gmtime())]
    path = os.path.join(ROOT, "README.md")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    head, _, rest = text.partition("<!-- measured -->\n")
    _, _, tail = rest.partition("<!-- end -->")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + "<!-- measured -->\n" + "\n".join(lines) + "\n<!-- end -->" + tail)


if __name__ == "__main__":
    main(sys.argv[1:])
