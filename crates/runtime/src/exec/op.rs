//! The exec instructions: one table that says name, length in words and meaning.
//!
//! The first word of an instruction is `{op: u8, x: u8, a: u16, b: u16, c: u16}`; a, b and c mostly name frame slots. Further words hold constants, jump
//! distances and inline caches. Instructions listed as a family are quickened forms: the machine rewrites the opcode byte in place once it
//! knows what a site sees, so opcode and cache words together are the type feedback.

macro_rules! exec_ops {
    ($( $name:ident $words:literal $doc:literal )*) => {
        /// An exec instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Op { $( #[doc = $doc] $name ),* }

        impl Op {
            /// All of them by number.
            pub const ALL: &'static [Op] = &[$( Op::$name ),*];
            /// Names by number.
            pub const NAMES: &'static [&'static str] = &[$( stringify!($name) ),*];
            /// What they do, by number.
            pub const DOCS: &'static [&'static str] = &[$( $doc ),*];
            /// Lengths in words by number.
            pub const WORDS: &'static [usize] = &[$( $words ),*];
            /// How many there are.
            pub const COUNT: usize = Self::NAMES.len();

            /// Whether it compares two values and jumps.
            pub fn is_compare_jump(self) -> bool {
                (Op::CompareJump as u8..=Op::JumpGreaterInt as u8).contains(&(self as u8))
            }
        }
    };
}

