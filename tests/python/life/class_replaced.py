# An old object keeps the class that is assigned to it alive.
import gc


class First:
    pass


def assign(thing):
    class Second:
        def answer(self):
            return 42

    thing.__class__ = Second


old = First()
gc.collect()
assign(old)
kept = []
for number in range(200):
    gc.collect(0)
    kept.append(type(f"Other{number}", (), {"number": number, "items": [1, 2]}))
print(type(old).__name__, old.answer())
