"""Ints around the sizes at which their representation changes, and the operators on them."""
import operator
import sys

edges = [0, 1, 2, 3, 7, 63, 64, 65, 127, 128]
for bits in (31, 47, 48, 49, 62, 63, 64, 65, 126, 127, 128, 129, 192, 64 * 126, 64 * 127, 64 * 128):
    edges += [(1 << bits) - 1, 1 << bits, (1 << bits) + 1, -(1 << bits), 1 - (1 << bits), -(1 << bits) - 1, (1 << bits) // 3]

operations = [operator.add, operator.sub, operator.mul, operator.and_, operator.or_, operator.xor, operator.floordiv, operator.mod,
              operator.lt, operator.eq, operator.ge]
for operation in operations:
    total = 0
    for a in edges:
        for b in edges:
            try:
                result = operation(a, b)
            except ZeroDivisionError:
                result = 12345
            total = (total * 31 + hash(result) + result.bit_length()) % 2305843009213693951
    print(operation.__name__, total)

# The same by the operators in code, which take other paths than the functions.
total = 0
for a in edges:
    for b in edges:
        for result in (a + b, a - b, a * b, a & b, a | b, a ^ b, a // b if b else 1, a % b if b else 1, -a, ~b):
            total = (total * 31 + hash(result)) % 2305843009213693951
        if 0 <= b <= 130:
            for result in (a << b, a >> b):
                total = (total * 31 + hash(result)) % 2305843009213693951
        if b >= 0:
            total = (total * 31 + hash(a >> b)) % 2305843009213693951
print(total)

for number in (0, 5, 9, 10, 42, 99, 100, 999, 1000, 12345, -1, -10, -99, 2**48 - 1, 2**48, -2**48, -2**63, 2**64 - 1, 10**17, 10**18):
    print(number, repr(number), f"{number:>4}", f"{number:d}", "%d" % number, len(str(number)))

# An iterator is asked for no more than its consumer takes.
numbers = iter(range(10))
print(min(numbers, default=None), list(numbers))
numbers = iter([3, 1, "x", 2])
try:
    sum(numbers)
except TypeError as error:
    print(error, list(numbers))
numbers = iter((0, 0, 5, 0))
print(any(numbers), list(numbers))
numbers = iter("ab,,c")
print("," in numbers, set(numbers) == {",", "c"})
numbers = iter([[1], {2}, (3,)])
try:
    set(numbers)
except TypeError as error:
    print(error, list(numbers))
print(sum(iter([2**48, 2**63, 0.5])), set(iter(b"aab")) == {97, 98}, list(iter({1: 2, 3: 4})))

# Pieces of all lengths between separators.
for length in range(50):
    text = ",".join("x" * (index * 7 % (length + 1)) for index in range(8))
    data = text.encode().replace(b"x", b"\x80").replace(b",", b"\0")
    assert [len(piece) for piece in text.split(",")] == [index * 7 % (length + 1) for index in range(8)]
    assert [len(piece) for piece in data.split(b"\0")] == [index * 7 % (length + 1) for index in range(8)]
    assert ",".join(text.split(",", 3)) == text and len(text.split(",", 3)) == 4
    assert text.replace(",", "ab").count("ab") == 7 and data.split(b"\x01") == [data]
print("split")
