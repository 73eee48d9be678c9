"""Lists, tuples, dicts, sets, ranges, slices: methods, comparisons, and their errors."""

numbers = [3, 1, 4, 1, 5, 9, 2, 6]
numbers.sort(reverse=True)
print(numbers, numbers.index(4), numbers.count(1), sorted("banana", key=str.upper), numbers[::-2], numbers[-3:])
numbers[1:3] = ["a", "b", "c"]
del numbers[::2]
numbers.insert(1, "x")
numbers.extend(range(2))
numbers *= 2
print(numbers, numbers.pop(), numbers.pop(0), [1, 2] < [1, 3], [1] + [2], [[0]] * 2)
numbers.clear()
print(numbers, list("ab"), [*range(3), *"z"], [1, [2, [3]]][1][1][0], [1, 2, 3] == [1, 2, 3.0])
t = (1, "a", None)
print(t, (1,), (), t + (2,), t * 2, t[1:], t.index("a"), hash((1, 2)) == hash((1, 2)), (1, 2) < (1, 2, 0))
d = {"b": 1, "a": 2}
d["c"] = d.setdefault("d", []) or 3
print(d, list(d), d.get("z"), d.pop("b"), d.popitem(), "a" in d, len(d), d | {"a": 9}, {**d, "q": 1})
d.update(x=1, y=2)
print(d.keys() & {"x", "q"}, d.items() >= {("x", 1)}, list(d.values()), list(reversed(d)), dict.fromkeys("ab", 0), dict([("k", "v")], w=1))
for key in list(d):
    if key != "y":
        del d[key]
print(d, d == {"y": 2.0}, {1: "int", 1.0: "float", True: "bool"})
s = {3, 1, 2}
s |= {5}
s.discard(99)
print(sorted(s), s & {1, 2, 8}, s - {1}, sorted(s ^ {1, 9}), s >= {1}, s.isdisjoint({7}), frozenset([1]) in {frozenset([1])}, {1, 2} == {2, 1})
r = range(10, 0, -3)
print(r, list(r), r[1], r[-1], r[1:], len(r), 7 in r, 8 in r, r.index(4), r == range(10, -1, -3), range(10**20)[-1])
print(slice(1, None, 2).indices(5), [1, 2, 3, 4][slice(None, -1)], "hello"[1:4], b"abc"[0], bytearray(b"xyz")[::-1])
first, *middle, last = "abcde"
(a, b), [c, *_] = (1, 2), {3: 0}
print(first, middle, last, a, b, c)
print(all([]), any([0, ""]), min(3, 1, 2), max("abc", key=ord), sum([[1], [2]], []), list(zip("ab", [1, 2, 3])), list(map(pow, [2, 3], [3, 2])), list(filter(None, [0, 1])), list(enumerate("xy", 5)), list(reversed([1, 2])))
try:
    print(list(zip("ab", [1], strict=True)))
except ValueError as error:
    print(error)
for bad in (
    lambda: [][0],
    lambda: (1,)[5],
    lambda: {}["k"],
    lambda: {}[[]],
    lambda: {[]},
    lambda: [1, "a"].sort(),
    lambda: [].pop(),
    lambda: [1].remove(2),
    lambda: [1]["a"],
    lambda: (1).x,
    lambda: set().pop(),
    lambda: {}.popitem(),
    lambda: range(3)[4],
    lambda: [] + (),
    lambda: [1, 2].index(3),
    lambda: iter(5),
    lambda: next(iter([])),
    lambda: dict([1]),
    lambda: dict([(1, 2, 3)]),
    lambda: [1] < (1,),
    lambda: setattr((), "x", 1),
    lambda: "abc".__setitem__(0, "x"),
    lambda: range(0, 1, 0),
    lambda: [].insert("a", 1),
    lambda: [0] * "a",
):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)
grow = {i: i for i in range(3)}
try:
    for key in grow:
        grow[key + 10] = 0
except RuntimeError as error:
    print(error)
recursive = [1]
recursive.append(recursive)
knot = {}
knot["self"] = knot
print(recursive, knot, [x for x in [[1, 2], [3]] for x in x], {k: v for k, v in zip("ab", "cd")}, {i % 3 for i in range(9)})
big = {i: str(i) for i in range(1000)}
for i in range(0, 1000, 2):
    del big[i]
print(len(big), list(big)[:3], sum(big), big[501])
