# Deleting __dict__, and who refuses that.
import types


class Plain:
    pass


class OfDict(dict):
    pass


class Meta(type):
    pass


class Module(types.ModuleType):
    pass


plain = Plain()
plain.a = 1
del plain.__dict__
print(hasattr(plain, "a"), plain.__dict__)
plain.a = 2
print(plain.a, plain.__dict__)
keyed = OfDict()
keyed.x = 1
del keyed.__dict__
print(keyed.__dict__)
for value in (lambda: 1, Exception(), Module("m"), Meta("C", (), {})):
    for action in (lambda: delattr(value, "__dict__"), lambda: setattr(value, "__dict__", 1)):
        try:
            action()
        except (AttributeError, TypeError) as error:
            print(type(error).__name__, error)


class Own:
    __dict__ = property(lambda self: {"a": 2})


print(vars(Own()))
for class_ in (type(None), type(...), type(NotImplemented)):
    print(class_())
    try:
        class_(1)
    except TypeError as error:
        print(error)
for action in (lambda: object.__setattr__(str, "foo", 1), lambda: object.__delattr__(str, "lower"), int(2).__pow__):
    try:
        action()
    except TypeError as error:
        print(error)
