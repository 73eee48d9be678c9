//! The instructions of CPython 3.14's bytecode, declared once in `table.rs`; everything that names an instruction derives from it.
//!
//! `Opcode` covers what a code object can hold and the pseudo-instructions of the compiler (256 and up). The specialised and
//! instrumented forms, which never appear in our code objects, are only names and numbers for `_opcode_metadata` (`variants.rs`).

mod table;
mod variants;

pub use table::Opcode;
pub use variants::{INSTRUMENTED, MIN_INSTRUMENTED_OPCODE, SPECIALIZED, Variant};

/// The largest opcode number without an argument; from the next one on they have one.
pub const HAVE_ARGUMENT: u16 = Opcode::WITH_EXCEPT_START as u16;

/// Properties of an opcode, as bits.
pub mod property {
    #![allow(missing_docs, reason = "they are explained at the methods of `Opcode` that ask for them")]
    pub const ARG: u8 = 1;
    pub const CONST: u8 = 2;
    pub const NAME: u8 = 4;
    pub const JUMP: u8 = 8;
    pub const FREE: u8 = 16;
    pub const LOCAL: u8 = 32;
    pub const BLOCK: u8 = 64;
}

impl Opcode {
    /// The number in the bytecode; 256 and up for pseudo-instructions.
    #[inline]
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The opcode of this number, unless no basic instruction has it.
    pub fn from_number(number: u16) -> Option<Opcode> {
        BY_NUMBER.get(usize::from(number)).copied().flatten()
    }

    /// The opcode of this name, unless no basic instruction has it.
    pub fn from_name(name: &str) -> Option<Opcode> {
        Opcode::ALL.iter().copied().find(|opcode| opcode.name() == name)
    }

    /// Whether only the compiler uses it: it is replaced before code is assembled.
    #[inline]
    pub const fn is_pseudo(self) -> bool {
        self as u16 >= 256
    }

    /// Whether the argument means something.
    #[inline]
    pub const fn has_arg(self) -> bool {
        self.properties() & property::ARG != 0
    }

    /// Whether the argument is an index into the constants.
    #[inline]
    pub const fn has_const(self) -> bool {
        self.properties() & property::CONST != 0
    }

    /// Whether the argument (shifted, for some) is an index into the names.
    #[inline]
    pub const fn has_name(self) -> bool {
        self.properties() & property::NAME != 0
    }

    /// Whether the argument is a jump distance.
    #[inline]
    pub const fn has_jump(self) -> bool {
        self.properties() & property::JUMP != 0
    }

    /// Whether CPython counts it as an access to a cell or free variable.
    #[inline]
    pub const fn has_free(self) -> bool {
        self.properties() & property::FREE != 0
    }

    /// Whether CPython counts it as an access to a local variable.
    #[inline]
    pub const fn has_local(self) -> bool {
        self.properties() & property::LOCAL != 0
    }

    /// Whether it opens a block with an exception handler (`has_exc` in `_opcode`).
    #[inline]
    pub const fn opens_block(self) -> bool {
        self.properties() & property::BLOCK != 0
    }

    /// Whether it names another place in the code: a jump or the opening of a block.
    #[inline]
    pub const fn has_target(self) -> bool {
        self.has_jump() || self.opens_block()
    }

    /// How many values it takes from the evaluation stack.
    #[inline]
    pub fn popped(self, arg: u32) -> i64 {
        POPPED[self as usize].with(arg).unwrap_or_else(|| self.popped_with(arg))
    }

    /// How many values it leaves in their place.
    #[inline]
    pub fn pushed(self, arg: u32) -> i64 {
        PUSHED[self as usize].with(arg).unwrap_or_else(|| self.pushed_with(arg))
    }

    /// How much deeper the evaluation stack is afterwards; for a jump, when it is taken; for the opening of a block, in the handler.
    #[inline]
    pub fn stack_effect(self, arg: u32) -> i64 {
        NET[self as usize].with(arg).unwrap_or_else(|| self.pushed_with(arg) - self.popped_with(arg))
    }

    /// Whether it always jumps.
    #[inline]
    pub const fn is_unconditional_jump(self) -> bool {
        matches!(
            self,
            Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT | Opcode::JUMP_FORWARD | Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT
        )
    }

    /// Whether it pops a value and jumps depending on it.
    #[inline]
    pub const fn is_conditional_jump(self) -> bool {
        matches!(self, Opcode::POP_JUMP_IF_NONE | Opcode::POP_JUMP_IF_NOT_NONE | Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE)
    }

