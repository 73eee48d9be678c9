def half(n):
    return n / 0


def outer():
    return half(1) + 1


outer()
