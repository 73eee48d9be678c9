# Code of a module keeps its names in the globals when a function or coroutine runs it.
import ast
import types

code = compile("x = 1\nprint(x, locals() is globals())", "<module>", "exec")
namespace = {}
function = types.FunctionType(code, namespace)
function()
function()
print(sorted(namespace))

code = compile("import math\ny = await answer()\nprint(y)", "<module>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


async def answer():
    return 42


for run in (eval, lambda code, namespace: types.FunctionType(code, namespace)()):
    namespace = {"answer": answer}
    try:
        run(code, namespace).send(None)
    except StopIteration as end:
        print(end.value, sorted(set(namespace) - {"__builtins__"}))
