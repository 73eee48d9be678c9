def match_it(value):
    match value:
        case 0 | 1 | "x":
            return "literal"
        case [first, *_, last] if first == last:
            return first
        case {"k": int(n), **rest}:
            return n, rest
        case Point(x=0, y=y) as point:
            return point, y
        case module.CONSTANT | None | -1.5:
            return None
        case (a, b):
            pass
        case _:
            return value
