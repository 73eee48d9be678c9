"""The date and time types, as the pure-Python implementation has them."""

from _pydatetime import *
from _pydatetime import __all__
