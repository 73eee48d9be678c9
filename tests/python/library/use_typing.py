"""Generics, protocols, overloads, typed dicts, named tuples, and what introspection sees of them."""

import typing
from typing import Annotated, Any, Generic, Literal, NamedTuple, Protocol, TypedDict, TypeVar, Union, get_args, get_origin, get_type_hints, runtime_checkable

T = TypeVar("T")


class Box(Generic[T]):
    def __init__(self, item: T):
        self.item = item


class Pair[A, B: int = int]:
    left: A
    right: "B"


type Tree[X] = list[Tree[X]] | X


class Movie(TypedDict, total=False):
    name: typing.Required[str]
    year: int


class Row(NamedTuple):
    key: str
    value: int = 0


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


def function(a: int, b: "str | None" = None, *rest: Annotated[float, "note"]) -> list[Any]: ...


class File:
    def close(self):
        pass


print(Box[int], Box[int](3).item, Box.__parameters__)
print(Pair.__type_params__, Pair[str], Pair.__type_params__[1].__bound__, Pair.__type_params__[1].__default__)
print(Tree, Tree.__value__, Tree[int])
print(get_type_hints(function), get_type_hints(function, include_extras=True)["rest"])
print(get_origin(dict[str, int]), get_args(dict[str, int]), get_args(Literal["a", 1]))
print(Union[int, str, None], int | None, typing.Optional[int] == int | None)
print(Movie.__required_keys__, Movie.__optional_keys__, Movie(name="x"))
print(Row("k"), Row._fields, Row.__annotations__)
print(isinstance(File(), Closes), isinstance(3, Closes))
print(typing.Callable[[int], str], tuple[int, ...], list["Box"])
