"""What was measured, as Markdown and as a chart."""
import math

import chart
from programs import ABOUT, NO_MEAN

MEAN = "geometric mean"


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def seconds(value):
    if not value:
        return "0"
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if value >= size:
            break
    return "%.3g %s" % (value / size, unit)


def table(heads, rows):
    yield "| " + " | ".join(heads) + " |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |"


class Results:
    """A set's measurements: what the runner keeps as JSON. The first interpreter is the reference."""

    def __init__(self, data):
        self.names = list(data["interpreters"])
        self.reference, *self.others = self.names
        self.rows = data["results"]

    def value(self, program, name, key):
        return self.rows[program].get(name, {}).get(key)

    def ratio(self, program, name, key="best"):
        """Above 1: faster than the reference, or larger in memory."""
        ours, theirs = self.value(program, name, key), self.value(program, self.reference, key)
        if not ours or not theirs:
            return None
        return ours / theirs if key == "peak" else theirs / ours

    def cold(self, program, name):
        """The ratio of the set-up and a fixed amount of work, warming up included."""
        ours, theirs = self.rows[program].get(name, {}), self.rows[program].get(self.reference, {})
        if "fixed" not in ours or "fixed" not in theirs:
            return None
        return (theirs["fixed"] + theirs["setup"]) / (ours["fixed"] + ours["setup"])

    def mean(self, name, ratio):
        ratios = [ratio(program, name) for program in self.rows if program not in NO_MEAN]
        return geometric_mean([ratio for ratio in ratios if ratio])

    def memory(self, program, name):
        return self.ratio(program, name, "peak")

    def failures(self):
        return [(program, name, row[name]["error"]) for program, row in self.rows.items() for name in self.names if "error" in row.get(name, {})]


def number(value, form="%.2f"):
    return "–" if value is None else form % value


def lines(results):
    """The table of a set."""
    others = results.others
    heads = ["program", results.reference]
    for name in others:
        heads += [name, "speed", "cold"]
    heads += [name + " MiB" for name in results.names] + ["memory" if len(others) == 1 else "memory of " + name for name in others]
    rows = []
    for program in results.rows:
        times = [results.value(program, name, "best") for name in results.names]
        shown = ["failed" if time is None else seconds(time) for time in times]
        row = [program, shown[0]]
        for name, text in zip(others, shown[1:]):
            row += [text, number(results.ratio(program, name)), number(results.cold(program, name))]
        peaks = [results.value(program, name, "peak") for name in results.names]
        row += [number(peak and peak / 2**20, "%.1f") for peak in peaks] + [number(results.memory(program, name)) for name in others]
        rows.append(row)
    last = ["**%s**" % MEAN, ""]
    for name in others:
        last += ["", "**%s**" % number(results.mean(name, results.ratio)), number(results.mean(name, results.cold))]
    last += [""] * len(results.names) + ["**%s**" % number(results.mean(name, results.memory)) for name in others]
    yield from table(heads, rows + [last])


def summary(results):
    """A sentence for each interpreter."""
    for name in results.others:
        ratios = {program: results.ratio(program, name) for program in results.rows if results.ratio(program, name)}
        if not ratios:
            continue
        slowest, fastest = min(ratios, key=ratios.get), max(ratios, key=ratios.get)
        yield ("%s is %s times as fast as %s in the geometric mean of %d programs (from %.2f, %s, to %.2f, %s; %d below 1), with %s times its peak memory."
               % (name, number(results.mean(name, results.ratio)), results.reference, len(ratios), ratios[slowest], slowest, ratios[fastest], fastest,
                  sum(ratio < 1 for ratio in ratios.values()), number(results.mean(name, results.memory))))


def circumstances(data):
    """Where, when and how."""
    machine, start, end = data["machine"], data["start"], data["end"]
    yield "* %s, %d cores, %.0f GiB, %s." % (machine["model"], machine["cores"], machine["memory"] / 2**30, machine["system"])
    yield "* %s to %s; load %.2f before, %.2f after." % (start["date"], end["date"], start["load"], end["load"])
    for name, item in data["interpreters"].items():
        yield "* %s: %s" % (name, item["version"])
    yield "* The sources: %s.%s" % (data["source"], " Measured: %s." % data["how"] if "how" in data else "")


def page(title, data):
    results = Results(data)
    yield "# Speed: %s" % title
    yield ""
    yield "%s. What the columns mean: [README.md](README.md)." % ABOUT.get(title, "A choice of programs").capitalize()
    yield ""
    for sentence in summary(results):
        yield sentence
    yield ""
    yield "![Speed, program by program](%s.svg)" % title
    yield ""
    yield from lines(results)
    yield ""
    if results.failures():
        yield "## Failures"
        yield ""
        for program, name, error in results.failures():
            yield "* %s on %s: %s" % (program, name, error)
        yield ""
    yield "## Circumstances"
    yield ""
    yield from circumstances(data)


def picture(title, data):
    results = Results(data)
    ratios = {program: [results.ratio(program, name) for name in results.others] for program in results.rows}
    rows = sorted(((program, row) for program, row in ratios.items() if any(row)), key=lambda item: -(item[1][0] or 0))
    mean = [results.mean(name, results.ratio) for name in results.others]
    heading = "Speed against %s, set %s (right of 1: faster)" % (results.reference, title)
    return chart.bars(heading, results.others, [(MEAN, mean)] + rows)
