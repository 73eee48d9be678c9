"""Recursion that no Python frame shows ends in RecursionError or in a result, never in a crash."""
import ast
import collections
import copy
import functools
import gc
import itertools
import json
import marshal
import operator
import pickle
import re
import sys
import threading
import types

# CPython itself crashes over deep chains of iterators, wrappers and the like.
DEEP = 100 if sys.implementation.name == "cpython" else 40_000
EXPECTED = (RecursionError, TypeError, AttributeError)


def nest(wrap, value=1, depth=DEEP):
    for _ in range(depth):
        value = wrap(value)
    return value


def attempt(function, *args, expected=EXPECTED):
    """Call; whether the recursion was refused or went through does not matter here."""
    try:
        function(*args)
    except expected:
        pass


def refused(function, *args):
    try:
        function(*args)
    except RecursionError as error:
        return str(error).startswith(("maximum recursion depth exceeded", "Stack overflow"))
    return False


def containers():
    wraps = [
        lambda x: (x,),
        lambda x: [x],
        lambda x: {1: x},
        lambda x: slice(x),
        lambda x: types.SimpleNamespace(a=x),
        lambda x: collections.deque([x]),
        lambda x: collections.OrderedDict(a=x),
        lambda x: collections.defaultdict(None, a=x),
        lambda x: types.MappingProxyType({1: x}),
        lambda x: types.MethodType(print, x),
        lambda x: types.GenericAlias(list, (x,)),
        lambda x: functools.partial(max, x),
        lambda x: {1: x}.items(),
        lambda x: itertools.repeat(x),
        lambda x: ValueError(x),
        lambda x: property(x),
        lambda x: staticmethod(x),
        lambda x: classmethod(x),
    ]
    for wrap in wraps:
        left, right = nest(wrap), nest(wrap)
        attempt(hash, left)
        attempt(repr, left)
        attempt(operator.eq, left, right)
        attempt(operator.lt, left, right)
        attempt(copy.deepcopy, left)
        attempt(pickle.dumps, left, expected=(RecursionError, TypeError, AttributeError, pickle.PicklingError))
        del left, right
    gc.collect()
    values = nest(lambda x: (x,), (), 500_000)
    print(refused(hash, values), refused(repr, values), refused(json.dumps, values))
    attempt(marshal.dumps, values, expected=(ValueError, RecursionError))
    attempt(isinstance, 1, nest(lambda x: (x,), int))
    attempt(issubclass, str, nest(lambda x: (x,), int))
    attempt(marshal.loads, b"[\1\0\0\0" * DEEP, expected=(ValueError, TypeError, EOFError))
    print(refused(json.loads, "[" * 200_000))
    alias = nest(lambda x: list[x] | None, int, 1500)
    for function in (hash, repr, lambda x: x == (list[x] | None), lambda x: isinstance(1, x)):
        attempt(function, alias)
    sets = nest(lambda x: frozenset([x]), frozenset(), 2000)
    attempt(repr, sets)
    attempt(operator.eq, sets, nest(lambda x: frozenset([x]), frozenset(), 2000))


def looking_up():
    class Names:
        def __getattr__(self, name):
            return getattr(self, name)

    class Slots:
        pass

    Slots.__getattribute__ = lambda self, name: object.__getattribute__(self, name) and getattr(self, name)
    print(refused(getattr, Names(), "x"), refused(hasattr, Names(), "x"), refused(getattr, Slots(), "__class__"))
    for wrap in (classmethod, property, staticmethod):
        wrapped = nest(wrap, len)
        attempt(lambda: wrapped.__isabstractmethod__)

        class Holder:
            attribute = wrapped

        attempt(lambda: Holder().attribute([]))
        attempt(lambda: Holder.attribute([]))

    class Own:
        pass

    Own.__call__ = Own()
    print(refused(Own()))
    mapping = nest(types.MappingProxyType, {})
    functions = [len, iter, hash, reversed, list, dict, str, lambda m: m["x"], lambda m: m.get("x"), lambda m: m | m]
    for function in functions + [lambda m: "x" in m, lambda m: m.copy(), lambda m: m == {}, lambda m: m.items()]:
        attempt(function, mapping, expected=(*EXPECTED, KeyError))
    attempt(operator.attrgetter(".".join("a" * DEEP)), Names())


