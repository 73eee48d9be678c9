"""inspect, traceback, types, abc and weakref: programs that look at programs."""

import abc
import inspect
import traceback
import types
import weakref


def function(a, /, b: int, *args, c=3, **rest) -> str:
    """Says hello.

    And more.
    """
    return locals()


class Base(abc.ABC):
    @abc.abstractmethod
    def run(self): ...

    @property
    @abc.abstractmethod
    def name(self): ...

    @classmethod
    def __subclasshook__(cls, other):
        return True if hasattr(other, "quacks") else NotImplemented


class Child(Base):
    name = "child"

    def run(self):
        return inspect.currentframe().f_code.co_qualname


class Duck:
    quacks = True


def gen():
    yield 1


async def coro(): ...


signature = inspect.signature(function)
print(signature, signature.parameters["c"].default, signature.return_annotation, signature.bind(1, 2, 3, x=4).arguments)
print(inspect.getdoc(function), inspect.getsource(gen), inspect.isgeneratorfunction(gen), inspect.iscoroutinefunction(coro), sep="\n")
print(inspect.signature(Child.run), inspect.signature(len), inspect.signature(int.from_bytes), inspect.getmro(Child)[:2])
print(Child().run(), issubclass(Duck, Base), Base.__abstractmethods__ == {"run", "name"})
try:
    Base()
except TypeError as error:
    print(error)
try:
    signature.bind(1)
except TypeError as error:
    print(error)


def outer():
    inner()


def inner():
    raise LookupError("lost") from ValueError("cause")


try:
    outer()
except LookupError as error:
    error.add_note("a note")
    shown = traceback.format_exception(error)
    print("".join(line if "File" not in line else line[line.index("line"):] for line in shown))
    print([frame.name for frame in traceback.extract_tb(error.__traceback__)], traceback.format_exception_only(error))
made = types.new_class("Made", (Child,), {}, lambda namespace: namespace.update(x=1))
print(made.x, made.__mro__[1].__name__, types.SimpleNamespace(a=1, b=[2]), types.MappingProxyType({"k": 1}), isinstance(gen(), types.GeneratorType))
thing = Duck()
reference, gone = weakref.ref(thing), []
weakref.finalize(thing, gone.append, "finalised")
print(reference() is thing, weakref.WeakValueDictionary({"d": thing})["d"] is thing)
print(types.FunctionType(function.__code__, {}, "renamed", (9,)).__name__, function.__code__.co_varnames, function.__kwdefaults__)