exec_ops! {
    Halt 1 "The end of a run: give the result to the Rust caller."
    FrameExit 1 "Entered by the return of a frame that has a frame object."
    SpecialExit 1 "Entered by the return of a special method that an instruction has entered: go on with that one."
    Redirect 1 "Stands over an instruction of plain code while its place in the instrumented code is to be run."
    Translate 1 "The entry of code that has not been translated yet."
    Resume 1 "Function entry: a = parameters already set, b = locals, c = frame size. Checks limits, empties the other locals."
    Trace 1 "Instrumented code only: report what the instruction numbered by b and c is about to do."
    Move 1 "a = b"
    Swap 1 "a, b = b, a"
    Take 1 "a = b, which becomes empty"
    LoadConst 2 "a = the next word"
    LoadInt 1 "a = the int in b and c"
    Clear 1 "a = empty"
    Return 1 "Leave the frame with a."
    ReturnGenerator 1 "Leave a generator's frame for good with a."
    Jump 1 "Jump by b and c."
    JumpBack 1 "Jump back by b and c, polling the breaker."
    JumpIfFalse 1 "Jump by b and c if a is false."
    JumpIfTrue 1 "Jump by b and c if a is true."
    JumpIfNone 1 "Jump by b and c if a is None."
    JumpIfNotNone 1 "Jump by b and c if a is not None."
    CompareJump 2 "x = operator (bit 3: jump if true, else if false; bits 4 to 7: the outcomes that jump): compare a and b, jump by the next word."
    CompareIntJump 2 "CompareJump with the small int c."
    JumpLess 2 "CompareJump of ints that jumps if a < b."
    JumpLessEqual 2 "CompareJump of ints that jumps if a <= b."
    JumpEqual 2 "CompareJump of ints that jumps if a == b."
    JumpNotEqual 2 "CompareJump of ints that jumps if a != b."
    JumpGreaterEqual 2 "CompareJump of ints that jumps if a >= b."
    JumpGreater 2 "CompareJump of ints that jumps if a > b."
    JumpLessInt 2 "CompareIntJump of an int that jumps if a < c."
    JumpLessEqualInt 2 "CompareIntJump of an int that jumps if a <= c."
    JumpEqualInt 2 "CompareIntJump of an int that jumps if a == c."
    JumpNotEqualInt 2 "CompareIntJump of an int that jumps if a != c."
    JumpGreaterEqualInt 2 "CompareIntJump of an int that jumps if a >= c."
    JumpGreaterInt 2 "CompareIntJump of an int that jumps if a > c."
    Compare 1 "a = b op c, x = operator (bits 4 to 7: the outcomes that are true)"
    CompareBool 1 "a = bool(b op c), x as in Compare"
    Is 1 "a = b is c; x = 1 inverts."
    Contains 1 "a = b in c; x = 1 inverts."
    ToBool 1 "a = bool(b)"
    Not 1 "a = not b"
    Negative 1 "a = -b"
    Invert 1 "a = ~b"
    Add 1 "a = b + c"
    Subtract 1 "a = b - c"
    Multiply 1 "a = b * c"
    AddInt 1 "a = b + the small int c"
    SubtractInt 1 "a = b - the small int c"
    BitAnd 1 "a = b & c"
    BitOr 1 "a = b | c"
    BitXor 1 "a = b ^ c"
    ShiftLeft 1 "a = b << c"
    ShiftRight 1 "a = b >> c"
    TrueDivide 1 "a = b / c"
    FloorDivide 1 "a = b // c"
    Remainder 1 "a = b % c"
    Binary 1 "a = b op c, x = argument of BINARY_OP"
    Subscript 1 "a = b[c]"
    SubscriptInt 1 "a = b[the small int c]"
    StoreSubscript 1 "a[b] = c"
    BinarySlice 1 "a = b[b+1 : b+2], or with x = 1 b[b+1 : b+2 : b+3]"
    StoreSlice 1 "a+1[a+2 : a+3] = a"
    LoadGlobal 3 "a = the global or builtin named b"
    LoadGlobalModule 3 "LoadGlobal of a key whose place in the globals is cached."
    LoadGlobalBuiltin 3 "LoadGlobal of a key that is absent from the globals and cached in the builtins."
    LoadAttr 5 "a = b.(name c); the last word is a LoadAttrFix."
    LoadAttrSlot 5 "LoadAttr of an inline attribute or member."
    LoadAttrSlots 5 "LoadAttrSlot of objects of two or three shapes."
    LoadAttrClass 5 "LoadAttr of a class attribute through an instance without an attribute of that name."
    LoadAttrType 5 "LoadAttr of one class object."
    LoadAttrProperty 5 "LoadAttr of a property with a plain Python getter."
    LoadAttrModule 5 "LoadAttr of a module whose dictionary has its keys where they were."
    LoadAttrAny 5 "LoadAttr of objects of many shapes or with dictionaries."
    LoadAttrFix 1 "Where a property's getter returns to: a = the word above the frame."
    LoadMethod 4 "a.. = call window with the attribute named c of b and, for a method, b as first argument"
    LoadMethodCached 4 "LoadMethod found on the class."
    LoadMethodSlot 4 "LoadMethod of an inline attribute or member."
    LoadMethodType 4 "LoadMethod of one class object."
    LoadMethodClass 4 "LoadMethod of a class method of one class object."
    LoadMethodModule 4 "LoadMethod of a module whose dictionary has its keys where they were."
    LoadMethodAny 4 "LoadMethod of objects of many shapes or with dictionaries."
    StoreAttr 3 "a.(name c) = b"
    StoreAttrSlot 3 "StoreAttr of an inline attribute, perhaps adding it."
    StoreAttrSlots 3 "StoreAttr of inline attributes that are there, of objects of two shapes."
    StoreAttrAny 3 "StoreAttr of objects of many shapes."
    LoadDeref 1 "a = the content of cell b"
    StoreDeref 1 "The content of cell a = b."
    GetIter 1 "a = iter(b)"
    ForIter 2 "b = next(a), or jump by the next word; x tells what the loop does with values of generators."
    Call 2 "Call the window at a with b values; x = 1: the first one may be empty. The second word is a CallFix."
    CallFunction 2 "Call of a Python function that takes exactly these arguments."
    CallPython 2 "Call of a bound method, a class with a Python constructor, or a function that has defaults."
    CallNative 2 "Call of a builtin function or method."
    CallLen 2 "Call of `len` with one argument."
    CallIsInstance 2 "Call of `isinstance` with two arguments."
    CallClass 2 "Call of a builtin class."
    CallCollector 2 "Call of a builtin function that asks for collections."
    CallFix 1 "Where __init__ returns to: a = the instance."
    CallKw 3 "Call the window at a with b values; the second word is the tuple of keyword names, the third a CallFix; x as in Call."
    BuildTuple 1 "a = tuple of the c slots from b"
    BuildList 1 "a = list of the c slots from b"
    UnpackTuple 1 "b slots from a + 1 downwards = items of a: see the translator."
    UnpackPair 1 "a, b = c"
    GetLen 1 "a = len(b)"
    MatchSequence 1 "a = whether b is a sequence"
    ListAppend 1 "a.append(b)"
    MakeGenerator 1 "Make a generator of this frame and return it."
    CopyFreeVars 1 "The b locals from a = the closure"
    GetAwaitable 1 "a = awaitable of b; c = argument of GET_AWAITABLE"
    GetYieldFromIter 1 "a = iterator of b for `yield from`"
    Yield 1 "Yield a; c = words of the frame to keep."
    Send 2 "b = a.send(b), or b = its return value and jump by the next word."
    Extended 2 "The operation numbered x of `extended.rs`, with operands a, b, c and the next word."
}

/// The first word of an instruction.
#[inline(always)]
pub const fn encode(op: Op, x: u8, a: u16, b: u16, c: u16) -> u64 {
    op as u64 | (x as u64) << 8 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48
}

/// The first word of an instruction with a 32-bit operand in place of b and c.
#[inline(always)]
pub const fn encode_wide(op: Op, x: u8, a: u16, operand: i32) -> u64 {
    op as u64 | (x as u64) << 8 | (a as u64) << 16 | (operand as u32 as u64) << 32
}