def iterating():
    wraps = [
        itertools.chain,
        itertools.chain.from_iterable,
        itertools.cycle,
        itertools.accumulate,
        itertools.pairwise,
        itertools.zip_longest,
        itertools.groupby,
        zip,
        enumerate,
        lambda x: map(int, x),
        lambda x: filter(None, x),
        lambda x: itertools.islice(x, 5),
        lambda x: itertools.tee(x)[0],
        lambda x: itertools.takewhile(bool, x),
        lambda x: itertools.dropwhile(bool, x),
        lambda x: itertools.filterfalse(bool, x),
        lambda x: itertools.starmap(max, x),
        lambda x: itertools.batched(x, 1),
        lambda x: itertools.compress(x, itertools.repeat(1)),
        lambda x: iter(x.__next__, None),
        lambda x: (y for y in x),
    ]
    for wrap in wraps:
        iterator = nest(wrap, iter([1, 2]))
        attempt(next, iterator, None)
        attempt(operator.length_hint, iterator)
        del iterator
    gc.collect()


def calling_itself():
    functions = dict(
        __len__=len, __bool__=bool, __iter__=iter, __next__=next, __hash__=hash, __repr__=repr, __str__=str, __int__=int,
        __float__=float, __index__=operator.index, __abs__=abs, __neg__=operator.neg, __invert__=operator.invert,
        __round__=round, __complex__=complex, __bytes__=bytes, __format__=format, __dir__=dir, __reversed__=reversed,
        __length_hint__=operator.length_hint,
    )
    outcomes = []
    for name, function in functions.items():
        python = type("Python", (), {name: lambda self, *args, function=function: function(self, *args)})

        class Native:
            def __get__(self, instance, owner):
                return functools.partial(function, instance)

        native = type("Native", (), {name: Native()})
        outcomes.append((refused(function, python()), refused(function, native())))
    print(set(outcomes))

    class Operators:
        def __add__(self, other):
            return self + other

        def __radd__(self, other):
            return other + self

        def __pow__(self, other):
            return pow(self, other)

        def __iadd__(self, other):
            return operator.iadd(self, other)

        def __getitem__(self, key):
            return self[key]

        def __setitem__(self, key, value):
            self[key] = value

        def __delitem__(self, key):
            del self[key]

        def __contains__(self, key):
            return key in self

        def __eq__(self, other):
            return self == other

        def __lt__(self, other):
            return other > self

        def __gt__(self, other):
            return other < self

        def __instancecheck__(self, instance):
            return isinstance(instance, self)

        def __subclasscheck__(self, subclass):
            return issubclass(subclass, self)

        def __buffer__(self, flags):
            return memoryview(self)

    x = Operators()
    uses = [lambda: x + 1, lambda: 1 + x, lambda: x**1, lambda: operator.iadd(x, 1), lambda: x[0], lambda: operator.delitem(x, 0)]
    uses += [lambda: 1 in x, lambda: x == 1, lambda: x < x, lambda: sorted([x, x]), lambda: isinstance(1, x), lambda: issubclass(int, x)]
    uses += [lambda: memoryview(x), lambda: [x].index(1), lambda: max(x, x), lambda: operator.setitem(x, 0, 0)]
    print(all(refused(use) for use in uses))


def calling():
    @functools.lru_cache
    def cached(x):
        return cached(x + 1)

    def reduced():
        return functools.reduce(lambda a, b: reduced(), [1, 2])

    def ordered():
        return sorted([1, 2], key=lambda x: ordered())

    def replaced():
        return re.sub(".", lambda match: replaced(), "a")

    def evaluated():
        return eval("evaluated()", {"evaluated": evaluated})

    print(refused(cached, 0), refused(reduced), refused(ordered), refused(replaced), refused(evaluated))
    attempt(nest(functools.lru_cache, int))
    key = nest(functools.cmp_to_key(lambda a, b: -1 if a < b else 1))
    attempt(operator.lt, key, nest(functools.cmp_to_key(lambda a, b: -1 if a < b else 1)))

    class Partial(functools.partial):
        pass

    def with_attribute(function):
        function = Partial(function)
        function.attribute = 1
        return function

    attempt(nest(with_attribute, int))


