"""Sub-commands, defaults, choices, and the texts of help and errors."""

import argparse
import contextlib
import io


def parser():
    top = argparse.ArgumentParser(prog="tool", description="Does things.", color=False)
    top.add_argument("-v", "--verbose", action="count", default=0, help="say more")
    commands = top.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add numbers")
    add.add_argument("numbers", nargs="+", type=int)
    add.add_argument("--scale", type=float, default=1.0, metavar="FACTOR")
    show = commands.add_parser("show")
    show.add_argument("--format", choices=["json", "text"], default="text")
    show.add_argument("--flag", action=argparse.BooleanOptionalAction)
    return top


print(parser().parse_args(["-vv", "add", "1", "2", "--scale", "2.5"]))
print(parser().parse_args(["show", "--no-flag", "--format=json"]))
print(parser().format_help())
for line in (["add", "x"], ["show", "--format", "xml"], [], ["nope"]):
    errors = io.StringIO()
    try:
        with contextlib.redirect_stderr(errors):
            parser().parse_args(line)
    except SystemExit as stop:
        print(line, stop.code, errors.getvalue().splitlines()[-1])
