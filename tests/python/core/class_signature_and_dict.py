# A class takes its signature from its docstring, and keeps a `__dict__` of its own.
import inspect


class Plain:
    pass


class Documented:
    """Documented(raw, size=8)
--

Do something.
"""


class Paragraph:
    """Paragraph(raw)

--

Do something.
"""


class Other:
    """Documented(raw)\n--\n\n"""


class Changed:
    pass


print(object.__text_signature__, inspect.signature(object), inspect.signature(Plain))
for cls in (Plain, Documented, Paragraph, Other):
    print(cls.__name__, cls.__text_signature__)
print(inspect.signature(Documented), repr(inspect.getdoc(Documented)))
Changed.__doc__ = None
print(Changed.__text_signature__)


class Own:
    __dict__ = 5
    __weakref__ = 6


own = Own()
own.x = 1
print(own.x, own.__dict__, vars(Own)["__dict__"], own.__weakref__)


class Shadowed(dict):
    a = 3

    @property
    def __dict__(self):
        return {"seen": True}


shadowed = Shadowed()
shadowed.a = 4
print(shadowed.a, shadowed.__dict__, inspect.getattr_static(shadowed, "a"))
