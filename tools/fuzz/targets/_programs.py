"""The grammar of programs that end soon.

Every loop and function counts down in `tick`, which raises when the budget of a round is used up. Values do not grow: what is stored is `cut`, or small.
Generators and coroutines are kept, since when they are closed otherwise is left open. A program defines functions `part0` and so on, which are called
again and again while the global `n` counts up, so that types and classes can change after code has been specialised.
"""

import _classes
import _grammar

GRAMMAR = _grammar.rules(_classes.RULES + r'''
scalar:
| 0
| 1
| 2
| 3
| -1
| n
| 7
| 2.5
| 1e3
| 0.0
| 2**30
| 2**61 + n
| 2**62
| -2**63
| "s"
| "text"
| "é"
| b"by"
| None
| True
| False
| 1j
threshold:
| 12
| 20
| 30
| 37
name:
| a
| a
| b
| b
| c
| d
| u
atom:
| <name>
| <name>
| <name>
| <scalar>
| <scalar>
| (<scalar> if n < <threshold> else <scalar>)
attribute:
| x
| x
| y
| z
| m
| p
| q
class:
| C0
| C1
| C2
function:
| F0
| F1
| F2
generator:
| G0
| G1
object:
| o
| o
| o1
| o2
| <class>(<arguments>)
method:
| m
| m
| k
| w
| x
arguments:
|
| <atom>
| <atom>
| <atom>, <atom>
| <atom>, <atom>, <atom>
| x=<atom>
| <atom>, y=<atom>
| *<atom>
| *(1, 2)
| *[<atom>, 2], <atom>
| **{"x": <atom>}
| <atom>, **{"y": 1, "k": 2}
| x=1, **{"x": 2}
| **<atom>
| k=1, y=2
| *(), *(<atom>,), x=1, **{}
operator:
| +
| +
| -
| -
| /
| //
| %
| &
| |
| ^
| >>
| @
comparison:
| <
| <=
| ==
| !=
| >
| >=
| is
| is not
| in
| not in
expression:
| <atom>
| <atom>
| <expression> <operator> <atom>
| <atom> <operator> <expression>
| <atom> * 2
| <name> * -1
| <name> ** 2
| <name> << 3
| -<atom>
| not <expression>
| ~<atom>
| +<atom>
| <atom> <comparison> <atom>
| <atom> < <expression> <= <atom>
| <expression> and <expression>
| <expression> or <expression>
| <expression> if <condition> else <expression>
| [<atom>, <atom>]
| (<atom>, <atom>)
| (<atom>,)
| {"x": <atom>}
| {<atom>: <atom>, 1: 2}
| [*<atom>, 1]
| {**<atom>}
| <name>[<atom>]
| <name>[<scalar>]
| <name>[<atom>:<atom>]
| <name>[::-1]
| <name>[1:]
| <object>
| <object>.<attribute>
| <object>.<attribute>
| o.<attribute>
| o.<attribute>
| <class>.<attribute>
| <object>.<method>(<arguments>)
| o.<method>(<arguments>)
| o.<method>(<arguments>)
| <class>.<method>(<object>, <arguments>)
| <function>(<arguments>)
| <function>(<arguments>)
| len(<atom>)
| str(<atom>)
| int(<atom>)
| float(<atom>)
| abs(<atom>)
| sorted(<atom>)
| sum(<atom>)
| list(<atom>)
| tuple(<atom>)
| max(<atom>, <atom>)
| divmod(<atom>, <atom>)
| isinstance(<atom>, <class>)
| type(<atom>).__name__
| getattr(<object>, "<attribute>", <atom>)
| hasattr(<object>, "<attribute>")
| next(keep(<generator>(<arguments>)), <atom>)
| list(keep(<generator>(<arguments>)))
| [tick() and <expression> for i in <iterable> if <condition>]
| [(i, j) for i in range(3) for j in <iterable>]
| {i: <atom> for i in <iterable>}
| sum(i for i in <iterable>)
| tuple(cut(i + <atom>) for i in <iterable>)
| any(i == <atom> for i in <iterable>)
| (u := cut(<expression>))
| f"{<atom>}-{<atom>!r}"
| f"{<atom>:>5}"
| "%s %d" % (<atom>, <atom>)
| (lambda x, y=<atom>: <expression>)(<arguments>)
| [lambda: i + <atom> for i in range(3)][1]()
| "-".join(<atom>)
| <name>.append(<scalar>)
| <name>.upper()
| <name>.get(<atom>)
| <name>.pop()
| @generator (yield <atom>)
| @generator @not-async (yield from keep(<generator>(<arguments>)))
| @generator @not-async (yield from <iterable>)
| @async (await Pause(<atom>))
| @async (await keep(A0(<arguments>)))
| @async [i async for i in keep(X0(<arguments>))]
condition:
| <name>
| n < <threshold>
| n % 3
| n % 2 == 0
| <expression>
| <atom> == <atom>
| <name> is None
| <name> is not None
| i > 1
iterable:
| range(4)
| range(n % 5)
| range(3, 0, -1)
| (1, 2.5, "s")
| [1, 2, 3]
| [<atom>, <atom>]
| "abc"
| <name>
| {"x": 1, "y": 2}
| {"x": 1, "y": 2}.items()
| enumerate([<atom>, 1])
| zip([1, 2], <iterable>)
| keep(<generator>(<arguments>))
| keep(<generator>(<arguments>))
| (i for i in range(3))
| o
| map(str, [1, <atom>])
target:
| <name>
| <name>
| <name>, <name>
| [<name>, <name>]
| <name>, *<name>
| *<name>, <name>
| <name>, (<name>, *<name>)
| o.<attribute>
| (<name>, o.<attribute>)
assignment:
| <name> = cut(<expression>)
| <name> = cut(<expression>)
| <name> = cut(<expression>)
| <name> = <name> = cut(<expression>)
| <target> = cut(<expression>)
| <target> = cut((<name>, <name>))
| <name>, <name> = <name>, <name>
| <name>, <name>, <name> = <name>, <atom>, <atom>
| a += <atom>; a = cut(a)
| b += <atom>; b = cut(b)
| c += <atom>; c = cut(c)
| <name> += <scalar>
| <name> += 1
| <name> -= <scalar>
| <name> //= <scalar>
| b *= 2; b = cut(b)
| c *= 2; c = cut(c)
| <name> |= <scalar>
| o.<attribute> = cut(<expression>)
| o.<attribute> = <atom>
| o.<attribute> += <scalar>
| o.<attribute> -= <scalar>
| <class>.<attribute> = <scalar>
| <name>[<scalar>] = <scalar>
| <name>[<atom>] += <scalar>
| <name>[<scalar>] += 1
| <name>[1:2] = <scalar>, <scalar>
| <name>[:1] = [<scalar>]
| del u
  u = 1
| del a
| del <name>[<scalar>]
| del o.<attribute>
| o = <object>
| o = <class>(<arguments>)
note:
| note(<expression>)
| note(<expression>)
| note(<name>, <name>)
| note(o, o.__dict__)
| note(a, b, c, d)
raised:
| ValueError(<atom>)
| ValueError("value", <atom>)
| KeyError(<atom>)
| TypeError
| Problem(<arguments>)
| StopIteration(<atom>)
| ExceptionGroup("group", [ValueError(1), TypeError(<atom>)])
| ExceptionGroup("outer", [ExceptionGroup("inner", [KeyError(1), Problem()]), ValueError(2)])
| <atom>
| GeneratorExit
| ZeroDivisionError()
caught:
| ValueError
| KeyError
| TypeError
| Problem
| Exception
| Exception
| Exception
| (ValueError, TypeError)
| (AttributeError, LookupError)
| LookupError
| ArithmeticError
| BaseException
| <name>
starred:
| ValueError
| TypeError
| Exception
| (ValueError, KeyError)
| Problem
leave:
| pass
| pass
| raise <raised>
| raise <raised> from <raised>
| raise <raised> from None
| raise
| @loop break
| @loop break
| @loop continue
| @loop continue
| @returns return <expression>
| @returns return <expression>
| @returns return
| @returns return <atom>
| @generator yield <expression>
| @generator yield
| @generator <name> = yield <atom>
| @generator note((yield <atom>))
| @async await Pause(<atom>)
| @async <name> = await Pause(<atom>)
maybe_leave:
| if <condition>:
      <leave>
| <leave>
pattern:
| _
| <name>
| 1
| -1
| 2.5
| "s"
| None
| True
| 1 | 2 | "s"
| [<capture>, _]
| [1, *rest]
| [_, _, *_]
| (<capture>, <inner>)
| []
| {"x": <capture>}
| {"x": 1, **rest}
| {}
| int()
| int(<capture>)
| str() as text
| float() | bool()
| C0()
| C1(x=<capture>)
| C1(<capture>)
| C2(<capture>, y=_)
| list([1, _])
| <inner> as whole
inner:
| 1
| "s"
| int()
| [_, *_]
| C0()
| {"x": _}
capture:
| got
| int()
| 1
| _
| str() as got
manager:
| Manager(<atom>)
| Manager(<atom>) as <name>
| Manager(<atom>, swallow=True)
| Manager(n, swallow=True) as o.<attribute>
| Manager(1, enters=<raised>)
| Manager(2, leaves=<raised>)
| Manager(3) as (<name>, <name>)
| <atom>
statement:
| <assignment>
| <assignment>
| <assignment>
| <assignment>
| <note>
| <note>
| <note>
| <maybe_leave>
| assert <condition>, <atom>
| g = cut(<expression>)
  note(g)
| g += 1
| if <condition>:
      <block>
| if <condition>:
      <block>
  else:
      <block>
| if <condition>:
      <block>
  elif <condition>:
      <block>
  else:
      <block>
| for i in <iterable>:
      tick()
      <block+loop>
| for <target> in <iterable>:
      tick()
      <block+loop>
  else:
      <block>
| for i in <iterable>:
      tick()
      note(i)
      <block+loop>
| for i in range(60):
      tick()
      <assignment>
| while <condition>:
      tick()
      <block+loop>
| while <condition>:
      tick()
      <block+loop>
  else:
      <block>
| try:
      <block>
  except <caught>:
      <block>
| try:
      <block>
  except <caught> as error:
      note(error)
      <block>
  except <caught> as error:
      note("second", error, error.__context__)
      <block>
| try:
      <block>
      <maybe_leave>
  except <caught>:
      note("caught")
  else:
      <block>
  finally:
      note("finally")
      <block>
| try:
      <block>
      <maybe_leave>
  finally:
      note("finally")
      <block>
| try:
      <block>
  finally:
      <maybe_leave>
| try:
      <block>
      <leave>
  except* <starred> as error:
      note(error, error.exceptions)
      <block-loop-returns+star>
| try:
      <block>
      raise <raised>
  except* <starred>:
      <block-loop-returns+star>
  except* <starred> as error:
      note(error.exceptions)
      raise
  finally:
      note("finally")
| with <manager>:
      <block>
| with <manager>, <manager>:
      <block>
      <maybe_leave>
| @async async with AsyncManager(<atom>) as <name>:
      <block>
      <maybe_leave>
| @async async for i in keep(X0(<arguments>)):
      tick()
      <block+loop>
| match <expression>:
      case <pattern>:
          note("first")
          <block>
      case <pattern> if <condition>:
          note("second")
      case _:
          <block>
| match <name>:
      case <inner>:
          <block>
      case <inner> | <inner>:
          note("second")
      case [<capture>]:
          note("third")
| def inner(x=<atom>, *, y=1):
      nonlocal a, b
      tick()
      <block-loop-generator-async+returns>
      return <expression-generator-async>
  c = cut(inner(<arguments>))
  note(c)
| def inner(x=1):
      tick()
      note(a, b, x)
      return lambda y: (x, y, c)
  note(inner(<arguments>)(<arguments>))
| def inner(*rest, **names):
      note(rest, names)
      yield <atom>
      <block-loop-async+generator+returns>
  note(drive(keep(inner(<arguments>)), <sends>))
| class Local(<class>):
      z = <atom>
      def m(self, *rest):
          return super().m(*rest)
  o = Local(<arguments>)
  note(o.m(<arguments>), o.z)
| note(drive(keep(<generator>(<arguments>)), <sends>))
| note(drive(keep(<generator>(<arguments>)), <sends>))
| note(drive(keep(A0(<arguments>)), <sends>))
| note(drive(keep(X0(<arguments>)).asend(None), <sends>))
| note(drive(keep(X0(<arguments>)).athrow(ValueError), <sends>))
| if n == <threshold>:
      <change>
| if n == <threshold>:
      <change>
| note(<function>(<arguments>))
| note(<function>(<atom>))
| <name> = cut(<function>(<arguments>))
change:
| <class>.<method> = lambda self, *rest, **names: (rest, names)
| <class>.<attribute> = <scalar>
| <class>.<attribute> = property(lambda self: <atom>)
| <class>.<attribute> = Described("<attribute>")
| del <class>.<attribute>
| o.__class__ = <class>
| o1.__class__ = <class>
| C1.__bases__ = (C0,)
| <class>.__getattr__ = lambda self, name: name
| <class>.__setattr__ = lambda self, name, value: note("set", name, value)
| <class>.__add__ = lambda self, other: "added"
| <class>.__eq__ = lambda self, other: True
| <class>.__len__ = lambda self: 0
| <class>.__bool__ = lambda self: False
| <function>.__defaults__ = (1, 2, 3)
| <function>.__kwdefaults__ = {"k": 1}
| <function>.__code__ = <function>.__code__
| globals()["<function>"] = lambda *rest: rest
| globals()["len"] = lambda value: "changed"
| o.<method> = lambda *rest: rest
| o.__dict__ = {"x": "new"}
| o.__dict__.clear()
| globals()["o1"] = <atom>
| del g
sends:
| []
| [1]
| [None, None, None]
| [1, 2.5, "s", None]
| [None, ValueError("thrown")]
| [None, 1, Problem(1), 2]
| [ValueError]
| [None, StopIteration(1)]
| [None, GeneratorExit, None]
| [None, "close", 1]
| ["close"]
block:
| <statement>
| <statement>
| <statement>
  <statement>
| <statement>
  <statement>
  <statement>
parameters:
|
| x
| x, y
| x, y=1
| x=1, y=<scalar>
| x, /, y=2
| x=0, *rest
| *rest, k=1
| x, *, k
| x=1, *, y=2, **names
| *rest, **names
| x, y, z=3, /
| x, /, *rest, y, k=2
body:
| global g
  tick()
  a = b = 1
  c, d, u, i = 2, [3], "", 0
  o = C1()
  <block+returns>
  <block+returns>
generator_body:
| global g
  tick()
  a, b, c, d, u, i = 1, 2, [3, 4], {"x": 1}, 0, 0
  o = C0()
  <block+generator>
  yield a
  <block+generator>
part:
| global g
  a, b, c, d, u, i = <scalar>, <scalar>, [1, 2], {"x": 1}, None, 0
  <guarded>
  <guarded>
  note(a, b, c, d, u)
  <guarded>
  <block+returns>
  note(a, b, c, d, u)
| global g
  a, b, c, d, u, i = n, 1, (1, 2, 3), "abc", 0, 0
  o = o1
  <guarded>
  <guarded>
  note(a, b, c, d, u, o)
  for i in range(3):
      tick()
      <guarded+loop>
  <block+returns>
  return <expression>
guarded:
| try:
      <block+returns>
  except Exception as error:
      trace(error)
| try:
      <assignment>
      <block>
  except Exception as error:
      trace(error)
program:
| <definitions>
  def part0():
      <part>
| <definitions>
  def part0():
      <part>
  def part1():
      o = o2
      <part>
definitions:
| a, b, c, d, u, i, g = 1, 2.5, [1], "s", None, 0, 1
  class C0(<bases>):
      <members>
  class C1(<later_bases>):
      <members>
  class C2(C1):
      <members>
  def F0(<parameters>):
      return <expression>
  def F1(<parameters>):
      <body>
  def F2(<parameters>):
      <body>
      return <expression>
  def G0(<parameters>):
      <generator_body+returns>
  def G1(*rest, **names):
      tick()
      for a in range(4):
          b = yield a
          note("sent", b)
      return <scalar>
  async def A0(<parameters>):
      <body+async>
      await Pause(a)
      <block+async+returns>
  async def X0(<parameters>):
      <generator_body+async>
  o, o1, o2 = C0(), C1(), C2()
''')


def program(random):
    """The source of a program; `definitions` runs once."""
    return _grammar.text(random, GRAMMAR, "program", random.randrange(6, 10)) + "\n"
