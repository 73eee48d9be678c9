# Tracebacks made by hand, their links and the values they refuse.
import types

T = types.TracebackType
def f():
    try: 1/0
    except Exception as e: return e.__traceback__
tb=f()
def t(fn):
    try: print(fn())
    except Exception as e: print(type(e).__name__, e)
fr=tb.tb_frame
t(lambda: T())
t(lambda: T(1,fr,1,1))
t(lambda: T(None,1,1,1))
t(lambda: T(None,fr,"x",1))
t(lambda: T(None,fr,1,"x"))
n=T(tb,fr,4,7)
print(n.tb_next is tb, n.tb_frame is fr, n.tb_lasti, n.tb_lineno)
t(lambda: setattr(tb,'tb_next',n))
t(lambda: setattr(tb,'tb_next',tb))
t(lambda: delattr(tb,'tb_next'))
t(lambda: setattr(tb,'tb_next',5))
t(lambda: setattr(tb,'tb_lineno',5))
t(lambda: T(None,fr,1,1,1))
t(lambda: T(tb_next=None,tb_frame=fr,tb_lasti=1,tb_lineno=1).tb_lasti)
t(lambda: T(None,fr,1,-1).tb_lineno)
t(lambda: T(None,fr,1<<40,-1).tb_lineno)
t(lambda: T.__doc__)
