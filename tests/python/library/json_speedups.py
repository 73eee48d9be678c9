# _json: the scanner's and the encoder's results and errors.
import json
import _json


def attempt(function, *args, **keywords):
    try:
        print(repr(function(*args, **keywords)))
    except Exception as error:
        print(type(error).__name__, error, getattr(error, "__notes__", ""))


for text in (
    '', '{', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{1:2}', '[', '[1', '[1,', '[1,]', '"a', '"\\', '"\\u12', '"\\u12345',
    '"\\x"', '"a\nb"', 'nul', '-', '1.', '1.5e', '1e', '01', '-Infinity', 'NaN', 'Infinity', '1 2', '[1 2]', '{"a" 1}', '{"a":1 2}',
    '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ud83dx"', '"\\ud83d\\u0041"', '"\\ud83d\\u00_1"', '1e400', '-0', '-0.0', '1E+2', '"\\u00_1"',
    '"\x7f\x00"', '{"a":1, 3}', ' [ 1 , 2.5 , {"k" : "\\n\\/"} , [ ] , { } ] ', '123456789012345678901234567890', '"\N{SNOWMAN}\\"" x',
    '["\N{SNOWMAN}", nope]', '{"a": 1, "b": {"a": [true, false, null]}, "a": 2}',
):  # fmt: skip
    print(ascii(text), end=" ")
    attempt(json.loads, text)
attempt(json.loads, '{"a": [{"b": 1}]}', object_hook=lambda pairs: sorted(pairs.items()))
attempt(json.loads, '{"a": [{"b": 1}], "a": {}}', object_pairs_hook=tuple)
attempt(json.loads, "[1, 2.5, NaN]", parse_int=str, parse_float=str, parse_constant=str)
attempt(json.loads, '"a\nb"', strict=False)
attempt(json.loads, "1" * 5000)
attempt(json.JSONDecoder().raw_decode, '\N{SNOWMAN} {"a": "\N{SNOWMAN}"} x', 2)
attempt(json.JSONDecoder().raw_decode, "[1]", -1)
attempt(json.JSONDecoder().raw_decode, "[1]", 9)
attempt(_json.scanstring, 'a"b', 0)
attempt(_json.scanstring, 'ab"', 5)
attempt(_json.scanstring, 'ab"', -1)
attempt(_json.scanstring, 5, 0)
attempt(_json.encode_basestring, 5)
for text in 'a"\\\n\x01\x7f/', '\b\f\t\r\x1f', "\xe9\N{SNOWMAN}\N{GRINNING FACE}\ud800":
    print(ascii(_json.encode_basestring(text)), _json.encode_basestring_ascii(text))


class Float(float):
    def __repr__(self):
        return "not this"


class Int(int):
    def __repr__(self):
        return "not this"


class Mapping(dict):
    def items(self):
        return [("from", "items")]


attempt(json.dumps, [Float(1.5), Int(3), {Int(4): 1, Float(2.5): 3}, Mapping(a=1), 10**30, -5, 1e300, "\N{SNOWMAN}", (), [], {}])
attempt(json.dumps, {1: 2, None: 3, True: 4, 1.5: 6, False: 1, "a": [], "b": {}})
attempt(json.dumps, {"b": [1, {"c": None}], "a": (1, 2)}, indent=2, sort_keys=True)
attempt(json.dumps, [[], {}, [1]], indent="\t")
attempt(json.dumps, [1, {"a": "\N{SNOWMAN}"}], separators=(",", ":"), ensure_ascii=False)
attempt(json.dumps, [float("nan"), float("inf"), -float("inf")])
attempt(json.dumps, [0, float("nan")], allow_nan=False)
attempt(json.dumps, {float("inf"): 1}, allow_nan=False)
attempt(json.dumps, {1, 2})
attempt(json.dumps, [1, {"a": {1}}])
attempt(json.dumps, {(1,): 2})
attempt(json.dumps, {(1,): 2, "x": 1}, skipkeys=True)
attempt(json.dumps, {"b": 1, 1: 2}, sort_keys=True)
attempt(json.dumps, {1, 2}, default=sorted)
attempt(json.dumps, [object()], default=lambda value: {"in": [value]})
ring = []
ring.append(ring)
attempt(json.dumps, ring)
ring = {}
ring["a"] = [ring]
attempt(json.dumps, ring)
attempt(_json.make_encoder, 1, 2, 3, "", "", "", 7, 8, 9)
attempt(_json.make_scanner, 1)
nested = []
for _ in range(200_000):
    nested = [nested]
for function, value in (json.loads, "[" * 200_000), (json.loads, '{"a":' * 200_000), (json.dumps, nested):
    try:
        function(value)
    except RecursionError:
        print("too deep")
attempt(json.dumps, {(1,): 2}, skipkeys=True, indent=4)
encode = _json.make_encoder(None, None, str.upper, "  ", ": ", ",", False, False, True)
attempt(encode, ["a", {"b": 1}], -3)
attempt(encode, [], 2**70)
