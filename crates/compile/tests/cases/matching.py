def match(subject):
    match subject:
        case -1 | 1 + 2j | "s" | None:
            return 0
        case [a, *rest] | (a, [*rest]):
            return a
        case [first, *_, last] if first:
            return last
        case {"k": v, 1: Point.x, **others}:
            return v, others
        case Point(x, y=0) as p:
            return p
        case [_, _]:
            pass
        case _:
            return subject
