"""Which tests are known to fail, and the check that no other one does.

The file has one line for each test that CPython passes and Bredli does not:

    UNIT <tab> TEST <tab> REASON

TEST is `*` where the whole unit cannot run.  Tests that CPython marks as its own
(`cpython_only`) are not held.
"""
import os
import re

HEADER = """\
# Tests of CPython that are known to fail: unit, test (* for all of a unit), reason, separated by tabs.
# `cargo xtask conformance hold` fails when any other test fails; with --update it writes this file anew.
"""


def read(path):
    """{unit: {test: reason}}"""
    known = {}
    if not os.path.exists(path):
        return known
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            parts = line.split("\t")
            if len(parts) != 3 or not all(parts):
                raise SystemExit("%s:%d: not `unit<tab>test<tab>reason`" % (path, number))
            known.setdefault(parts[0], {})[parts[1]] = parts[2]
    return known


def write(path, known):
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEADER)
        for unit in sorted(known):
            for test in sorted(known[unit]):
                f.write("%s\t%s\t%s\n" % (unit, test, known[unit][test]))


def held(entry):
    """The tests of a unit's reference entry that are held."""
    return set(entry["pass"]) - set(entry.get("cpython_only", ()))


def failing(result, wanted, passed):
    """{test: reason} for the wanted tests of one unit that did not pass."""
    if result is None:
        return {"*": "not run"}
    if result["status"] == "import_error":
        return {"*": one_line((result.get("notes") or ["import error"])[0])}
    if wanted and not result["tests"]:
        tail = result.get("output_tail", "").strip().rsplit("\n", 1)[-1]
        return {"*": one_line("%s: %s" % (result["status"], tail))}
    out = {}
    for test in wanted:
        code = result["tests"].get(test)
        if code not in passed:
            out[test] = one_line(result["messages"].get(test) or ("skipped" if code == "S" else result["status"]))
    return out


def one_line(text):
    """A reason short enough for a table, without the directories of this machine."""
    return re.sub(r"/[\w.+-]+(?=/)", "", " ".join(text.split()))[:100] or "fails"


def compare(run, reference, units, known, passed):
    """(new failures, listed tests that pass), each a list of (unit, test, reason)."""
    worse, better = [], []
    for unit in units:
        wanted = held(reference["units"].get(unit, {"pass": ()}))
        listed = known.get(unit, {})
        now = failing(run["units"].get(unit), wanted, passed)
        if "*" not in listed:
            worse += [(unit, test, now[test]) for test in sorted(now) if test not in listed]
        for test in sorted(listed):
            if test != "*" and test in wanted and test not in now and "*" not in now:
                better.append((unit, test, listed[test]))
        if "*" in listed and not now:
            better.append((unit, "*", listed["*"]))
    return worse, better


def update(run, reference, units, known, passed):
    """The expectations after this run; reasons written by hand stay."""
    for unit in units:
        wanted = held(reference["units"].get(unit, {"pass": ()}))
        now = failing(run["units"].get(unit), wanted, passed)
        old = known.pop(unit, {})
        if now:
            known[unit] = {test: old.get(test, reason) for test, reason in now.items()}
    return known
