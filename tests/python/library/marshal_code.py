"""Code objects that Python made or changed, and references to what is still being read."""

import marshal


def outer(number=1):
    def inner(a, /, b, *c, d=1, **e):
        return a, inner, "é", b"x", b[1:2], a in {1, 2, 3}

    return inner, (1.5, "word"), number


changed = outer.__code__.replace(co_name="other")
outer()
for name, value in (("changed", changed), ("within", (changed, changed)), ("run", outer.__code__)):
    again = marshal.loads(marshal.dumps(value))
    print(name, again == value)
again = marshal.loads(marshal.dumps(changed))
print(again.co_name, [getattr(const, "co_freevars", const) for const in again.co_consts])

strange = outer.__code__.replace(co_consts=([1], {2: 3}, changed))
print(marshal.loads(marshal.dumps(strange)).co_consts[:2])
strange.co_consts[0].append(strange)
for value in (strange, [strange], outer.__code__.replace(co_consts=(int,)), outer.__code__.replace(co_consts=(frozenset([int]),))):
    for version in range(marshal.version + 1):
        try:
            marshal.dumps(value, version)
        except ValueError:
            continue
        print("written", version)

loop = ([],)
loop[0].append(loop)
for version in range(3, marshal.version + 1):
    again = marshal.loads(marshal.dumps(loop, version))
    print(version, type(again).__name__, again[0][0] is again)
for data in (
    b"\xa8\x01\x00\x00\x00[\x01\x00\x00\x00r\x00\x00\x00\x00",
    b"\xa8\x01\x00\x00\x00{Nr\x00\x00\x00\x000",
    b"\xa9\x02r\x01\x00\x00\x00",
    b"\xbe\x01\x00\x00\x00r\x00\x00\x00\x00",
):
    try:
        print(marshal.loads(data))
    except (ValueError, EOFError) as error:
        print(type(error).__name__, error)

word = "word"
for version in range(marshal.version + 1):
    again = marshal.loads(marshal.dumps(word, version))
    print(version, chr(marshal.dumps(word, version)[0] & 127), again is word, again == word)
