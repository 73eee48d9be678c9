def loops(items, limit):
    total = 0
    for i, item in enumerate(items):
        if item is None:
            continue
        elif item > limit:
            break
        while item and total < 100:
            total += item
            item -= 1
    else:
        total = -1
    return total if total > 0 else None


def attempts(path):
    try:
        with open(path) as file, file:
            return file.read()
    except (OSError, ValueError) as error:
        raise RuntimeError(path) from error
    finally:
        del path


assert loops, "loops"
