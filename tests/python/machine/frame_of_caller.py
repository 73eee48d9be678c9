import sys
def t():
    try:
        1/0
    except ZeroDivisionError as e:
        f = e.__traceback__.tb_frame
    try: f.clear()
    except RuntimeError as e: print(e)
    try: f.f_back.clear()
    except RuntimeError as e: print(e)
def run(m): m()
def call(*a): list(map(run, a))
t()
call(t)
import functools
functools.partial(run,t)()
class T:
    def m(self): t()
    def __call__(self): self.m()
T()()
run(T())
