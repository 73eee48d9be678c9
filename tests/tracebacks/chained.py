class Broken(Exception):
    pass


def lookup(table, key):
    try:
        return table[key]
    except KeyError as error:
        raise Broken("no such thing") from error


try:
    lookup({}, "a")
except Broken:
    [][1]
