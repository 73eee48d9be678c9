//! The interned strings that Rust code uses: `py.names.__init__`.

use crate::Py;
use crate::object::Str;
use bredli_heap::{Gc, Tracer};

macro_rules! names {
    ($($name:ident)*) => {
        /// Interned strings, one field a name.
        #[allow(missing_docs, non_snake_case)]
        #[derive(Clone, Copy)]
        pub struct Names { $( pub $name: Gc<Str>, )* }

        impl Names {
            pub(crate) fn new(py: &mut Py) -> Self {
                Self { $( $name: py.intern(stringify!($name)), )* }
            }

            pub(crate) fn placeholder(name: Gc<Str>) -> Self {
                Self { $( $name: name, )* }
            }

            pub(crate) fn trace(&self, tracer: &mut Tracer) {
                $( tracer.gc(self.$name); )*
            }
        }
    };
}

names! {
    __abs__ __abstractmethods__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__ __annotate_func__
    __annotations__ __annotations_cache__ __await__ __bases__ __bool__ __buffer__ __build_class__ __builtins__ __bytes__ __cached__ __call__ __cause__
    __ceil__ __class__ __class_getitem__ __classcell__ __classdict__ __classdictcell__ __complex__ __contains__ __context__ __copy__ __debug__
    __deepcopy__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__ __enter__ __eq__ __exit__ __file__
    __firstlineno__ __float__ __floor__ __floordiv__ __format__ __fspath__ __ge__ __get__ __getattr__ __getattribute__ __getitem__ __getnewargs__
    __getnewargs_ex__ __getstate__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __import__ __imul__
    __index__ __init__ __init_subclass__ __instancecheck__ __int__ __invert__ __ior__ __ipow__ __irshift__ __isabstractmethod__ __isub__
    __iter__ __itruediv__ __ixor__ __kwdefaults__ __le__ __len__ __length_hint__ __loader__ __lshift__ __lt__ __main__ __match_args__
    __matmul__ __missing__ __mod__ __module__ __mro__ __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __notes__ __objclass__
    __or__ __orig_class__ __origin__ __package__ __parameters__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__
    __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__ __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__
    __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__
    __setitem__ __setstate__ __signature__ __sizeof__ __slotnames__ __slots__ __spec__ __static_attributes__ __str__ __sub__
    __subclasscheck__ __subclasses__ __subclasshook__ __text_signature__ __truediv__ __trunc__ __type_params__ __typing_subst__
    __typing_prepare_subst__ __typing_unpacked_tuple_args__ __typing_is_unpacked_typevartuple__ __unpacked__ __warningregistry__ __weakref__ __wrapped__ __xor__
    _initializing append args big builtins bytes close copy decode default difference_update displayhook encode encoding end errors excepthook
    exec fileno fillvalue filename flush format fromlist get globals intersection_update isatty items join key keepends
    file keys kind kwargs last_exc level line little lineno locals metaclass mode modules msg name names newline obj offset path
    print_file_and_line print read readline reversed send sep setdefault signed start stdin stdout stderr step stop sys text throw
    timestamp split derive firstiter finalizer asend athrow aclose update value values warn warnings _warn_unawaited_coroutine write exceptions message object reason encode_errors iterable strict func fget fset fdel doc
    _abc_impl _asyncio_future_blocking _loop add_done_callback call_exception_handler call_soon cancel context done get_debug get_loop result
}
