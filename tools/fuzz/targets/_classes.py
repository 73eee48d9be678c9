"""The grammar of the classes of a program: bases and members. The rules that it does not have are those of `_programs`."""

RULES = r'''
bases:
| Base
| Base
| metaclass=Meta
| Base, metaclass=Meta, option=1
| list
| int
later_bases:
| C0
| C0
| C0
| Base
member:
| x = <scalar>
| y = <scalar>
| def __init__(self, x=0, y=1):
      self.x = x
      self.y = y
| def __init__(self, *rest, **names):
      super().__init__()
      self.z = rest
| def m(self, *rest):
      return self.x, rest
| def m(self, x=1):
      tick()
      self.x = x
      return x
| def k(self, x, /, *, y=1):
      tick()
      return self.m(x)
| @property
  def p(self):
      return self.x
| @property
  def p(self):
      tick()
      return self.nothing
  @p.setter
  def p(self, value):
      note("p", value)
      self.x = value
  @p.deleter
  def p(self):
      note("p deleted")
| q = Described("q")
| q = DataDescribed("q")
| @classmethod
  def w(cls, x=0):
      return cls.__name__, x
| @staticmethod
  def w(x, y=2):
      return x, y
| def __getattr__(self, name):
      if name.startswith("__"):
          raise AttributeError(name)
      note("get", name)
      return <scalar>
| def __getattribute__(self, name):
      note("getattribute", name)
      return super().__getattribute__(name)
| def __setattr__(self, name, value):
      note("set", name, value)
      super().__setattr__(name, value)
| def __delattr__(self, name):
      note("del", name)
      super().__delattr__(name)
| def __add__(self, other):
      return NotImplemented if n > <threshold> else <scalar>
  __radd__ = __add__
| def __iadd__(self, other):
      note("iadd", other)
      return NotImplemented if n > <threshold> else self
| def __eq__(self, other):
      return NotImplemented if n % 2 else <scalar>
  def __hash__(self):
      return 1
| def __lt__(self, other):
      return <scalar>
| def __bool__(self):
      return <scalar>
| def __len__(self):
      return <scalar>
| def __getitem__(self, index):
      note("item", index)
      if index == 3:
          raise IndexError(index)
      return index
| def __setitem__(self, index, value):
      note("setitem", index, value)
| def __contains__(self, item):
      return <scalar>
| def __iter__(self):
      yield 1
      yield <scalar>
| def __iter__(self):
      return <atom-generator>
| def __call__(self, *rest):
      return rest
| def __enter__(self):
      note("enter")
  def __exit__(self, *rest):
      note("exit", rest[1])
      return <scalar>
| def __index__(self):
      return <scalar>
| __slots__ = ("x", "s")
| __match_args__ = ("x", "y")
| __match_args__ = "x"
| def __init_subclass__(cls, **names):
      note("init_subclass", cls, names)
| def __new__(cls, *rest, **names):
      note("new", rest, names)
      return super().__new__(cls)
| def __sub__(self, other):
      raise Problem(other)
| def __rsub__(self, other):
      return other
| def __format__(self, how):
      return "formatted" + how
| def __set_name__(self, owner, name):
      note("named", name)
members:
| <member>
  <member>
| <member>
  <member>
  <member>
  <member>
'''
