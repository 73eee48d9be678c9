"""The stages of the compiler one by one, as `_testinternalcapi` shows them."""

import ast
import opcode
import _testinternalcapi as internal


def show(sequence, indent=""):
    for op, arg, *place in sequence.get_instructions():
        print(indent, opcode.opname[op], arg, *place)
    for nested in sequence.get_nested():
        show(nested, indent + "   ")


def make(*rows):
    sequence = internal.new_instruction_sequence()
    for name, arg, *place in rows:
        sequence.addop(opcode.opmap[name], arg, *(place + [-1] * (4 - len(place))))
    return sequence


source = """
def f(a, /, b=2, *c, d):
    return [x for x in c if x], lambda: a
class C:
    y: int = 3
for z in C, f:
    print(z)
"""
sequence, metadata = internal.compiler_codegen(ast.parse(source), "stages.py", 0)
show(sequence)
print({key: value for key, value in metadata.items() if key != "consts"}, len(metadata["consts"]))
consts = metadata["consts"]
show(internal.optimize_cfg(sequence, consts, 0))
print([getattr(const, "co_name", const) for const in consts])

sequence = internal.new_instruction_sequence()
end = sequence.new_label()
for name, arg in (("LOAD_FAST", 0), ("TO_BOOL", 0), ("POP_JUMP_IF_FALSE", end), ("LOAD_CONST", 0), ("LOAD_CONST", 1)):
    sequence.addop(opcode.opmap[name], arg, 1, 1, 0, 4)
sequence.addop(opcode.opmap["BINARY_OP"], 5, 1, 1, 0, 4)
sequence.addop(opcode.opmap["RETURN_VALUE"], 0, 1, 1, 0, 4)
sequence.use_label(end)
sequence.addop(opcode.opmap["LOAD_CONST"], 2, 2, 2, 0, 4)
sequence.addop(opcode.opmap["RETURN_VALUE"], 0, 2, 2, 0, 4)
consts = [6, 7, "no"]
optimized = internal.optimize_cfg(sequence, consts, 1)
show(optimized)
print(consts)

names = dict.fromkeys(("names", "varnames", "cellvars", "freevars", "fasthidden"), {})
counts = dict.fromkeys(("argcount", "posonlyargcount", "kwonlyargcount"), 0)
metadata = {"name": "g", "qualname": "C.g", "consts": {2: 0, "no": 1}, "firstlineno": 1, **names, **counts}
metadata |= {"varnames": {"a": 0}, "argcount": 1}
instructions = make(
    ("RESUME", 0, 1), ("LOAD_FAST", 0, 1), ("TO_BOOL", 0, 1), ("POP_JUMP_IF_FALSE", 8, 1), ("LOAD_FAST", 0, 1), ("LOAD_CONST", 0, 1),
    ("BINARY_OP", 0, 1), ("RETURN_VALUE", 0, 1), ("LOAD_CONST", 1, 2), ("RETURN_VALUE", 0, 2),
)
code = internal.assemble_code_object("stages.py", instructions, metadata)
print(code.co_name, code.co_qualname, code.co_consts, code.co_varnames, code.co_argcount, code.co_stacksize)
function = type(make)(code, {})
print(function(40), function(0))

for attempt in (
    lambda: internal.optimize_cfg(make(("LOAD_CONST", 2), ("RETURN_VALUE", 0)), [0, 1], 0),
    lambda: internal.optimize_cfg(make(), (0,), 0),
    lambda: internal.optimize_cfg(3, [], 0),
    lambda: internal.new_instruction_sequence().add_nested(3),
    lambda: internal.compiler_codegen(3, "", 0),
    lambda: internal.compiler_codegen(ast.parse("return 1"), "", 0),
    lambda: internal.verify_stateless_code(show),
    lambda: internal.verify_stateless_code(show.__code__),
    lambda: internal.verify_stateless_code((lambda: end).__code__, builtinsns={}),
    lambda: internal.get_code_var_counts(3),
):
    try:
        print(attempt())
    except (ValueError, TypeError, SyntaxError) as error:
        print(type(error).__name__, error)


def counted(a, /, b, *c, d=1, **e):
    local = [item for item in c]
    return lambda: (a, local, print, source.a.b, unknown, e.print)


for code in counted, counted.__code__, counted.__code__.co_consts[-1], compile("[x for x in y]\nz.q=1\nimport os", "", "exec"):
    print(internal.get_code_var_counts(code))
print(internal.get_code_var_counts(show, globalsns={}, builtinsns={"print": 1})["unbound"]["globals"])
