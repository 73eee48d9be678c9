import asyncio, contextvars, gc

def show(text, call):
    try:
        print(text, call())
    except BaseException as e:
        print(text, type(e).__name__, e)

class Loop:
    def __repr__(self): return "<a loop>"
    def get_debug(self): return False
    def call_soon(self, f, *a, context=None): print("soon", getattr(f, "__name__", f), len(a), context is not None)
    def call_exception_handler(self, c): print("handler", c["message"], sorted(c))
    def is_running(self): return False

loop = Loop()
f = asyncio.Future(loop=loop)
show("result", f.result)
show("exception", f.exception)
print(f._state, f._callbacks, f._log_traceback, f._asyncio_future_blocking, f._cancel_message, f._source_traceback)
def cb(fut): pass
f.add_done_callback(cb); f.add_done_callback(cb, context=contextvars.copy_context()); f.add_done_callback(print)
print(len(f._callbacks), f.remove_done_callback(cb), len(f._callbacks))
show("set", lambda: f.set_result(3))
show("again", lambda: f.set_result(3))
show("again", lambda: f.set_exception(ValueError()))
print(f.result(), f.done(), f.cancelled(), f.cancel(), f._callbacks)
f.add_done_callback(cb)
g = asyncio.Future(loop=loop)
show("stop", lambda: g.set_exception(StopIteration))
print(repr(g.exception()), repr(g.exception().__cause__))
show("bad", lambda: asyncio.Future(loop=loop).set_exception(3))
show("log", lambda: setattr(g, "_log_traceback", True))
g = asyncio.Future(loop=loop)
print(g.cancel("why"), g._cancel_message, g.cancelled())
show("cancelled", g.result)
it = iter(asyncio.Future(loop=loop))
print(next(it)._asyncio_future_blocking)
show("twice", lambda: next(it))
it = iter(f)
try: next(it)
except StopIteration as e: print("stop", e.value)
show("end", lambda: next(it, "end"))
show("throw", lambda: iter(g).throw(KeyError("k")))
show("new", lambda: asyncio.Future.__new__(asyncio.Future).result())
show("new", lambda: asyncio.Future.__new__(asyncio.Future).done())
show("new", lambda: asyncio.Future.__new__(asyncio.Future).cancel())
show("new", lambda: asyncio.Future.__new__(asyncio.Future)._state)
show("coroutine", lambda: asyncio.Task(3, loop=loop))
show("loop", asyncio.get_running_loop)
show("enter", lambda: asyncio.tasks._enter_task(loop, 3))
print(asyncio.Future[int], asyncio.Task[int], asyncio.current_task(loop))
class Sub(asyncio.Future): pass
def unseen():
    s = Sub(loop=loop); s.extra = 1; s.set_exception(ValueError("unseen"))
unseen()
gc.collect()

async def odd(value):
    try:
        await value
    except BaseException as e:
        print(type(e).__name__, str(e).split("<")[0].split("coro")[0])
class Y:
    def __init__(self, v): self.v = v
    def __await__(self): yield self.v
async def main():
    await asyncio.create_task(odd(Y(3)))
    await asyncio.create_task(odd(Y((x for x in ()))))
    await asyncio.create_task(odd(Y(asyncio.get_running_loop().create_future())))
    async def me(): await asyncio.current_task()
    try: await asyncio.create_task(me())
    except RuntimeError as e: print(str(e).split(":")[0])
    other = asyncio.new_event_loop()
    await asyncio.create_task(odd(other.create_future()))
    other.close()
    async def child(n):
        await asyncio.sleep(0)
        if n == 2: raise KeyError(n)
        return n
    print(await asyncio.gather(*map(child, range(4)), return_exceptions=True))
    class MyTask(asyncio.Task):
        def cancel(self, msg=None):
            print("cancel", msg)
            return super().cancel(msg)
    t = MyTask(asyncio.sleep(9), loop=asyncio.get_running_loop(), name=7)
    async def waits(): await t
    w = asyncio.create_task(waits())
    await asyncio.sleep(0); await asyncio.sleep(0)
    print(t._asyncio_awaited_by == {w}, w._fut_waiter is t, t.get_name())
    w.cancel("stop")
    show("uncancel", w.uncancel)
    try: await w
    except asyncio.CancelledError as e: print(e.args, t._asyncio_awaited_by, w.cancelled())
    v = contextvars.ContextVar("v", default=0)
    async def setter(): v.set(v.get() + 1); await asyncio.sleep(0); return v.get()
    print(await asyncio.create_task(setter()), v.get(), len(asyncio.all_tasks()))
    e = asyncio.Task(setter(), loop=asyncio.get_running_loop(), eager_start=True)
    print(e.done(), await e, e.get_coro() is None)
    async def quick(): return asyncio.current_task().get_name()
    e = asyncio.Task(quick(), loop=asyncio.get_running_loop(), eager_start=True, name="eager")
    print(e.done(), e.get_coro(), await e, asyncio.current_task() is not e)
asyncio.run(main())
