//! The forms of instructions that CPython's interpreter makes at run time: specialised and instrumented ones.
//!
//! Ours has its own, so that these are only names and numbers which `_opcode_metadata` shows.

use super::{Opcode, property};

/// A run-time form of an instruction: its name and number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variant {
    /// The name.
    pub name: &'static str,
    /// The number.
    pub number: u16,
}

impl Variant {
    /// The form with this number.
    pub fn from_number(number: u16) -> Option<Variant> {
        let specialized = SPECIALIZED.iter().flat_map(|(_, variants)| *variants);
        specialized.chain(INSTRUMENTED).copied().find(|variant| variant.number == number)
    }

    /// The form of this name.
    pub fn from_name(name: &str) -> Option<Variant> {
        let specialized = SPECIALIZED.iter().flat_map(|(_, variants)| *variants);
        specialized.chain(INSTRUMENTED).copied().find(|variant| variant.name == name)
    }

    /// The plain instruction of which this is an instrumented form.
    pub fn instruments(self) -> Option<Opcode> {
        Opcode::from_name(self.name.strip_prefix("INSTRUMENTED_")?)
    }

    /// The properties that CPython's own tables give it, which are not always those of the plain instruction.
    pub(super) const fn properties(self) -> u8 {
        let arg = match self.number {
            143..=153 | 155..=195 | 197 | 200 | 209..=211 | 237 | 239 | 241..=245 | 247..=251 | 253 | 255 => property::ARG,
            _ => 0,
        };
        arg | match self.number {
            3 => property::LOCAL,
            172..=176 | 237 | 248 => property::JUMP,
            179 | 189 | 194 | 195 | 200 | 249 => property::NAME,
            190 | 191 => property::CONST,
            _ => 0,
        }
    }
}

const fn variant(number: u16, name: &'static str) -> Variant {
    Variant { name, number }
}

/// The smallest number of an instrumented instruction.
pub const MIN_INSTRUMENTED_OPCODE: u16 = 234;

