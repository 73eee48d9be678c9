//! What the arguments of some instructions stand for: operators, comparisons, intrinsics, special methods and function attributes.
//!
//! Each is declared once, in the order of its numbers in CPython 3.14.

macro_rules! operands {
    ($(#[$doc:meta])* $name:ident from $first:literal { $($(#[$item_doc:meta])* $item:ident $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$item_doc])* $item),*
        }

        impl $name {
            /// All of them, by number.
            pub const ALL: &'static [$name] = &[$($name::$item),*];

            /// The number in the instruction's argument.
            pub const fn number(self) -> u32 {
                self as u32 + $first
            }

            /// The one with this number.
            pub fn from_number(number: u32) -> Option<$name> {
                $name::ALL.get(number.checked_sub($first)? as usize).copied()
            }

            /// The text that `dis` shows.
            pub const fn text(self) -> &'static str {
                match self { $($name::$item => $text),* }
            }
        }
    };
}

operands! {
    /// The operator of BINARY_OP.
    BinaryOperator from 0 {
        /// `a + b`
        Add "+",
        /// `a & b`
        And "&",
        /// `a // b`
        FloorDivide "//",
        /// `a << b`
        LShift "<<",
        /// `a @ b`
        MatrixMultiply "@",
        /// `a * b`
        Multiply "*",
        /// `a % b`
        Remainder "%",
        /// `a | b`
        Or "|",
        /// `a ** b`
        Power "**",
        /// `a >> b`
        RShift ">>",
        /// `a - b`
        Subtract "-",
        /// `a / b`
        TrueDivide "/",
        /// `a ^ b`
        Xor "^",
        /// `a += b`
        InplaceAdd "+=",
        /// `a &= b`
        InplaceAnd "&=",
        /// `a //= b`
        InplaceFloorDivide "//=",
        /// `a <<= b`
        InplaceLShift "<<=",
        /// `a @= b`
        InplaceMatrixMultiply "@=",
        /// `a *= b`
        InplaceMultiply "*=",
        /// `a %= b`
        InplaceRemainder "%=",
        /// `a |= b`
        InplaceOr "|=",
        /// `a **= b`
        InplacePower "**=",
        /// `a >>= b`
        InplaceRShift ">>=",
        /// `a -= b`
        InplaceSubtract "-=",
        /// `a /= b`
        InplaceTrueDivide "/=",
        /// `a ^= b`
        InplaceXor "^=",
        /// `a[b]`
        Subscript "[]",
    }
}

impl BinaryOperator {
    /// The name in CPython's `_opcode.get_nb_ops()`.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 27] = [
            "NB_ADD",
            "NB_AND",
            "NB_FLOOR_DIVIDE",
            "NB_LSHIFT",
            "NB_MATRIX_MULTIPLY",
            "NB_MULTIPLY",
            "NB_REMAINDER",
            "NB_OR",
            "NB_POWER",
            "NB_RSHIFT",
            "NB_SUBTRACT",
            "NB_TRUE_DIVIDE",
            "NB_XOR",
            "NB_INPLACE_ADD",
            "NB_INPLACE_AND",
            "NB_INPLACE_FLOOR_DIVIDE",
            "NB_INPLACE_LSHIFT",
            "NB_INPLACE_MATRIX_MULTIPLY",
            "NB_INPLACE_MULTIPLY",
            "NB_INPLACE_REMAINDER",
            "NB_INPLACE_OR",
            "NB_INPLACE_POWER",
            "NB_INPLACE_RSHIFT",
            "NB_INPLACE_SUBTRACT",
            "NB_INPLACE_TRUE_DIVIDE",
            "NB_INPLACE_XOR",
            "NB_SUBSCR",
        ];
        NAMES[self as usize]
    }

    /// The in-place form of a plain operator; others stay as they are.
    pub fn inplace(self) -> BinaryOperator {
        match self as usize {
            plain @ 0..13 => BinaryOperator::ALL[plain + 13],
            _ => self,
        }
    }
}

operands! {
    /// The comparison of COMPARE_OP: its argument's bits from 5 up.
    Comparison from 0 {
        /// `a < b`
        Lt "<",
        /// `a <= b`
        Le "<=",
        /// `a == b`
        Eq "==",
        /// `a != b`
        Ne "!=",
        /// `a > b`
        Gt ">",
        /// `a >= b`
        Ge ">=",
    }
}

impl Comparison {
    /// The bit in COMPARE_OP's argument which asks for a bool as the result.
    pub const TO_BOOL: u32 = 16;

    /// The argument of COMPARE_OP: the number above the four bits by which CPython's specialised forms recognise the outcome.
    pub const fn argument(self) -> u32 {
        let mask = match self {
            Comparison::Lt => 2,
            Comparison::Le => 2 | 8,
            Comparison::Eq => 8,
            Comparison::Ne => 1 | 2 | 4,
            Comparison::Gt => 4,
            Comparison::Ge => 4 | 8,
        };
        (self as u32) << 5 | mask
    }

    /// The comparison in an argument of COMPARE_OP.
    pub fn from_argument(argument: u32) -> Option<Comparison> {
        Comparison::from_number(argument >> 5)
    }
}

