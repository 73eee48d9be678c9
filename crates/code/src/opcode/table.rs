//! The table of instructions: number, name, properties, inline cache units and stack effect (values popped => pushed).
//!
//! Numbers and properties are those of CPython 3.14's `_opcode_metadata` and `_opcode`. A pseudo-instruction that opens a block
//! pushes in its handler only.

use super::property;

/// One more than the largest number.
pub(super) const COUNT: usize = 267;

macro_rules! opcodes {
    ($arg:ident; $($number:literal $name:ident [$($property:ident)*] $caches:literal { $popped:expr => $pushed:expr })*) => {
        /// An instruction of CPython 3.14, spelled as `dis` shows it.
        #[allow(non_camel_case_types, missing_docs)]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u16)]
        pub enum Opcode {
            $($name = $number),*
        }

        impl Opcode {
            /// Every instruction, by number.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$name),*];

            /// The name that `dis` shows.
            pub const fn name(self) -> &'static str {
                match self { $(Opcode::$name => stringify!($name)),* }
            }

            /// How many 2-byte units of inline cache follow it.
            #[inline]
            pub const fn caches(self) -> usize {
                const CACHES: [u8; COUNT] = {
                    let mut table = [0; COUNT];
                    $(table[$number] = $caches;)*
                    table
                };
                CACHES[self as usize] as usize
            }

            #[inline]
            pub(super) const fn properties(self) -> u8 {
                const PROPERTIES: [u8; COUNT] = {
                    let mut table = [0; COUNT];
                    $(table[$number] = 0 $(| property::$property)*;)*
                    table
                };
                PROPERTIES[self as usize]
            }

            pub(super) const fn popped_with(self, $arg: u32) -> i64 {
                let $arg = $arg as i32 as i64;
                match self { $(Opcode::$name => $popped),* }
            }

            pub(super) const fn pushed_with(self, $arg: u32) -> i64 {
                let $arg = $arg as i32 as i64;
                match self { $(Opcode::$name => $pushed),* }
            }
        }
    };
}

