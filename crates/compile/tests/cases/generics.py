type Alias[T: (int, str) = int, *Ts = *tuple[int], **P = []] = list[T]


def function[T: int](x: T, /, *args: *T, y: "T" = 1, **kwargs: T) -> list[T]:
    z: T = x
    return z


class Generic[T](Base, key=1):
    attribute: T

    def method[U](self, __u: U) -> T:
        type Inner = U
        return __u


variable: int = 1
if variable:
    late: str
