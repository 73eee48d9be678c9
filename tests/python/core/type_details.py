# Small rules of the builtin types that are easily got wrong.
import copy
import pickle
import types
import warnings
import weakref

warnings.simplefilter("ignore")


def attempt(work):
    try:
        print(repr(work()))
    except Exception as error:
        print(type(error).__name__, error)


class Unhashable(type):
    def __hash__(self):
        if not ready:
            raise TypeError("not hashable")
        return 1


ready = False
A, B = Unhashable("A", (), {}), Unhashable("B", (), {})
union = A | B | A
attempt(lambda: hash(union))
ready = True
attempt(lambda: hash(union))
print(len(union.__args__), int | None | int, list[int] | list[str] | list[int])

print(pickle.loads(pickle.dumps([..., NotImplemented])), copy.copy(...), hash(""), hash(b""))


class Index:
    def __index__(self):
        return True


class Float(float):
    def __float__(self):
        return 42.0


class Text(str):
    def __float__(self):
        return 7.0


attempt(lambda: [int(Index()), float(Float()), float(Text("1")), "%d" % 3.9, complex(2, 1j)])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    int(Index())
print(caught[0].message)


class Wrong(Exception):
    def __new__(cls):
        return 1


def generate():
    yield 1


running = generate()
next(running)
attempt(lambda: running.throw(Wrong))
attempt(lambda: next(running))


class Reference(weakref.ref):
    pass


class Plain:
    pass


target = Plain()
special = Reference(target)
plain = weakref.ref(target)
print([type(found).__name__ for found in weakref.getweakrefs(target)])


class Clearing:
    def __eq__(self, other):
        left.clear()
        return NotImplemented


left = [Clearing()]
print(left == [1], frozenset([1]).copy())
attempt(lambda: type("S", (frozenset,), {})([1], key=2))
attempt(lambda: str(1, 2, 3, 4))
attempt(lambda: int(memoryview(b"1"), 2))
attempt(lambda: "%c" % 1.5)