def exceptions():
    def chained(former):
        error = ValueError("x")
        error.__context__ = former
        return error

    error = nest(chained, None)
    stderr, sys.stderr = sys.stderr, types.SimpleNamespace(write=lambda text: None, flush=lambda: None)
    try:
        attempt(sys.__excepthook__, type(error), error, None)
        group = nest(lambda x: ExceptionGroup("x", [x]), ValueError("x"))
        attempt(sys.__excepthook__, type(group), group, None)
    finally:
        sys.stderr = stderr
    for function in (group.split, group.subgroup):
        attempt(function, KeyError)
    try:
        try:
            raise error
        finally:
            raise KeyError("x")
    except KeyError as error:
        print(type(error.__context__).__name__)


def compiling():
    sources = ["(" * DEEP, "[" * DEEP, "-" * DEEP + "1", "a" + "()" * 5000, "a" + ".a" * 5000, "not " * DEEP + "1", "lambda: " * 5000 + "1"]
    sources += ["1 if 1 else " * 5000 + "1", "a" + "+a" * 5000, "2" + "**2" * 5000, "{" * DEEP, "f'{" * 500, "del " + "(" * DEEP, "x = " * 5000 + "1"]
    sources += ["".join(" " * depth + "if 1:\n" for depth in range(200)), "match x:\n case " + "[" * DEEP, "@" * DEEP, "class a(" * DEEP]
    sources += ["with " + "(" * DEEP, "[x for x in " * 500, "a" + ":=a" * 500, "await " * DEEP, "*" * DEEP, "yield " * DEEP, "import a" + ".a" * 5000]
    for source in sources:
        attempt(compile, source, "<source>", "exec", expected=(SyntaxError, MemoryError, RecursionError))
    tree = ast.Expression(nest(lambda x: ast.UnaryOp(ast.USub(), x, lineno=1, col_offset=0), ast.Constant(1), 5000))
    for function in (lambda: compile(tree, "<tree>", "eval"), lambda: ast.dump(tree), lambda: ast.unparse(tree), lambda: repr(tree)):
        attempt(function, expected=(RecursionError, ValueError, TypeError))
    for source in ("(" * 5000, "(" * 1500 + ")" * 1500, "(?:" * 1500 + "a" + ")*" * 1500, "(?=" * 1000 + ")" * 1000, "a|" * 5000):
        attempt(lambda: re.compile(source).match("a" * 100), expected=(re.error, RecursionError, OverflowError))
    for text in ("{" * DEEP, "{:" * DEEP + "}" * DEEP, "{0" + ".real" * DEEP + "}", "{:{:{}}}"):
        attempt(text.format, 1, 2, 3, expected=(ValueError, RecursionError, IndexError, TypeError))


def generators():
    def delegate(inner):
        yield from inner

    iterator = nest(delegate, iter([1, 2]), 5000)
    attempt(next, iterator)
    attempt(iterator.close)
    attempt(iterator.throw, ValueError, expected=(ValueError, RecursionError))


def classes():
    class Meta(type):
        def __call__(cls, *args):
            return cls(*args)

        def __getattr__(cls, name):
            return getattr(cls, name)

    class Subclass:
        def __init_subclass__(cls):
            type("Another", (Subclass,), {})

    derived = nest(lambda base: type("Derived", (base,), {}), object, 300)
    derived.__mro__[-2].__len__ = lambda self: 3
    print(len(derived()), refused(Meta("Own", (), {})), refused(lambda: Meta("Own", (), {}).x), refused(lambda: type("Sub", (Subclass,), {})))


def threads():
    def work():
        print(refused(hash, nest(lambda x: (x,), 1, 500_000)), refused(repr, nest(lambda x: [x], 1, 500_000)))

    for size in (0, 65536):
        threading.stack_size(size)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    threading.stack_size(0)


for part in (containers, looking_up, iterating, calling_itself, calling, exceptions, compiling, generators, classes, threads):
    print(part.__name__)
    part()
