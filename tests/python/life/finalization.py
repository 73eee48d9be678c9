# Weak references, finalisers and their order once gc.collect() has been called.
import gc
import weakref


class Plain:
    pass


def dies(make):
    reference = make()
    gc.collect()
    return reference() is None


def simple():
    object = Plain()
    return weakref.ref(object)


def cycle():
    a, b = Plain(), Plain()
    a.b, b.a, a.a = b, a, [a]
    return weakref.ref(a)


def temporaries():
    object = Plain()
    str((object, len([object, Plain()])))
    return weakref.ref(object)


def in_exception():
    object = Plain()
    try:
        raise ValueError(object)
    except ValueError:
        pass
    return weakref.ref(object)


def in_generator():
    def generate():
        object = Plain()
        yield weakref.ref(object)
    return next(generate())


def a_class():
    class Local:
        def method(self):
            return self
    Local().method()
    return weakref.ref(Local)


def a_code_object():
    namespace = {}
    exec("def f():\n return 1\n", namespace)
    namespace["f"]()
    return weakref.ref(namespace["f"].__code__)


def a_global():
    global object
    object = Plain()
    reference = weakref.ref(object)
    del object
    return reference


for make in (simple, cycle, temporaries, in_exception, in_generator, a_class, a_code_object, a_global):
    print(make.__name__, dies(make))



class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("del", self.name)


def lose():
    loud = Loud("one")
    return weakref.ref(loud, lambda reference: print("callback", reference()))


watched = lose()
gc.collect()


class Phoenix:
    def __del__(self):
        global saved
        saved = self
        print("resurrected")


def see_again():
    print(gc.is_finalized(saved), reference() is saved)
    del globals()["saved"]


reference = weakref.ref(Phoenix())
gc.collect()
see_again()
gc.collect()
print(reference())


def finalize():
    object = Plain()
    end = weakref.finalize(object, print, "finalize", 1)
    print(end.alive, end.peek()[2])
    return end


end = finalize()
gc.collect()
print(end.alive)


def fill():
    object = Plain()
    values[1], keys[object] = object, 1
    members.add(object)
    print(len(values), len(keys), len(members))


values, keys, members = weakref.WeakValueDictionary(), weakref.WeakKeyDictionary(), weakref.WeakSet()
fill()
gc.collect()
print(len(values), len(keys), len(members))


def cleaning():
    try:
        yield 1
    finally:
        print("generator closed")


next(cleaning())
gc.collect()

print(gc.is_tracked([]), gc.is_tracked({}), gc.is_tracked("a"), gc.is_tracked(1), gc.is_tracked(Plain()))
marker = [object for object in [[]]]
print(any(found is marker for found in gc.get_referrers(marker[0])), gc.get_referents(marker) == [[]])
print(any(found is marker for found in gc.get_objects()))
print(gc.get_threshold(), gc.isenabled(), gc.get_debug(), gc.garbage)
gc.disable()
print(gc.isenabled())
gc.enable()
try:
    gc.collect(3)
except ValueError as error:
    print(error)
gc.callbacks.append(lambda phase, info: print(phase, sorted(info), info["generation"]))
gc.collect()
gc.callbacks.clear()

at_exit = weakref.finalize(marker_object := Plain(), print, "at exit")
last = Loud("alive at exit")
