"""`__module__` of type aliases: the module that makes them."""

import typing

type Statement = int
Call = typing.TypeAliasType("Call", int)
print(Statement.__module__, Call.__module__, typing.TypeAliasType.__module__, typing.TypeAliasType)
