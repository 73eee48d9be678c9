import traceback


def show(function, *args):
    try:
        function(*args)
    except Exception:
        lines = traceback.format_exc().splitlines()
        print("\n".join(lines[3:]))


def attribute(x):
    return x.a.b.c


def multiple(x):
    return (
        x["one"]
        + x["two"]["three"]
    )


def call(f):
    return f(1, 2)(3)


def unpack(x):
    a, b = x
    return a


def binary(a, b):
    return (a + 1) * (a // b) + len("é" * 3)


def compare(a):
    return 1 < a < "x"


def lookup(d):
    return [k for k in d["é"]]


def stepped(x):
    return x[1::-1]


show(attribute, 1)
show(multiple, {"one": 1, "two": {}})
show(call, lambda a, b: None)
show(unpack, [1, 2, 3])
show(binary, 1, 0)
show(compare, 2)
show(lookup, {})
show(stepped, 1)
show(len)
show(int, "x")
raise SystemExit("the end")