/// The specialised forms by the name of the instruction which they are forms of.
pub const SPECIALIZED: &[(&str, &[Variant])] = &[
    ("RESUME", &[variant(196, "RESUME_CHECK")]),
    ("LOAD_CONST", &[variant(191, "LOAD_CONST_MORTAL"), variant(190, "LOAD_CONST_IMMORTAL")]),
    (
        "TO_BOOL",
        &[
            variant(203, "TO_BOOL_ALWAYS_TRUE"),
            variant(204, "TO_BOOL_BOOL"),
            variant(205, "TO_BOOL_INT"),
            variant(206, "TO_BOOL_LIST"),
            variant(207, "TO_BOOL_NONE"),
            variant(208, "TO_BOOL_STR"),
        ],
    ),
    (
        "BINARY_OP",
        &[
            variant(134, "BINARY_OP_MULTIPLY_INT"),
            variant(130, "BINARY_OP_ADD_INT"),
            variant(142, "BINARY_OP_SUBTRACT_INT"),
            variant(133, "BINARY_OP_MULTIPLY_FLOAT"),
            variant(129, "BINARY_OP_ADD_FLOAT"),
            variant(141, "BINARY_OP_SUBTRACT_FLOAT"),
            variant(131, "BINARY_OP_ADD_UNICODE"),
            variant(137, "BINARY_OP_SUBSCR_LIST_INT"),
            variant(138, "BINARY_OP_SUBSCR_LIST_SLICE"),
            variant(140, "BINARY_OP_SUBSCR_TUPLE_INT"),
            variant(139, "BINARY_OP_SUBSCR_STR_INT"),
            variant(135, "BINARY_OP_SUBSCR_DICT"),
            variant(136, "BINARY_OP_SUBSCR_GETITEM"),
            variant(132, "BINARY_OP_EXTEND"),
            variant(3, "BINARY_OP_INPLACE_ADD_UNICODE"),
        ],
    ),
    ("STORE_SUBSCR", &[variant(201, "STORE_SUBSCR_DICT"), variant(202, "STORE_SUBSCR_LIST_INT")]),
    ("SEND", &[variant(197, "SEND_GEN")]),
    (
        "UNPACK_SEQUENCE",
        &[variant(211, "UNPACK_SEQUENCE_TWO_TUPLE"), variant(210, "UNPACK_SEQUENCE_TUPLE"), variant(209, "UNPACK_SEQUENCE_LIST")],
    ),
    ("STORE_ATTR", &[variant(198, "STORE_ATTR_INSTANCE_VALUE"), variant(199, "STORE_ATTR_SLOT"), variant(200, "STORE_ATTR_WITH_HINT")]),
    ("LOAD_GLOBAL", &[variant(193, "LOAD_GLOBAL_MODULE"), variant(192, "LOAD_GLOBAL_BUILTIN")]),
    ("LOAD_SUPER_ATTR", &[variant(194, "LOAD_SUPER_ATTR_ATTR"), variant(195, "LOAD_SUPER_ATTR_METHOD")]),
    (
        "LOAD_ATTR",
        &[
            variant(180, "LOAD_ATTR_INSTANCE_VALUE"),
            variant(184, "LOAD_ATTR_MODULE"),
            variant(189, "LOAD_ATTR_WITH_HINT"),
            variant(188, "LOAD_ATTR_SLOT"),
            variant(177, "LOAD_ATTR_CLASS"),
            variant(178, "LOAD_ATTR_CLASS_WITH_METACLASS_CHECK"),
            variant(187, "LOAD_ATTR_PROPERTY"),
            variant(179, "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN"),
            variant(183, "LOAD_ATTR_METHOD_WITH_VALUES"),
            variant(182, "LOAD_ATTR_METHOD_NO_DICT"),
            variant(181, "LOAD_ATTR_METHOD_LAZY_DICT"),
            variant(186, "LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES"),
            variant(185, "LOAD_ATTR_NONDESCRIPTOR_NO_DICT"),
        ],
    ),
    ("COMPARE_OP", &[variant(166, "COMPARE_OP_FLOAT"), variant(167, "COMPARE_OP_INT"), variant(168, "COMPARE_OP_STR")]),
    ("CONTAINS_OP", &[variant(170, "CONTAINS_OP_SET"), variant(169, "CONTAINS_OP_DICT")]),
    ("JUMP_BACKWARD", &[variant(176, "JUMP_BACKWARD_NO_JIT"), variant(175, "JUMP_BACKWARD_JIT")]),
    (
        "FOR_ITER",
        &[variant(172, "FOR_ITER_LIST"), variant(174, "FOR_ITER_TUPLE"), variant(173, "FOR_ITER_RANGE"), variant(171, "FOR_ITER_GEN")],
    ),
    (
        "CALL",
        &[
            variant(144, "CALL_BOUND_METHOD_EXACT_ARGS"),
            variant(161, "CALL_PY_EXACT_ARGS"),
            variant(165, "CALL_TYPE_1"),
            variant(163, "CALL_STR_1"),
            variant(164, "CALL_TUPLE_1"),
            variant(146, "CALL_BUILTIN_CLASS"),
            variant(149, "CALL_BUILTIN_O"),
            variant(147, "CALL_BUILTIN_FAST"),
            variant(148, "CALL_BUILTIN_FAST_WITH_KEYWORDS"),
            variant(154, "CALL_LEN"),
            variant(150, "CALL_ISINSTANCE"),
            variant(155, "CALL_LIST_APPEND"),
            variant(159, "CALL_METHOD_DESCRIPTOR_O"),
            variant(157, "CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS"),
            variant(158, "CALL_METHOD_DESCRIPTOR_NOARGS"),
            variant(156, "CALL_METHOD_DESCRIPTOR_FAST"),
            variant(143, "CALL_ALLOC_AND_ENTER_INIT"),
            variant(162, "CALL_PY_GENERAL"),
            variant(145, "CALL_BOUND_METHOD_GENERAL"),
            variant(160, "CALL_NON_PY_GENERAL"),
        ],
    ),
    ("CALL_KW", &[variant(151, "CALL_KW_BOUND_METHOD"), variant(153, "CALL_KW_PY"), variant(152, "CALL_KW_NON_PY")]),
];

/// The instrumented forms, and the entry to CPython's JIT.
pub const INSTRUMENTED: &[Variant] = &[
    variant(234, "INSTRUMENTED_END_FOR"),
    variant(235, "INSTRUMENTED_POP_ITER"),
    variant(236, "INSTRUMENTED_END_SEND"),
    variant(237, "INSTRUMENTED_FOR_ITER"),
    variant(238, "INSTRUMENTED_INSTRUCTION"),
    variant(239, "INSTRUMENTED_JUMP_FORWARD"),
    variant(240, "INSTRUMENTED_NOT_TAKEN"),
    variant(241, "INSTRUMENTED_POP_JUMP_IF_TRUE"),
    variant(242, "INSTRUMENTED_POP_JUMP_IF_FALSE"),
    variant(243, "INSTRUMENTED_POP_JUMP_IF_NONE"),
    variant(244, "INSTRUMENTED_POP_JUMP_IF_NOT_NONE"),
    variant(245, "INSTRUMENTED_RESUME"),
    variant(246, "INSTRUMENTED_RETURN_VALUE"),
    variant(247, "INSTRUMENTED_YIELD_VALUE"),
    variant(248, "INSTRUMENTED_END_ASYNC_FOR"),
    variant(249, "INSTRUMENTED_LOAD_SUPER_ATTR"),
    variant(250, "INSTRUMENTED_CALL"),
    variant(251, "INSTRUMENTED_CALL_KW"),
    variant(252, "INSTRUMENTED_CALL_FUNCTION_EX"),
    variant(253, "INSTRUMENTED_JUMP_BACKWARD"),
    variant(254, "INSTRUMENTED_LINE"),
    variant(255, "ENTER_EXECUTOR"),
];
