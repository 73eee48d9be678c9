# collections.OrderedDict: its order, what notices changes to it, and how plain dictionaries notice theirs.
import copy
import pickle
from collections import OrderedDict, defaultdict


def attempt(work):
    try:
        print(repr(work()))
    except Exception as error:
        print(type(error).__name__, error)


od = OrderedDict(zip("abcdef", range(6)))
od.move_to_end("c")
od.move_to_end("e", last=False)
od.move_to_end("d", last=False)
print(od, list(reversed(od)), list(reversed(od.items())))
for number in range(40):
    od[number] = number
    od.move_to_end(number, last=number % 3 == 0)
print(list(od), od[7], 33 in od)
while len(od) > 3:
    print(od.popitem(last=len(od) % 2 == 0), end=" ")
print(od.keys(), od.values(), od.items())
attempt(lambda: od.move_to_end("zz"))
attempt(lambda: OrderedDict().popitem())
attempt(lambda: OrderedDict(1, 2))
attempt(lambda: OrderedDict([(1,)]))


def change(od, work):
    for key in od:
        work(od, key)


attempt(lambda: change(OrderedDict.fromkeys("abc"), lambda od, key: od.move_to_end(key)))
attempt(lambda: change(OrderedDict.fromkeys("abc"), lambda od, key: od.pop(key)))
print(OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == dict(b=2, a=1))
print(OrderedDict(a=1) | {"b": 2}, {"b": 2} | OrderedDict(a=1))
od = OrderedDict(a=[1])
od.label = "x"
for twin in copy.copy(od), copy.deepcopy(od), pickle.loads(pickle.dumps(od)):
    print(twin, twin.label, twin["a"] is od["a"])


class Same:
    def __hash__(self):
        return hash("key")

    def __eq__(self, other):
        return other == "key"


d = {Same(): 1}
print(d.get("key"), "key" in d)
d["key"] = 2
print(len(d))

import time, os

moment = time.gmtime(0)
print(moment.n_fields, copy.replace(moment, tm_zone="X").tm_zone, time.struct_time(range(11)).tm_gmtoff)
attempt(lambda: setattr(moment, "tm_year", 1))
attempt(lambda: time.struct_time("123456789", {"tm_zone": 1, "x": 2}))
attempt(lambda: copy.replace(moment, x=1))
print(os.stat_result(range(10)).st_atime, os.stat_result.n_fields)

tree = defaultdict(lambda: tree["a"])
tree["a"] = 1
print(tree["b"], len(str(7**2000)))
