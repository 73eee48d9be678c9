# Sites that have seen many shapes keep up with changes of classes; unpacking, slices, truth and calls at their edges.
def mk(n):
    return [type('C%d'%i,(),{}) for i in range(n)]
def load(o): return o.x
def store(o,v): o.x=v
def call(o): return o.m()
Base=type('Base',(),{'m':lambda self:'base'})
cs=[type('C%d'%i,(Base,),{'m':(lambda i:lambda self:i)(i)}) for i in range(8)]
objs=[c() for c in cs]
for i,o in enumerate(objs):
    for j in range(i): setattr(o,'a%d'%j,j)
for r in range(3):
    for i,o in enumerate(objs): store(o,i); assert load(o)==i and call(o)==i
log=[]
cs[3].__setattr__=lambda self,n,v: log.append((n,v))
store(objs[3],99); print(log, load(objs[3]))
del cs[3].__setattr__
store(objs[3],98); print(load(objs[3]))
cs[4].x=property(lambda self:'prop', lambda self,v: log.append(('p',v)))
print(load(objs[4])); store(objs[4],1); print(log)
del cs[4].x
print(load(objs[4]))
Base.x=property(lambda self:'bp')
print([load(o) for o in objs])
try: store(objs[5],3)
except AttributeError as e: print(e)
del Base.x
print([load(o) for o in objs])
cs[5].m=lambda self:'new'
print([call(o) for o in objs])
del cs[5].m
print([call(o) for o in objs])
objs[6].m=lambda:'own'
print([call(o) for o in objs])
cs[2].__getattribute__=lambda self,n:'ga '+n
print(load(objs[2]), call.__name__)
del cs[2].__getattribute__
print(load(objs[2]))
del objs[1].x
try: load(objs[1])
except AttributeError as e: print(e)
cs[1].__getattr__=lambda self,n:'missing '+n
print(load(objs[1]))
class S:
    __slots__=('x',)
s=S(); store(s,5); print(load(s)); del s.x
try: load(s)
except AttributeError as e: print(e)
for change in ('__getattribute__', 'x'):
    class Slotted:
        __slots__ = ('x',)
    slotted = Slotted()
    for _ in range(9): store(slotted, 6); load(slotted)
    setattr(Slotted, change, (lambda self, n: 'hook') if change != 'x' else property(lambda self: 'own'))
    print(load(slotted))
objs[0].__class__=cs[7]
print(call(objs[0]),load(objs[0]))
for k in (1,2.5,True,None,'s',[1],(2,),{3:4}):
    try: print(load(k))
    except AttributeError as e: print(e)
def real(o): return o.real, o.conjugate()
for k in (1,2.5,True,1j,2**70,1,2.5)*3: r=real(k)
print([real(k) for k in (1,2.5,True,1j,2**70)])
class F(float):
    @classmethod
    def cm(cls): return cls.__name__
    @staticmethod
    def sm(): return 'sm'
class G(F): pass
class H(F):
    def cm(self): return 'inst'
def cm(o): return o.cm(), o.sm()
for o in (F(1),G(1),H(1))*4: r=cm(o)
print([cm(o) for o in (F(1),G(1),H(1))], [f() for f in [F(1).cm, G(1).cm]])
class Callable:
    def __call__(self,*a,k=3): return (a,k)
c=Callable()
print([c(1),c(1,k=5),c(*[1,2]),c()])
class M(type):
    def __call__(cls,*a): return ('meta',a)
class X(metaclass=M): pass
print(X(1),[X(i) for i in range(3)])
import abc
class Ab(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
    def __init__(self,v): self.v=v
class Im(Ab):
    def f(self): return 1
for i in range(3):
    try: Ab(1)
    except TypeError as e: print(e)
    print(Im(i).v)
class L(list): pass
print([L([1]) for i in range(3)], [L() for i in range(2)])
a,b=1,2
def un(p):
    x,y=p
    return x,y
for p in ((1,2),[3,4],'ab',range(2),iter([5,6]),{1:2,3:4}): print(un(p))
for p in ((1,),[1,2,3],5,'abc'):
    try: un(p)
    except (ValueError,TypeError) as e: print(type(e).__name__,e)
def selfun(x):
    x,y=x
    return x,y
print(selfun((1,2)))
r=range(10)
print(r[2:5],r[5:2],r[::2],r[-3:],r[:-20],r[1:][1:],range(10,0,-2)[1:3],range(0)[1:],range(10)[5:2:1],range(2**60,2**60+9)[2:4],range(10)[True:3])
class N:
    def __len__(self): return 0
print([not x for x in (0,1,-1,'',b'',b'x',bytearray(),set(),{1},frozenset(),N(),None,0.0,2**70,[],())])
print(2.0**3,2.0**-1,2.5**2,(-8.0)**2,0.0**0,1e200**2 if 0 else 0, 4.0**0.5)


# Sites that see objects of two, three and more shapes, and classes that change under them.
class Point:
    def __init__(self, *names):
        for name in names:
            setattr(self, name, 0)
        self.x = len(names)


def read_x(points):
    return [point.x for point in points]


def write_x(points, value):
    for point in points:
        point.x = value
    return read_x(points)


for shapes in [("",), ("a",)], [(), ("a",), ("b",)], [(), ("a",), ("b",), ("c",), ("a", "b")]:
    points = [Point(*names) for names in shapes] * 3
    print(read_x(points), write_x(points, 7))
    for point in points[:2]:
        point.later = 1
    print(read_x(points), write_x(points, "x"))
del points[0].x
try:
    read_x(points)
except AttributeError as error:
    print(error)
points[0].x = 5
Point.x = property(lambda self: "a property")
print(read_x(points))
try:
    write_x(points, 1)
except AttributeError as error:
    print(error)
del Point.x
print(read_x(points))
