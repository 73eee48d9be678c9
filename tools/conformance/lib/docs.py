"""The report on a finished run as Markdown: what passes, unit by unit, and why the rest does not."""
import time

import expectations
import groups

SHOWN = 4


def rows_of(run, reference, passed):
    """(group, unit, wanted, missing) for each unit of the run; `missing` is {test: reason}."""
    for unit in run.get("selected_units") or sorted(run["units"]):
        entry = reference["units"].get(unit)
        wanted = expectations.held(entry) if entry else set()
        if wanted:
            yield entry["group"], unit, wanted, expectations.failing(run["units"].get(unit), wanted, passed)


def document(run, reference, known, passed):
    """The whole text. Reasons in `known`, which may be written by hand, go before the messages of the run."""
    by_group = {}
    for group, unit, wanted, missing in rows_of(run, reference, passed):
        listed = known.get(unit, {})
        missing = {test: listed.get(test, reason) for test, reason in missing.items()}
        by_group.setdefault(group, []).append((unit, len(wanted), missing))
    present = [group for group in groups.ORDER if group in by_group]
    python = run["python"]
    yield "# CPython's own tests"
    yield ""
    yield "Written by `cargo xtask conformance docs`; do not edit. %s against CPython %s, %s." % (
        python["version"].rpartition("[")[2].rstrip("]"), reference["python"]["version_info"], time.strftime("%Y-%m-%d", time.gmtime()))
    yield ""
    yield "Counted are the tests that CPython passes, without those that it skips on other implementations (`cpython_only`). A test that is"
    yield "skipped, not reached or in a unit that cannot be imported counts as failed. C modules of the suite that Bredli does not have"
    yield "(%s) are replaced by empty ones." % (", ".join("`%s`" % stub for stub in (run["options"].get("stub") or "none").split(",")))
    yield ""
    yield "| group | units | all tests pass | tests passed | of | rate | end by a signal | hang |"
    yield "|---|---|---|---|---|---|---|---|"
    for group in present:
        units = by_group[group]
        wanted = sum(row[1] for row in units)
        passing = sum(left(row)[0] for row in units)
        results = [run["units"][row[0]] for row in units if row[0] in run["units"]]
        yield "| %s | %d | %d | %d | %d | %.1f %% | %d | %d |" % (
            groups.TITLES[group], len(units), sum(not row[2] for row in units), passing, wanted, 100 * passing / wanted,
            sum(len(result.get("crashes", ())) for result in results), sum(len(result.get("timeouts", ())) for result in results))
    for group in present:
        yield ""
        yield "## %s%s" % (groups.TITLES[group][0].upper(), groups.TITLES[group][1:])
        yield from of_group(by_group[group])


def left(row):
    """How many tests of a unit pass, and how many do not."""
    _, wanted, missing = row
    failing = wanted if "*" in missing else len(missing)
    return wanted - failing, failing


def of_group(units):
    whole = [unit for unit, _, missing in units if not missing]
    partly = sorted((row for row in units if row[2]), key=lambda row: (-left(row)[1], row[0]))
    if whole:
        yield ""
        yield "All tests pass: %s." % ", ".join("`%s`" % unit for unit in whole)
    for row in partly:
        unit, wanted, missing = row
        yield ""
        yield "**%s**: %d of %d" % (unit, left(row)[0], wanted)
        yield ""
        reasons = {}
        for test, reason in sorted(missing.items()):
            reasons.setdefault(reason, []).append(test)
        for reason, tests in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
            names = ", ".join("`%s`" % test for test in tests[:SHOWN] if test != "*")
            more = "" if len(tests) <= SHOWN else " and %d more" % (len(tests) - SHOWN)
            yield "- %s%s%s" % (escaped(reason), ": " + names if names else "", more)


def escaped(text):
    """A message as one line of Markdown."""
    for character in "\\`*_<>|[]":
        text = text.replace(character, "\\" + character)
    return text
