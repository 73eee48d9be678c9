class Base:
    "Doc."
    size: int = 1

    def __init__(self, value):
        self.value = value
        self.other, self.__private = value, __name

    def get(self):
        return super().get() + super(Base, self).attr + __class__.x


class Derived(Base, metaclass=Meta, *args, **kwargs):
    items = [size for size in range(3) if items]
    if condition:
        maybe: str


def make():
    free = 1

    class Local:
        name = free
        __mangled = [lambda: free for i in free]

    return Local
