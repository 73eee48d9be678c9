//! The operations behind `Op::Extended`: everything that is not worth an instruction of its own.
//!
//! Each has a number, a name and a function; operands are slots unless the name says otherwise.

macro_rules! extended {
    ($( $name:ident $doc:literal )*) => {
        /// An extended operation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Ext { $( #[doc = $doc] $name ),* }

        impl Ext {
            /// Names by number.
            pub const NAMES: &'static [&'static str] = &[$( stringify!($name) ),*];
            /// What they do, by number.
            pub const DOCS: &'static [&'static str] = &[$( $doc ),*];
            pub(crate) const ALL: &'static [Ext] = &[$( Ext::$name ),*];
        }
    };
}

extended! {
    DeleteSubscript "del a[b]"
    BuildMap "a = dict of the c pairs from slot b"
    BuildSet "a = set of the c slots from b"
    BuildSlice "a = slice of the c slots from b"
    BuildString "a = the c strings from b joined"
    BuildTemplate "a = template of b and c"
    BuildInterpolation "a = interpolation of slots from b, c = argument"
    FormatSimple "a = format(b)"
    FormatWithSpec "a = format(b, c)"
    ConvertValue "a = b converted as c says"
    ListExtend "a.extend(b)"
    SetAdd "a.add(b)"
    SetUpdate "a.update(b)"
    MapAdd "a[b] = c"
    DictUpdate "a.update(b)"
    DictMerge "a.update(b) for a call of c"
    LoadName "a = the name c"
    StoreName "the name c = a"
    DeleteName "del the name c"
    StoreGlobal "the global c = a"
    DeleteGlobal "del the global c"
    LoadLocals "a = the namespace"
    LoadFromDictOrGlobals "a = the name c in b or the globals"
    LoadFromDictOrDeref "a = the free variable c in b or its cell"
    LoadDerefCheck "raise: cell variable b is unbound"
    DeleteDeref "empty the cell in a"
    DeleteFast "empty the local a"
    CheckBound "raise unless local a is bound"
    MakeCell "a = a cell with the content of a"
    DeleteAttr "del a.(name c)"
    LoadSuperAttr "a = super(b+1, b+2).(name c); b = super"
    LoadSuperMethod "a.. = call window of super(b+1, b+2).(name c)"
    LoadSpecial "a, a+1 = special method c of b and the receiver"
    LoadBuildClass "a = __build_class__"
    LoadCommonConstant "a = the common constant b"
    MakeFunction "a = function of code b with the closure c, or without for 0xFFFF"
    SetFunctionAttribute "a = function a with attribute c = b"
    ImportName "a = import of name c from level a and list b"
    ImportFrom "a = name c of module b"
    Intrinsic1 "a = intrinsic c of b"
    Intrinsic2 "a = intrinsic c of b and b+1"
    UnpackSequence "c slots from a downwards = items of b"
    UnpackEx "slots from a downwards = items of b, c = argument"
    MatchClass "a = attributes of b matched against class b+1 with names b+2, c positional"
    MatchKeys "a = values of the keys b+1 in b"
    MatchMapping "a = whether b is a mapping"
    PushExcInfo "a = the handled exception, a+1 = b, which is handled now"
    PopExcept "a is handled again"
    CheckExcMatch "a = whether b matches c"
    CheckEgMatch "a, a+1 = rest and match of group b against c"
    Raise "raise: a = number of arguments, from b; c = 1: the call before it has given the argument"
    Reraise "raise a again; c = slot of the offset or 0xFFFF"
    WithExceptStart "a = exit function b called with the exception c; b+1 its receiver"
    CallEx "a = a(*b, **c), c may be empty"
    GetAiter "a = aiter(b)"
    GetAnext "a = awaitable of anext(b)"
    EndAsyncFor "end of async for: a iterator, b exception"
    CleanupThrow "a, b = None, value if c is StopIteration"
    SetupAnnotations "make __annotations__"
    ExitInitCheck "raise unless a is None"
    StopIterationError "a generator raised StopIteration"
    NotTranslated "the instruction is unknown"
}
