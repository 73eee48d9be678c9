"""The reports on the heap: bytes per object, and the collector's pauses."""
import os
import re
import statistics
import sys

from heap.objects import KINDS as OBJECTS
from heap.trees import KINDS as TREES
from measure import Failure
from programs import HERE
from report import circumstances, geometric_mean, number, seconds, table

REPORTED = re.compile(r"gc: done, .* ([\d.]+)s elapsed")


def ask(interpreter, script, arguments, options):
    """The numbers a script prints, with those of the collector's own report."""
    run = interpreter.run([os.path.join(HERE, "heap", script)] + arguments, options.timeout)
    print("%-34s %s" % (" ".join(arguments), interpreter.name), file=sys.stderr, flush=True)
    return [float(line) for line in run.output.split()] + [float(time) for time in REPORTED.findall(run.errors)]


def each(interpreters, kinds, look):
    """RESULTS[kind][interpreter], one kind after the other."""
    results = {}
    for kind in kinds:
        results[kind] = {}
        for interpreter in interpreters:
            try:
                results[kind][interpreter.name] = look(interpreter, kind)
            except Failure as failure:
                results[kind][interpreter.name] = {"error": str(failure)}
    return results


def ratios(results, names, key):
    """For each kind the value of the last interpreter against the first one's, where both have one."""
    first, last = names[0], names[-1]
    for kind, row in results.items():
        theirs, ours = row[first].get(key), row[last].get(key)
        if theirs and ours:
            yield kind, ours / theirs


# --- memory ------------------------------------------------------------------------
def look_at_object(options):
    def look(interpreter, kind):
        resident, heap = ask(interpreter, "objects.py", [kind], options)
        return {"resident": resident, "heap": heap}
    return look


def memory(interpreters, options):
    return each(interpreters, OBJECTS, look_at_object(options))


def memory_lines(data):
    names, results = list(data["interpreters"]), data["results"]
    # Less than a byte is noise: nothing was made.
    shown = lambda value: number(value, "%.0f") if value is None or value >= 1 else "0"
    rows = []
    for kind, row in results.items():
        cells = [shown(row[name].get("resident")) for name in names]
        theirs, ours = row[names[0]].get("resident"), row[names[-1]].get("resident")
        counted = [shown(row[name]["heap"]) for name in names if row[name].get("heap")]
        rows.append([kind] + cells + [number(ours / theirs if theirs and ours and theirs >= 1 else None), ", ".join(counted)])
    yield "# Bytes per object"
    yield ""
    yield "How much a process grows for each of many objects of a kind that it keeps (up to a million, after `gc.collect()`). The slot that"
    yield "refers to the object is not counted, nor are the objects it refers to, which are shared. 0: nothing is made. The last column is what"
    yield "Bredli's heap itself counts, without free cells and pages."
    yield ""
    yield from table(["object"] + names + ["ratio", "counted"], rows)


# --- collector ---------------------------------------------------------------------
def look_at_tree(options):
    def look(interpreter, kind):
        build, *collections, peak = ask(interpreter, "trees.py", [kind], options)
        pauses = ask(interpreter, "trees.py", [kind, "pauses"], options)
        return {"build": build, "first": collections[0], "collect": statistics.median(collections), "peak": peak * 1024, "pauses": len(pauses),
                "longest": max(pauses, default=None), "median": statistics.median(pauses) if pauses else None, "paused": sum(pauses)}
    return look


def collector(interpreters, options):
    return each(interpreters, TREES, look_at_tree(options))


TIMES = {"build": "Building", "collect": "gc.collect()", "longest": "Longest pause"}


def collector_lines(data):
    names, results = list(data["interpreters"]), data["results"]
    yield "# The collector's pauses"
    yield ""
    yield "Programs that build large structures, and `gc.collect()` over them (`tools/bench/heap/trees.py`): trees of two million instances, tuples"
    yield "and lists, of one million dicts, a tree of a million instances in which children know their parents, a dict of a million"
    yield "strings, and cyclic garbage made beside a tree that stays. Times are CPU time; `gc.collect()` is the median of three. Pauses are the"
    yield "automatic collections while the structure is built, in a run of their own."
    for key, title in TIMES.items():
        yield ""
        yield "## %s" % title
        yield ""
        rows = []
        for kind, row in results.items():
            times = [row[name].get(key) for name in names]
            cells = ["failed" if "error" in row[name] else "none" if value is None else seconds(value) for name, value in zip(names, times)]
            rows.append([kind] + cells + [number(times[0] / times[-1] if times[0] and times[-1] else None, "%.1f")])
        inverse = [1 / ratio for _, ratio in ratios(results, names, key)]
        rows.append(["**geometric mean**"] + [""] * len(names) + ["**%s**" % number(geometric_mean(inverse), "%.1f")])
        yield from table(["structure"] + names + ["times as fast"], rows)
    yield ""
    yield "## Collections while building, and the peak of memory"
    yield ""
    rows = []
    for kind, row in results.items():
        cells = [kind]
        for name in names:
            item = row[name]
            if "error" in item:
                cells += ["failed", "", "", ""]
            else:
                cells += [item["pauses"], seconds(item["median"]) if item["pauses"] else "–", seconds(item["paused"])]
                cells.append("%.0f MiB" % (item["peak"] / 2**20))
        rows.append(cells)
    yield from table(["structure"] + [head for name in names for head in ("%s: collections" % name, "median", "together", "peak")], rows)


class Report:
    """Measures, and makes the page of what was measured."""

    def __init__(self, measure, lines):
        self.measure = measure
        self.lines = lines

    def page(self, title, data):
        yield from self.lines(data)
        failures = ["* %s on %s: %s" % (kind, name, item["error"])
                    for kind, row in data["results"].items() for name, item in row.items() if "error" in item]
        if failures:
            yield from ["", "## Failures", ""] + failures
        yield from ["", "## Circumstances", ""]
        yield from circumstances(data)


REPORTS = {"memory": Report(memory, memory_lines), "collector": Report(collector, collector_lines)}
