"""Groups, look-around, flags, substitution, splitting, and errors of patterns."""

import re

text = "The year 1999, the month 12; then 2024-02-29 and 7."
print(re.findall(r"\d+", text), re.findall(r"(\d{4})-(\d\d)", text))
match = re.search(r"(?P<year>\d{4})-(?P<month>\d+)", text)
print(match, match.groupdict(), match.span("month"), match.expand(r"\g<month>/\1"))
print(re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=2))
print(re.split(r"[;,]\s*|\s+and\s+", text), re.split(r"(-)", "a-b-c"))
print(re.fullmatch(r"(?i)ÉTÉ", "été"), re.match(r"(?x) a  b # comment", "ab"))
print(re.findall(r"(?<=\d)-(?=\d)|(?<!\w)th\w+", text), re.findall(r"(a)|(b)", "ab"))
print(re.sub(r"(?P<word>\w+) (?P=word)", r"[\g<word>]", "so so what what"))
print(re.findall(r"\b\w*?e\b", text), re.findall(r"(?:ab){2,3}+", "ababababab"), re.findall(r"(?>a+)b", "aaab"))
print([m.start() for m in re.finditer(r"^\w", "a\nb\nc", re.MULTILINE)], re.findall(r"a.c", "a\nc", re.S))
print(re.escape("a.b*c"), re.compile(r"x(y)?", re.A | re.I), re.compile(rb"\w+").findall(b"ab \xe9c"))
print(re.match(r"(?(1)a|b)|(c)", "b"), re.findall(r"[^\W\d_]+", "añb_1c"), re.findall(r"\N{BULLET}", "a\u2022"))
for pattern in ("(", "a**", r"\1", "[z-a]", "(?P<1>x)", "(?<=a*)b", r"\q"):
    try:
        re.compile(pattern)
    except re.PatternError as error:
        print(repr(pattern), error)
