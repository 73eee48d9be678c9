"""Comparing jumps and sums with small constants, of ints and of what comes after them."""

import types


def two(a, b):
    taken = []
    if a < b:
        taken.append(0)
    if a <= b:
        taken.append(1)
    if a == b:
        taken.append(2)
    if a != b:
        taken.append(3)
    if a >= b:
        taken.append(4)
    if a > b:
        taken.append(5)
    if not a < b:
        taken.append(6)
    if not a <= b:
        taken.append(7)
    if not a == b:
        taken.append(8)
    if not a != b:
        taken.append(9)
    if not a >= b:
        taken.append(10)
    if not a > b:
        taken.append(11)
    return taken


def constant(a):
    taken = []
    if a < -3:
        taken.append(0)
    if a <= -3:
        taken.append(1)
    if a == -3:
        taken.append(2)
    if a != -3:
        taken.append(3)
    if a >= -3:
        taken.append(4)
    if a > -3:
        taken.append(5)
    if not a < -3:
        taken.append(6)
    if not a <= -3:
        taken.append(7)
    if not a == -3:
        taken.append(8)
    if not a != -3:
        taken.append(9)
    if not a >= -3:
        taken.append(10)
    if not a > -3:
        taken.append(11)
    return taken


def sums(a):
    return a + 7, a - 7, a + (-7), a - (-9)


def unseen(function):
    """The same function whose instructions have not met a value."""
    return types.FunctionType(function.__code__.replace(), globals())


values = [-4, -3, -2, 0, 2**47, -(2**48), 2**48 - 1, 2**48, 2**100, -3.0, -2.5, float("nan"), True, False]
for first in (5, 1.5):
    compare, compare_constant = unseen(two), unseen(constant)
    compare(first, first)
    compare_constant(first)
    for value in values:
        print(value, compare_constant(value), [compare(value, other) for other in values])
for value in (2**48 - 1, 2**48 - 5, -(2**48), -(2**48) + 3, 2**48, 1.5, float("nan"), True, -0.0):
    print(sums(value))
for value in ("text", None, []):
    for function in (lambda value: two(value, 3), constant, sums):
        try:
            print(function(value))
        except TypeError as error:
            print(error)
