"""Write what CPython 3.14 makes of the cases in this directory: python3.14 listing.py

cases/NAME.py gets cases/NAME.txt, the listing of its code objects; errors.in, a list of erroneous or dubious sources
separated by lines of dashes, gets errors.txt. The tests compare ours with them.
"""

import dis
import pathlib
import types
import warnings

HERE = pathlib.Path(__file__).parent


def constant(value):
    if isinstance(value, types.CodeType):
        return f"<code {value.co_qualname}>"
    if isinstance(value, tuple):
        return "(" + " ".join(map(constant, value)) + ")"
    if isinstance(value, frozenset):
        return "{" + " ".join(sorted(map(constant, value))) + "}"
    if isinstance(value, slice):
        return f"slice({constant(value.start)} {constant(value.stop)} {constant(value.step)})"
    if isinstance(value, str):
        return "'" + value.replace("\n", "\\n") + "'"
    if isinstance(value, complex):
        return f"complex({value.real}, {value.imag})"
    return "..." if value is ... else repr(value)


def listing(code):
    counts = f"{code.co_argcount} {code.co_posonlyargcount} {code.co_kwonlyargcount}"
    yield f"{code.co_qualname}: line {code.co_firstlineno}, flags {code.co_flags:#x}, arguments {counts}, stack {code.co_stacksize}"
    for kind in ("names", "varnames", "cellvars", "freevars"):
        if names := getattr(code, "co_" + kind):
            yield f"  {kind}: {' '.join(names)}"
    yield "  consts: " + " ".join(map(constant, code.co_consts))
    positions = list(code.co_positions())
    start = 0
    for instruction in dis.get_instructions(code, show_caches=False):
        line, end_line, column, end_column = positions[instruction.offset // 2]
        place = "-" if line is None else f"{line}:{column}-{end_line}:{end_column}"
        arg = "" if instruction.arg is None else f" {instruction.arg}"
        yield f"  {instruction.offset} {instruction.opname}{arg} {place}"
    for entry in dis._parse_exception_table(code):
        yield f"  handler {entry.start}..{entry.end} -> {entry.target} depth {entry.depth}{' lasti' * entry.lasti}"
    for value in code.co_consts:
        if isinstance(value, types.CodeType):
            yield from listing(value)


def verdict(source):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "case", "exec")
            outcome = "fine"
        except SyntaxError as error:
            outcome = f"{error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset} {error.msg}"
    return [f"warning {warning.lineno} {warning.message}" for warning in caught] + [outcome]


for case in sorted(HERE.glob("cases/*.py")):
    code = compile(case.read_text(), case.name, "exec", dont_inherit=True)
    case.with_suffix(".txt").write_text("\n".join(listing(code)) + "\n")

sources = (HERE / "errors.in").read_text().split("----\n")
(HERE / "errors.txt").write_text("----\n".join("\n".join(verdict(source)) + "\n" for source in sources))
