"""What can go wrong in a report without anybody noticing: python3 -m unittest tools/bench/tests.py"""
import os
import sys
import unittest
import xml.dom.minidom

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import chart
import heap_report
import report
from measure import Interpreter, better
from programs import PROGRAMS, SETS


def circumstances(results):
    moment = {"date": "2026-11-29 08:00 UTC", "load": 0.5}
    return {"machine": {"model": "M", "cores": 2, "memory": 1 << 30, "system": "S"}, "source": "abc", "start": moment, "end": moment,
            "interpreters": {"A": {"version": "1"}, "B": {"version": "2"}}, "results": results}


def record(best, peak):
    return {"best": best, "fixed": best * 10, "setup": 0.0, "peak": peak << 20}


DATA = circumstances({
    "nbody": {"A": record(0.2, 10), "B": record(0.1, 20)},
    "chaos": {"A": record(0.1, 10), "B": record(0.4, 5)},
    "float": {"A": record(0.1, 10), "B": {"error": "exit status 1: no | here"}},
    "logging_silent": {"A": record(1.0, 10), "B": record(0.001, 10)},
})


class Reports(unittest.TestCase):
    def test_ratios_and_means(self):
        results = report.Results(DATA)
        self.assertEqual(results.ratio("nbody", "B"), 2.0)
        self.assertEqual(results.memory("nbody", "B"), 2.0)
        self.assertIsNone(results.ratio("float", "B"))
        # 2 and 1/4, without the failure and without what is in no mean.
        self.assertAlmostEqual(results.mean("B", results.ratio), 0.5 ** 0.5)
        self.assertAlmostEqual(results.mean("B", results.memory), 1.0)

    def test_page_lists_failures(self):
        page = "\n".join(report.page("dev", DATA))
        self.assertIn("* float on B: exit status 1: no | here", page)
        self.assertIn("| nbody | 200 ms | 100 ms | 2.00 | 2.00 | 10.0 | 20.0 | 2.00 |", page)

    def test_tables_are_rectangular(self):
        for lines in (report.lines(report.Results(DATA)), heap_report.memory_lines(circumstances({
                "float": {"A": {"resident": 24.2, "heap": 0.0}, "B": {"resident": 0.1, "heap": 0.0}}, "int": {"A": {"error": "x"}, "B": {"error": "y"}}}))):
            self.assertEqual(len({line.count("|") for line in lines if line.startswith("|")}), 1)

    def test_chart_is_well_formed(self):
        picture = "\n".join(report.picture("dev", DATA))
        document = xml.dom.minidom.parseString(picture)
        # Three programs with a ratio and the mean.
        self.assertEqual(len(document.getElementsByTagName("rect")), 4)
        xml.dom.minidom.parseString("\n".join(chart.bars("<&>", ["A", "B"], [("x<y", [2.0, None])])))

    def test_better_keeps_the_best_and_failures(self):
        first, second = record(0.2, 10), record(0.1, 20)
        self.assertEqual(better(None, first), first)
        self.assertEqual((better(first, second)["best"], better(first, second)["peak"]), (0.1, 10 << 20))
        self.assertIn("error", better(first, {"error": "x"}))
        self.assertIn("error", better({"error": "x"}, first))


class Programs(unittest.TestCase):
    def test_sets_name_programs(self):
        for names in SETS.values():
            self.assertTrue(names)
            self.assertLessEqual(set(names), set(PROGRAMS))

    def test_interpreters_have_variables(self):
        interpreter = Interpreter("jit=PYTHON_JIT=1 /usr/bin/python3 -S")
        self.assertEqual((interpreter.name, interpreter.command), ("jit", ["/usr/bin/python3", "-S"]))
        self.assertEqual(interpreter.environment["PYTHON_JIT"], "1")
        self.assertRaises(SystemExit, Interpreter, "python3")


if __name__ == "__main__":
    unittest.main()
