"""Encoding and decoding, with hooks, and errors that say where."""

import json
from decimal import Decimal

value = {"a": [1, 2.5, True, None, "é\n\u2028\U0001f600"], "b": {"": -0.0, "big": 10**30}, 3: float("inf")}
print(json.dumps(value), json.dumps(value, indent=2, sort_keys=False, ensure_ascii=False), sep="\n")
print(json.dumps([1, [2]], separators=(",", ":")), json.dumps({"b": 1, "a": 2}, sort_keys=True))
print(json.loads('{"x": [1e3, -0, 12345678901234567890, "\\u00e9\\ud83d\\ude00"], "y": NaN}'))
print(json.loads("[1.10]", parse_float=Decimal), json.loads('{"a": 1}', object_pairs_hook=list))


class Encoder(json.JSONEncoder):
    def default(self, o):
        return sorted(o) if isinstance(o, set) else super().default(o)


print(json.dumps({"s": {3, 1, 2}}, cls=Encoder))
for text in ("", "[1,]", '{"a" 1}', '"\\x"', "[1] 2", "nul", '"a\nb"', "{1: 2}"):
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        print(repr(text), error)
for wrong in (object, {(1, 2): 3}):
    try:
        json.dumps(wrong)
    except TypeError as error:
        print(error)
loop = []
loop.append(loop)
try:
    json.dumps(loop)
except ValueError as error:
    print(error)
