"""Many objects, cycles, weak references, finalisers and big data: work for the collector."""

import gc
import weakref


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


def chain(n):
    head = None
    for i in range(n):
        head = Node(i, head)
    return head


head = chain(2000)
total, node = 0, head
while node:
    total += node.value
    node = node.next
print(total)
for _ in range(20):
    ring = chain(100)
    last = ring
    while last.next:
        last = last.next
    last.next = ring
died = []


class Watched:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        died.append(self.name)


def scope(i):
    thing = Watched(i)
    return weakref.ref(thing, lambda _: died.append("callback"))


table = weakref.WeakValueDictionary()
references = [scope(i) for i in range(100)]
for i in range(100):
    table[i] = Node(i)
for _ in range(3):
    gc.collect()
# A collector that looks at stacks may keep a few alive.
print(sum(r() is None for r in references) > 90, len(table) < 10, len(died) > 180, died.count("callback") > 90)
tables = [{str(j): [j] * 3 for j in range(50)} for _ in range(50)]
print(sum(len(t) for t in tables), tables[3]["7"], len({id(t) for t in tables}))
text = []
for i in range(3000):
    text.append("item %d" % i)
    if i % 7 == 0:
        text = text[-50:]
print(len(text), text[-1])
matrix = [[i * j for j in range(60)] for i in range(60)]
print(sum(map(sum, zip(*matrix))), [row[i] for i, row in enumerate(matrix)][:5])


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


g = fibonacci()
for _ in range(500):
    value = next(g)
print(value)
words = {}
for i in range(5000):
    words.setdefault("w%d" % (i % 97), []).append(i)
print(len(words), len(words["w5"]), max(words))
objects = [type("T%d" % i, (), {"x": i})() for i in range(50)]
print(sum(o.x for o in objects))
closures = [(lambda n: lambda: n)(i) for i in range(200)]
print(sum(f() for f in closures), gc.isenabled())