    /// Whether its jump goes backwards in finished bytecode.
    pub const fn jumps_backward(self) -> bool {
        matches!(self, Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT | Opcode::END_ASYNC_FOR)
    }

    /// Whether it leaves the code object: returns or raises.
    #[inline]
    pub const fn exits_scope(self) -> bool {
        matches!(self, Opcode::RETURN_VALUE | Opcode::RAISE_VARARGS | Opcode::RERAISE)
    }

    /// Whether a basic block ends with it.
    #[inline]
    pub const fn ends_block(self) -> bool {
        self.has_jump() || self.exits_scope()
    }
}

/// The properties of the instruction with this number, run-time forms included; `None` when there is no such instruction.
pub fn properties(number: u16) -> Option<u8> {
    match Opcode::from_number(number) {
        Some(opcode) => Some(opcode.properties()),
        None => Variant::from_number(number).map(Variant::properties),
    }
}

const BY_NUMBER: [Option<Opcode>; table::COUNT] = {
    let mut table = [None; table::COUNT];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        table[Opcode::ALL[index] as usize] = Some(Opcode::ALL[index]);
        index += 1;
    }
    table
};

/// How many values an instruction pops or pushes, by its argument.
#[derive(Clone, Copy)]
struct Count {
    fixed: i8,
    /// How many for each unit of the argument.
    each: i8,
    /// How many more for an odd argument.
    odd: i8,
    /// Whether that is all there is to it.
    linear: bool,
}

impl Count {
    const fn of(values: [i64; 4]) -> Count {
        let [none, one, two, many] = values;
        let each = (two - none) / 2;
        let odd = one - none - each;
        Count { fixed: none as i8, each: each as i8, odd: odd as i8, linear: many == none + MANY as i64 * each }
    }

    #[inline]
    fn with(self, arg: u32) -> Option<i64> {
        let arg = i64::from(arg as i32);
        self.linear.then_some(i64::from(self.fixed) + i64::from(self.each) * arg + i64::from(self.odd) * (arg & 1))
    }
}

/// An argument of which both bytes count where they are two numbers.
const MANY: u32 = 1 << 8;

/// A table of counts, from a function that counts.
macro_rules! counts {
    (|$opcode:ident, $arg:ident| $count:expr) => {{
        const fn count($opcode: Opcode, $arg: u32) -> i64 {
            $count
        }
        let mut table = [Count::of([0; 4]); table::COUNT];
        let mut index = 0;
        while index < Opcode::ALL.len() {
            let opcode = Opcode::ALL[index];
            table[opcode as usize] = Count::of([count(opcode, 0), count(opcode, 1), count(opcode, 2), count(opcode, MANY)]);
            index += 1;
        }
        table
    }};
}

static POPPED: [Count; table::COUNT] = counts!(|opcode, arg| opcode.popped_with(arg));
static PUSHED: [Count; table::COUNT] = counts!(|opcode, arg| opcode.pushed_with(arg));
static NET: [Count; table::COUNT] = counts!(|opcode, arg| opcode.pushed_with(arg) - opcode.popped_with(arg));

#[cfg(test)]
mod tests {
    use super::Opcode;

    #[test]
    fn numbers_and_names_lead_back() {
        for &opcode in Opcode::ALL {
            assert_eq!(Opcode::from_number(opcode.number()), Some(opcode));
            assert_eq!(Opcode::from_name(opcode.name()), Some(opcode));
        }
        assert_eq!(Opcode::from_number(3), None);
        assert_eq!(Opcode::from_number(999), None);
    }

    #[test]
    fn only_arguments_change_effects() {
        assert_eq!(Opcode::UNPACK_EX.stack_effect(0x201), 3);
        assert_eq!(Opcode::SWAP.stack_effect(5), 0);
        assert_eq!(Opcode::CALL.stack_effect(2), -3);
        for &opcode in Opcode::ALL {
            for arg in [0, 1, 2, 3, 7, 0x201, 0x302, 1 << 16] {
                assert_eq!((opcode.popped(arg), opcode.pushed(arg)), (opcode.popped_with(arg), opcode.pushed_with(arg)), "{opcode:?}");
                assert_eq!(opcode.stack_effect(arg), opcode.pushed(arg) - opcode.popped(arg), "{opcode:?}");
            }
        }
        assert!(!Opcode::WITH_EXCEPT_START.has_arg() && Opcode::BINARY_OP.has_arg());
    }
}
