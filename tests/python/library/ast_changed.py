# Trees of which a program has changed something: what is found first, and what is let pass.
import ast


def attempt(source, *changes):
    tree = ast.parse(source)
    for path, value in changes:
        *path, name = path.split(".")
        node = tree
        for step in path:
            node = node[int(step)] if step.isdigit() else getattr(node, step)
        setattr(node, name, value)
    try:
        compile(tree, "<tree>", "exec")
        print("compiles")
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


attempt("def f(): pass", ("body.0.args", None))
attempt("lambda: 1", ("body.0.value.args", None))
attempt("for a in b: c", ("body.0.iter", None))
attempt("for a in b: c", ("body.0.type_comment", b"bytes"))
attempt("for a in b: c", ("body.0.type_comment", 1))
attempt("a = 1", ("body.0.value.value", []))
attempt("a = 1", ("body.0.value.value", (1, [])))
attempt("a = 1", ("body.0.value.value", (1, (2, frozenset({3})))))
attempt("a = 1", ("body.0.value.value", []), ("body.0.targets.0.ctx", True))
attempt("a = 1", ("body.0.value.value", ast), ("body.0.lineno", "x"))
