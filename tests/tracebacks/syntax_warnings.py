x = "\d"
assert (1, "always")
if x is 1:
    pass
print("a" in x, [1, 2](0) if 0 else 3)


def f():
    try:
        pass
    finally:
        return 1
