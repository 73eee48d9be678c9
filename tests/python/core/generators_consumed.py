"""What consumes generators in C takes their values in place; nobody may notice."""
import sys
def g(*a):
    for x in a: yield x
print(sum(g(1,2,3)), sum(g(1,2.5,3)), sum(g(1.5,2,2**70)), sum(g(2**60,5)), sum(g(True,2)))
try: sum(g(1,'a',3))
except TypeError as e: print(e)
print(max(g(3,9,2)), min(g(3.5,9,2)), max(g(1.0,float('nan'),2.0)), min(g('b','a')), max(g(1,2.0,3)), max(g(3,4,2), key=lambda x:-x))
print(any(g(0,False,None,'',3)), all(g(1,True,'a')), all(g(True,False)), any(g(False,None)))
print(list(g(*range(10))), tuple(g(*range(10))), set(g(1,2,3,2,1.0)), frozenset(g(1,2)), dict(g((1,2),(3,4),[5,6])), sorted(g(3,1,2)))
try: dict(g((1,2),(3,4,5)))
except ValueError as e: print(e)
try: dict(g((1,2),5))
except TypeError as e: print(e, e.__notes__)
print('-'.join(g('a','b','c')), [*g(1,2),*g(3)], (lambda *a:a)(*g(1,2)))
# interleaving
log=[]
class K:
    def __init__(s,n): s.n=n
    def __eq__(s,o): log.append(('eq',s.n, gen.gi_running, gen.gi_suspended)); return s.n==o.n
    def __hash__(s): return 1
def h():
    for i in (1,2,1): log.append(i); yield K(i)
gen=h(); print(len(set(gen)), log)
# early stop leaves it suspended
x=g(0,1,2,3); print(any(x), x.gi_suspended, x.gi_running, next(x), list(x), list(x), x.gi_frame)
# exceptions
def bad():
    yield 1
    yield 2
    1/0
for f in (list,tuple,set,sum,max,any,all,sorted):
    try: print(f.__name__, f(bad()))
    except ZeroDivisionError as e:
        t=e.__traceback__; n=[]
        while t: n.append((t.tb_frame.f_code.co_name,t.tb_lineno)); t=t.tb_next
        print(f.__name__, n)
l=[]
try: l.extend(bad())
except ZeroDivisionError: print(l)
# self-observing
l=[0]
def obs():
    for i in range(4): yield len(l)
l.extend(obs()); print(l)
s=set()
def obs2():
    for i in range(4): yield len(s)
s.update(obs2()); print(s)
# reentrance
def re():
    yield 1
    try: next(r)
    except ValueError as e: print(e)
    yield 2
r=re(); print(list(r)); 
# nested
print(sum(sum(g(*range(i))) for i in range(5)), [list(g(*g(1,2))) for _ in g(1,2)])
# frames
def fr():
    f=sys._getframe(); yield f.f_code.co_name
    yield sys._getframe(1).f_code.co_name
    yield f.f_lineno
print(list(fr()), tuple(x for x in fr()))
# return value
def ret():
    yield 1
    return 5
print(list(ret()), sum(ret()))
# yield from
def yf(n):
    if n: yield from yf(n-1)
    yield n
print(list(yf(5)), sum(yf(10)), tuple(yf(3)), [x for x in yf(3)], tuple(x for x in yf(3)))
# send value is None
def sv():
    x=yield 1
    yield x
print(list(sv()), [x for x in sv()], tuple(x for x in sv()))
# handled exceptions inside
def hx():
    try: 1/0
    except ZeroDivisionError as e:
        yield type(sys.exception())
        yield 1
    yield sys.exception()
print(list(hx()), tuple(x for x in hx()), [x for x in hx()], sys.exception())
try: raise KeyError
except KeyError: print(list(hx()), sys.exception())
# locals of the consumer
def consumer():
    def who():
        f=sys._getframe(1)
        for i in range(3): yield dict((k,v) for k,v in f.f_locals.items() if k=='x')
    return [x for x in who()]
print(consumer())
def tr():
    ev=[]
    def t(f,e,a):
        if f.f_code.co_name in('q','tr2'): ev.append((e,f.f_lineno))
        return t
    def q():
        yield 1
        sys.settrace(t)
        sys._getframe().f_trace=t
        yield 2
        yield 3
    print(list(q()), [x for x in q()]); sys.settrace(None); print(ev)
tr()
def pr():
    ev=[]
    def q():
        yield 1
        yield 2
    sys.setprofile(lambda f,e,a: ev.append((e,f.f_code.co_name)))
    list(q()); sum(q()); [x for x in q()]
    sys.setprofile(None); print(ev)
pr()
def rec(n):
    return sum(rec(n-1) for _ in range(1)) if n else 1
print(rec(100))
try: rec(100000)
except RecursionError as e: print('RecursionError')
def cl():
    try:
        yield 1
        yield 0
    finally: print('closed')
c=cl(); print(all(c)); c.close()
from collections import deque
d=deque(maxlen=2); d.extend(g(1,2,3)); print(d)
print({x for x in g(1,2)}, {K(1),K(2)}.__len__(), dict.fromkeys(g(1,2)))
print(any(x>2 for x in range(5)), all(x<9 for x in range(5)), any(x for x in g([],0,())), all(x for x in g([1],'a')), all(x for x in g(1,'')))
def outer(n):
    def inner(a, b=2, *, c=n): return a+b+c+n
    return inner, (lambda: n), (n+i for i in range(3))
i,l,ge=outer(5); print(i(1), l(), list(ge), i.__closure__[0].cell_contents, ge.__name__, ge.__qualname__, ge.gi_code.co_name)
