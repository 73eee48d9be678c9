"""Texts made at random by a grammar.

A rule is a name and its alternatives, one of which is taken. `<name>` in an alternative stands for a text that the rule of that name makes, and keeps
the indentation of its place. `<name+flag-flag>` makes it with flags set or cleared; an alternative that starts with `@flag ` (or `@not-flag `) counts
only where the flag is set (is not).
"""

import functools
import re

HOLE = re.compile(r"<([a-z_]+)((?:[+-][a-z]+)*)>")
CONDITION = re.compile(r"@(not-)?([a-z]+) ")


def rules(text):
    """The rules of a text: `name:` in a line of its own, then alternatives that start with `| `, their further lines indented as much."""
    grammar = {}
    for line in text.strip("\n").split("\n"):
        if line.startswith("|"):
            alternatives.append(line[2:])
        elif line.startswith("  "):
            alternatives[-1] += "\n" + line[2:]
        else:
            alternatives = grammar[line.removesuffix(":")] = []
    return {name: [parsed(alternative) for alternative in alternatives] for name, alternatives in grammar.items()}


def parsed(alternative):
    conditions = []
    while condition := CONDITION.match(alternative):
        conditions.append((condition[2], condition[1] is None))
        alternative = alternative[condition.end() :]
    return conditions, alternative, len(HOLE.findall(alternative))


def text(random, grammar, name, depth, flags=frozenset()):
    """A text of the rule. When `depth` is used up, the alternatives with the fewest holes are taken."""
    usable = [choice for choice in grammar[name] if all((flag in flags) == wanted for flag, wanted in choice[0])]
    if depth <= 0:
        most = max(min(holes for _, _, holes in usable), 2 if depth > -3 else 0)
        usable = [choice for choice in usable if choice[2] <= most]
    _, template, _ = random.choice(usable)
    lines = template.split("\n")
    return "\n".join(filled(random, grammar, line, depth - 1, flags) for line in lines)


def filled(random, grammar, line, depth, flags):
    margin = line[: len(line) - len(line.lstrip())]

    def fill(hole):
        made = text(random, grammar, hole[1], depth, changed(flags, hole[2]))
        return made.replace("\n", "\n" + margin)

    return HOLE.sub(fill, line)


@functools.cache
def changed(flags, changes):
    for sign, flag in re.findall("([+-])([a-z]+)", changes):
        flags = flags | {flag} if sign == "+" else flags - {flag}
    return flags
