"""Syntax trees of which a program has changed one thing: code objects, or what is wrong with the tree; and their text."""

import ast

import _sources
import compiling

VALUES = [None, 0, -1, 10**6, 2**40, "name", "", "None", b"bytes", 1.5, 2j, (), (1, "a"), frozenset({1}), ..., True, [], [None], object]
NODES = [ast.Load(), ast.Store(), ast.Del(), ast.Add(), ast.Not(), ast.Is(), ast.And(), ast.Pass()]


def case(random):
    tree = ast.parse("\n")
    while not tree.body:
        try:
            tree = ast.parse(_sources.piece(random))
        except SyntaxError:
            pass
    # Which of several mistakes is found depends on the order of checks, which is CPython's own affair.
    return repr(change(random, tree)), outcome(tree)


def change(random, tree):
    """Give a field of a node another value: a constant, a node of any kind, what another field has, or none at all."""
    nodes = [node for node in ast.walk(tree) if not isinstance(node, ast.Module)]
    node, other = random.choice(nodes), random.choice(nodes)
    name = random.choice([*node._fields, *node._attributes] or ["kind"])
    kind = random.randrange(4)
    if kind == 0 and name in vars(node):
        delattr(node, name)
        return type(node).__name__, name
    value = random.choice(NODES)
    if kind == 1:
        value = random.choice(VALUES)
    elif node not in ast.walk(other):
        value = other
        if kind == 2 and other._fields:
            value = getattr(other, random.choice(other._fields), None)
        elif random.random() < 0.3:
            value = [other]
    setattr(node, name, value)
    return type(node).__name__, name, value if kind == 1 else type(value).__name__


def outcome(tree):
    return f"{attempt(lambda: compiling.described(compile(tree, '<case>', 'exec')))} {attempt(lambda: ast.dump(tree))}"


def attempt(action):
    try:
        return compiling.digest(action())
    except (SyntaxError, ValueError, TypeError, RecursionError, OverflowError, AttributeError) as error:
        return f"{type(error).__name__}{error.args!r}"
