"""Sources, most of them invalid: the tree, its text and the code objects, or all that the exception says."""

import ast
import hashlib
import types

import _sources


def case(random):
    source = _sources.mutated(random, _sources.piece(random), random.randrange(4))
    mode = random.choice(["exec", "exec", "exec", "eval", "single"])
    return repr((source, mode)), outcome(source, mode)


def outcome(source, mode):
    try:
        tree = ast.parse(source, mode=mode)
        shown = [ast.dump(tree, include_attributes=True), ast.unparse(tree)]
        return "compiles: " + digest([*shown, described(compile(source, "<case>", mode))])
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}{error.args!r} {getattr(error, 'lineno', None)} {getattr(error, 'text', None)!r}"


def described(constant):
    """A constant, and all of a code object that is seen."""
    match constant:
        case types.CodeType():
            names = [name for name in dir(constant) if name.startswith("co_") and name not in ("co_lnotab", "co_consts")]
            plain = [(name, getattr(constant, name)) for name in names if not callable(getattr(constant, name))]
            return plain, [described(value) for value in constant.co_consts]
        case tuple():
            return tuple, [described(value) for value in constant]
        case frozenset():
            return frozenset, sorted(repr(described(value)) for value in constant)
    return type(constant).__name__, repr(constant)


def digest(value):
    return hashlib.sha256(repr(value).encode(errors="backslashreplace")).hexdigest()[:16]
