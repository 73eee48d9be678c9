"""Compares Bredli with CPython on random inputs: see README.md."""

import argparse
import difflib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def outcomes(program, target, options, show=False):
    """The lines that a program prints for the cases; the last one says how it ended, if it did not end well."""
    command = [program, str(HERE / "worker.py"), *["--show"] * show, target, options.seed, str(options.first), str(options.count)]
    environment = dict(os.environ, PYTHONHASHSEED="0", PYTHONIOENCODING="utf-8:backslashreplace")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, timeout=options.timeout)
    except subprocess.TimeoutExpired as expired:
        return (expired.stdout or b"").decode(errors="replace").splitlines() + ["did not end in time"]
    lines = done.stdout.decode(errors="replace").splitlines()
    if done.returncode != 0:
        lines.append(f"ended with {done.returncode}: {done.stderr.decode(errors='replace').strip()[-2000:]}")
    return lines


def compare(target, options):
    """The number of cases that differ; the first ones are shown."""
    expected, found = (outcomes(program, target, options) for program in (options.oracle, options.program))
    if expected and expected[-1].startswith(("ended with", "did not end")):
        print(f"{target}: CPython {expected[-1]}")
        return 1
    changes = [line for line in difflib.unified_diff(expected, found, "CPython", "Bredli", lineterm="", n=0) if not line.startswith("@@")]
    differing = {line[1:].split(" ", 1)[0] for line in changes[2:]}
    print(f"{target}: {len(expected)} cases from seed {options.seed}, {len(differing)} differ")
    for line in changes[: 2 * options.differences + 2]:
        print("   ", line)
    if differing:
        print(f"    to see the input of case N: {HERE / 'fuzz.py'} --show N --seed {options.seed} {target} ...")
    return len(differing)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="names of files in targets/; all of them unless given")
    parser.add_argument("--oracle", required=True, help="the CPython to compare with")
    parser.add_argument("--program", required=True, help="the Bredli to try")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--count", type=int, default=1000, help="how many cases")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for the cases of a target")
    parser.add_argument("--differences", type=int, default=20, help="how many to show")
    parser.add_argument("--show", type=int, metavar="N", help="show case N, with its input")
    options = parser.parse_args()
    targets = options.targets or sorted(path.stem for path in (HERE / "targets").glob("[!_]*.py"))
    if options.show is not None:
        options.first, options.count = options.show, 1
        for target in targets:
            for program in (options.oracle, options.program):
                print(*outcomes(program, target, options, show=True), sep="\n")
        return 0
    return int(sum(compare(target, options) for target in targets) > 0)


sys.exit(main())
