"""Runs cases of a target in the interpreter that runs this file: `worker.py [--show] TARGET SEED FIRST COUNT`.

A target is a module in `targets/` with a function `case(random)`, which makes an input, does something with it, and returns both: what describes the
input and what came out. Each case has random numbers of its own, so that it can be repeated alone.
"""

import importlib
import os
import random
import sys
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets"))


def main(arguments):
    show = arguments[0] == "--show"
    name, seed, first, count = arguments[show:]
    warnings.simplefilter("ignore")
    target = importlib.import_module(name)
    for number in range(int(first), int(first) + int(count)):
        given, outcome = target.case(random.Random(f"{seed}-{number}"))
        if show:
            print(given)
        print(number, outcome, flush=True)


main(sys.argv[1:])
