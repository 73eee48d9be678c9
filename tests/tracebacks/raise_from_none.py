class Odd(Exception):
    def __str__(self):
        return "line one\nline two"


def g():
    try:
        1 / 0
    except ZeroDivisionError:
        raise Odd from None


try:
    g()
except Odd as error:
    try:
        raise error
    except Odd:
        print("again")
del g
g()
