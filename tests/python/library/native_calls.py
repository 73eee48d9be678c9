# The native calling conventions, as CPython's tests of calls see them.
import _testcapi
import _testinternalcapi

instance = _testcapi.MethInstance()
for owner in (_testcapi, instance, _testcapi.MethClass, _testcapi.MethStatic):
    print(owner.meth_noargs() in (owner, None))
    print(owner.meth_o(1)[1], owner.meth_varargs(1, 2)[1], owner.meth_fastcall(*[3])[1])
    print(owner.meth_varargs_keywords(1, a=2)[1:], owner.meth_fastcall_keywords(**{"b": 3})[1:])
    for call in (lambda: owner.meth_o(), lambda: owner.meth_noargs(1), lambda: owner.meth_fastcall(k=1)):
        try:
            call()
        except TypeError as error:
            print(error)

print(_testcapi.pyobject_vectorcall(dict, ([(1, 2)], 3), ("x",)))
print(_testcapi.pyobject_fastcalldict(dict, None, {"y": 4}))
for args in ((print, (), ("x",)), (print, [], None), (print, (), [])):
    try:
        _testcapi.pyobject_vectorcall(*args)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)


def depth(n):
    return depth(n - 1) if n else _testinternalcapi.get_recursion_depth()


print(depth(10) - depth(3))
print(_testcapi.config_get("code_debug_ranges"), _testcapi.INT_MAX)


def generic(a, /, b, *, c, **rest):
    inner = lambda: (a, local)
    local = 1


print(_testinternalcapi.get_co_localskinds(generic.__code__), _testinternalcapi.code_returns_only_none(generic.__code__))