operands! {
    /// The function of CALL_INTRINSIC_1.
    Intrinsic1 from 0 {
        /// Not used.
        Invalid "INTRINSIC_1_INVALID",
        /// Shows the value of an interactive statement.
        Print "INTRINSIC_PRINT",
        /// `from m import *`
        ImportStar "INTRINSIC_IMPORT_STAR",
        /// Turns StopIteration into RuntimeError.
        StopIterationError "INTRINSIC_STOPITERATION_ERROR",
        /// Wraps a value yielded by an async generator.
        AsyncGenWrap "INTRINSIC_ASYNC_GEN_WRAP",
        /// `+a`
        UnaryPositive "INTRINSIC_UNARY_POSITIVE",
        /// A tuple of a list's items.
        ListToTuple "INTRINSIC_LIST_TO_TUPLE",
        /// Makes a TypeVar.
        TypeVar "INTRINSIC_TYPEVAR",
        /// Makes a ParamSpec.
        ParamSpec "INTRINSIC_PARAMSPEC",
        /// Makes a TypeVarTuple.
        TypeVarTuple "INTRINSIC_TYPEVARTUPLE",
        /// `Generic[...]`
        SubscriptGeneric "INTRINSIC_SUBSCRIPT_GENERIC",
        /// Makes a TypeAliasType.
        TypeAlias "INTRINSIC_TYPEALIAS",
    }
}

operands! {
    /// The function of CALL_INTRINSIC_2.
    Intrinsic2 from 0 {
        /// Not used.
        Invalid "INTRINSIC_2_INVALID",
        /// What is left to raise after `except*`.
        PrepReraiseStar "INTRINSIC_PREP_RERAISE_STAR",
        /// Makes a TypeVar with a bound.
        TypeVarWithBound "INTRINSIC_TYPEVAR_WITH_BOUND",
        /// Makes a TypeVar with constraints.
        TypeVarWithConstraints "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
        /// Sets a function's `__type_params__`.
        SetFunctionTypeParams "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
        /// Sets a type parameter's default.
        SetTypeParamDefault "INTRINSIC_SET_TYPEPARAM_DEFAULT",
    }
}

operands! {
    /// The method that LOAD_SPECIAL looks up.
    SpecialMethod from 0 {
        /// `__enter__`
        Enter "__enter__",
        /// `__exit__`
        Exit "__exit__",
        /// `__aenter__`
        AEnter "__aenter__",
        /// `__aexit__`
        AExit "__aexit__",
    }
}

operands! {
    /// The object that LOAD_COMMON_CONSTANT loads.
    CommonConstant from 0 {
        /// The class AssertionError.
        AssertionError "AssertionError",
        /// The class NotImplementedError.
        NotImplementedError "NotImplementedError",
        /// The class tuple.
        Tuple "tuple",
        /// The builtin `all`.
        All "all",
        /// The builtin `any`.
        Any "any",
    }
}

operands! {
    /// The conversion of CONVERT_VALUE.
    Conversion from 1 {
        /// `!s`
        Str "str",
        /// `!r`
        Repr "repr",
        /// `!a`
        Ascii "ascii",
    }
}

/// The arguments of SET_FUNCTION_ATTRIBUTE.
pub mod function_attribute {
    /// The tuple of positional defaults.
    pub const DEFAULTS: u32 = 1;
    /// The dict of keyword-only defaults.
    pub const KWDEFAULTS: u32 = 2;
    /// The annotations.
    pub const ANNOTATIONS: u32 = 4;
    /// The tuple of cells.
    pub const CLOSURE: u32 = 8;
    /// The function that computes the annotations.
    pub const ANNOTATE: u32 = 16;

    /// The text that `dis` shows for the argument.
    pub fn text(argument: u32) -> Option<&'static str> {
        const TEXTS: [&str; 5] = ["defaults", "kwdefaults", "annotations", "closure", "annotate"];
        argument.is_power_of_two().then(|| TEXTS.get(argument.trailing_zeros() as usize).copied()).flatten()
    }
}

/// The arguments of RESUME: where execution resumes.
pub mod resume {
    /// At the start of a function.
    pub const AT_FUNCTION_START: u32 = 0;
    /// After `yield`.
    pub const AFTER_YIELD: u32 = 1;
    /// After `yield from`.
    pub const AFTER_YIELD_FROM: u32 = 2;
    /// After `await`.
    pub const AFTER_AWAIT: u32 = 3;
    /// The bits that hold the place.
    pub const LOCATION_MASK: u32 = 3;
    /// Set when exactly the generator's own exception handler is around the yield.
    pub const DEPTH1_MASK: u32 = 4;
}

/// The bits of `co_flags`, and of the `__future__` features among them.
pub mod flag {
    /// Locals live in the frame, not in a dict.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes new locals.
    pub const NEWLOCALS: u32 = 0x2;
    /// Has `*args`.
    pub const VARARGS: u32 = 0x4;
    /// Has `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// Defined within a function.
    pub const NESTED: u32 = 0x10;
    /// A generator function.
    pub const GENERATOR: u32 = 0x20;
    /// A coroutine function.
    pub const COROUTINE: u32 = 0x80;
    /// A generator function wrapped by `types.coroutine`.
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An asynchronous generator function.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import division`
    pub const FUTURE_DIVISION: u32 = 0x20000;
    /// `from __future__ import absolute_import`
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x40000;
    /// `from __future__ import with_statement`
    pub const FUTURE_WITH_STATEMENT: u32 = 0x80000;
    /// `from __future__ import print_function`
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x100000;
    /// `from __future__ import unicode_literals`
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x200000;
    /// `from __future__ import barry_as_FLUFL`
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x400000;
    /// `from __future__ import generator_stop`
    pub const FUTURE_GENERATOR_STOP: u32 = 0x800000;
    /// `from __future__ import annotations`
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
    /// Not to be monitored.
    pub const NO_MONITORING_EVENTS: u32 = 0x2000000;
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x4000000;
    /// A function defined in a class body.
    pub const METHOD: u32 = 0x8000000;
}
