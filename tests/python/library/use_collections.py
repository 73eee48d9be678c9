"""deque, Counter, OrderedDict, defaultdict, ChainMap, namedtuple, and the abstract classes."""

from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple
from collections.abc import Iterable, Mapping, MutableSequence, Sized

queue = deque([1, 2, 3], maxlen=4)
queue.extend([4, 5])
queue.appendleft(0)
queue.rotate(2)
print(queue, queue.maxlen, queue.count(3), queue.index(3))
counts = Counter("mississippi")
print(counts.most_common(2), counts - Counter("miss"), +Counter(a=-1, b=2), counts.total(), sorted(counts.elements())[:3])
ordered = OrderedDict(a=1, b=2, c=3)
ordered.move_to_end("a")
print(ordered, ordered.popitem(last=False), list(reversed(ordered)))
groups = defaultdict(list)
for word in "one two three four".split():
    groups[len(word)].append(word)
print(groups, groups.default_factory)
chain = ChainMap({"a": 1}, {"a": 2, "b": 3})
chain["c"] = 4
print(chain["a"], chain["b"], dict(chain), chain.parents)
Place = namedtuple("Place", "x y", defaults=[0])
print(Place(1), Place(1, 2)._replace(y=5)._asdict(), Place._make([7, 8]).y, Place(3) == (3, 0))


class Lower(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)


class Items(MutableSequence):
    def __init__(self):
        self.items = []

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, value):
        self.items[index] = value

    def __delitem__(self, index):
        del self.items[index]

    def __len__(self):
        return len(self.items)

    def insert(self, index, value):
        self.items.insert(index, value)


items = Items()
items += [3, 1, 2]
items.reverse()
print(Lower(A=1), items.items, items.pop(), 3 in items, isinstance(items, (Iterable, Sized)), issubclass(dict, Mapping))
try:
    MutableSequence()
except TypeError as error:
    print(error)