#[rustfmt::skip]
opcodes! {
    arg;
    0 CACHE [] 0 { 0 => 0 }
    1 BINARY_SLICE [] 0 { 3 => 1 }
    2 BUILD_TEMPLATE [] 0 { 2 => 1 }
    4 CALL_FUNCTION_EX [] 0 { 4 => 1 }
    5 CHECK_EG_MATCH [] 0 { 2 => 2 }
    6 CHECK_EXC_MATCH [] 0 { 2 => 2 }
    7 CLEANUP_THROW [] 0 { 3 => 2 }
    8 DELETE_SUBSCR [] 0 { 2 => 0 }
    9 END_FOR [] 0 { 1 => 0 }
    10 END_SEND [] 0 { 2 => 1 }
    11 EXIT_INIT_CHECK [] 0 { 1 => 0 }
    12 FORMAT_SIMPLE [] 0 { 1 => 1 }
    13 FORMAT_WITH_SPEC [] 0 { 2 => 1 }
    14 GET_AITER [] 0 { 1 => 1 }
    15 GET_ANEXT [] 0 { 1 => 2 }
    16 GET_ITER [] 0 { 1 => 1 }
    17 RESERVED [] 0 { 0 => 0 }
    18 GET_LEN [] 0 { 1 => 2 }
    19 GET_YIELD_FROM_ITER [] 0 { 1 => 1 }
    20 INTERPRETER_EXIT [] 0 { 1 => 0 }
    21 LOAD_BUILD_CLASS [] 0 { 0 => 1 }
    22 LOAD_LOCALS [] 0 { 0 => 1 }
    23 MAKE_FUNCTION [] 0 { 1 => 1 }
    24 MATCH_KEYS [] 0 { 2 => 3 }
    25 MATCH_MAPPING [] 0 { 1 => 2 }
    26 MATCH_SEQUENCE [] 0 { 1 => 2 }
    27 NOP [] 0 { 0 => 0 }
    28 NOT_TAKEN [] 0 { 0 => 0 }
    29 POP_EXCEPT [] 0 { 1 => 0 }
    30 POP_ITER [] 0 { 1 => 0 }
    31 POP_TOP [] 0 { 1 => 0 }
    32 PUSH_EXC_INFO [] 0 { 1 => 2 }
    33 PUSH_NULL [] 0 { 0 => 1 }
    34 RETURN_GENERATOR [] 0 { 0 => 1 }
    35 RETURN_VALUE [] 0 { 1 => 1 }
    36 SETUP_ANNOTATIONS [] 0 { 0 => 0 }
    37 STORE_SLICE [] 0 { 4 => 0 }
    38 STORE_SUBSCR [] 1 { 3 => 0 }
    39 TO_BOOL [] 3 { 1 => 1 }
    40 UNARY_INVERT [] 0 { 1 => 1 }
    41 UNARY_NEGATIVE [] 0 { 1 => 1 }
    42 UNARY_NOT [] 0 { 1 => 1 }
    43 WITH_EXCEPT_START [] 0 { 5 => 6 }
    44 BINARY_OP [ARG] 5 { 2 => 1 }
    45 BUILD_INTERPOLATION [ARG] 0 { 2 + (arg & 1) => 1 }
    46 BUILD_LIST [ARG] 0 { arg => 1 }
    47 BUILD_MAP [ARG] 0 { 2 * arg => 1 }
    48 BUILD_SET [ARG] 0 { arg => 1 }
    49 BUILD_SLICE [ARG] 0 { arg => 1 }
    50 BUILD_STRING [ARG] 0 { arg => 1 }
    51 BUILD_TUPLE [ARG] 0 { arg => 1 }
    52 CALL [ARG] 3 { 2 + arg => 1 }
    53 CALL_INTRINSIC_1 [ARG] 0 { 1 => 1 }
    54 CALL_INTRINSIC_2 [ARG] 0 { 2 => 1 }
    55 CALL_KW [ARG] 3 { 3 + arg => 1 }
    56 COMPARE_OP [ARG] 1 { 2 => 1 }
    57 CONTAINS_OP [ARG] 1 { 2 => 1 }
    58 CONVERT_VALUE [ARG] 0 { 1 => 1 }
    59 COPY [ARG] 0 { arg => arg + 1 }
    60 COPY_FREE_VARS [ARG] 0 { 0 => 0 }
    61 DELETE_ATTR [ARG NAME] 0 { 1 => 0 }
    62 DELETE_DEREF [ARG FREE] 0 { 0 => 0 }
    63 DELETE_FAST [ARG LOCAL] 0 { 0 => 0 }
    64 DELETE_GLOBAL [ARG NAME] 0 { 0 => 0 }
    65 DELETE_NAME [ARG NAME] 0 { 0 => 0 }
    66 DICT_MERGE [ARG] 0 { 4 + arg => 3 + arg }
    67 DICT_UPDATE [ARG] 0 { 1 + arg => arg }
    68 END_ASYNC_FOR [ARG JUMP] 0 { 2 => 0 }
    69 EXTENDED_ARG [ARG] 0 { 0 => 0 }
    70 FOR_ITER [ARG JUMP] 1 { 1 => 2 }
    71 GET_AWAITABLE [ARG] 0 { 1 => 1 }
    72 IMPORT_FROM [ARG NAME] 0 { 1 => 2 }
    73 IMPORT_NAME [ARG NAME] 0 { 2 => 1 }
    74 IS_OP [ARG] 0 { 2 => 1 }
    75 JUMP_BACKWARD [ARG JUMP] 1 { 0 => 0 }
    76 JUMP_BACKWARD_NO_INTERRUPT [ARG JUMP] 0 { 0 => 0 }
    77 JUMP_FORWARD [ARG JUMP] 0 { 0 => 0 }
    78 LIST_APPEND [ARG] 0 { 1 + arg => arg }
    79 LIST_EXTEND [ARG] 0 { 1 + arg => arg }
    80 LOAD_ATTR [ARG NAME] 9 { 1 => 1 + (arg & 1) }
    81 LOAD_COMMON_CONSTANT [ARG] 0 { 0 => 1 }
    82 LOAD_CONST [ARG CONST] 0 { 0 => 1 }
    83 LOAD_DEREF [ARG LOCAL] 0 { 0 => 1 }
    84 LOAD_FAST [ARG LOCAL] 0 { 0 => 1 }
    85 LOAD_FAST_AND_CLEAR [ARG LOCAL] 0 { 0 => 1 }
    86 LOAD_FAST_BORROW [ARG LOCAL] 0 { 0 => 1 }
    87 LOAD_FAST_BORROW_LOAD_FAST_BORROW [ARG LOCAL] 0 { 0 => 2 }
    88 LOAD_FAST_CHECK [ARG LOCAL] 0 { 0 => 1 }
    89 LOAD_FAST_LOAD_FAST [ARG LOCAL] 0 { 0 => 2 }
    90 LOAD_FROM_DICT_OR_DEREF [ARG FREE] 0 { 1 => 1 }
    91 LOAD_FROM_DICT_OR_GLOBALS [ARG NAME] 0 { 1 => 1 }
    92 LOAD_GLOBAL [ARG NAME] 4 { 0 => 1 + (arg & 1) }
    93 LOAD_NAME [ARG NAME] 0 { 0 => 1 }
    94 LOAD_SMALL_INT [ARG] 0 { 0 => 1 }
    95 LOAD_SPECIAL [ARG] 0 { 1 => 2 }
    96 LOAD_SUPER_ATTR [ARG NAME] 1 { 3 => 1 + (arg & 1) }
    97 MAKE_CELL [ARG FREE] 0 { 0 => 0 }
    98 MAP_ADD [ARG] 0 { 2 + arg => arg }
    99 MATCH_CLASS [ARG] 0 { 3 => 1 }
    100 POP_JUMP_IF_FALSE [ARG JUMP] 1 { 1 => 0 }
    101 POP_JUMP_IF_NONE [ARG JUMP] 1 { 1 => 0 }
    102 POP_JUMP_IF_NOT_NONE [ARG JUMP] 1 { 1 => 0 }
    103 POP_JUMP_IF_TRUE [ARG JUMP] 1 { 1 => 0 }
    104 RAISE_VARARGS [ARG] 0 { arg => 0 }
    105 RERAISE [ARG] 0 { 1 + arg => arg }
    106 SEND [ARG JUMP] 1 { 2 => 2 }
    107 SET_ADD [ARG] 0 { 1 + arg => arg }
    108 SET_FUNCTION_ATTRIBUTE [ARG] 0 { 2 => 1 }
    109 SET_UPDATE [ARG] 0 { 1 + arg => arg }
    110 STORE_ATTR [ARG NAME] 4 { 2 => 0 }
    111 STORE_DEREF [ARG FREE] 0 { 1 => 0 }
    112 STORE_FAST [ARG LOCAL] 0 { 1 => 0 }
    113 STORE_FAST_LOAD_FAST [ARG LOCAL] 0 { 1 => 1 }
    114 STORE_FAST_STORE_FAST [ARG LOCAL] 0 { 2 => 0 }
    115 STORE_GLOBAL [ARG NAME] 0 { 1 => 0 }
    116 STORE_NAME [ARG NAME] 0 { 1 => 0 }
    117 SWAP [ARG] 0 { arg => arg }
    118 UNPACK_EX [ARG] 0 { 1 => 1 + (arg & 0xFF) + (arg >> 8) }
    119 UNPACK_SEQUENCE [ARG] 1 { 1 => arg }
    120 YIELD_VALUE [ARG] 0 { 1 => 1 }
    128 RESUME [ARG] 0 { 0 => 0 }
    256 ANNOTATIONS_PLACEHOLDER [] 0 { 0 => 0 }
    257 JUMP [ARG JUMP] 0 { 0 => 0 }
    258 JUMP_IF_FALSE [ARG JUMP] 0 { 1 => 1 }
    259 JUMP_IF_TRUE [ARG JUMP] 0 { 1 => 1 }
    260 JUMP_NO_INTERRUPT [ARG JUMP] 0 { 0 => 0 }
    261 LOAD_CLOSURE [ARG LOCAL] 0 { 0 => 1 }
    262 POP_BLOCK [] 0 { 0 => 0 }
    263 SETUP_CLEANUP [ARG BLOCK] 0 { 0 => 2 }
    264 SETUP_FINALLY [ARG BLOCK] 0 { 0 => 1 }
    265 SETUP_WITH [ARG BLOCK] 0 { 0 => 1 }
    266 STORE_FAST_MAYBE_NULL [ARG LOCAL] 0 { 1 => 0 }
}
