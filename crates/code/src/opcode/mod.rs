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
        match EFFECTS[self as usize] {
            (VARIES, _) => self.popped_with(arg),
            (popped, _) => i64::from(popped),
        }
    }

    /// How many values it leaves in their place.
    #[inline]
    pub fn pushed(self, arg: u32) -> i64 {
        match EFFECTS[self as usize] {
            (_, VARIES) => self.pushed_with(arg),
            (_, pushed) => i64::from(pushed),
        }
    }

    /// How much deeper the evaluation stack is afterwards; for a jump, when it is taken; for the opening of a block, in the handler.
    #[inline]
    pub fn stack_effect(self, arg: u32) -> i64 {
        self.pushed(arg) - self.popped(arg)
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

/// Stands for a number of values that depends on the argument.
const VARIES: u8 = u8::MAX;

/// How many values each instruction pops and pushes.
static EFFECTS: [(u8, u8); table::COUNT] = {
    const fn fixed(none: i64, one: i64, many: i64) -> u8 {
        if none == one && none == many { none as u8 } else { VARIES }
    }
    let mut effects = [(VARIES, VARIES); table::COUNT];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        effects[opcode as usize] = (
            fixed(opcode.popped_with(0), opcode.popped_with(1), opcode.popped_with(1 << 8)),
            fixed(opcode.pushed_with(0), opcode.pushed_with(1), opcode.pushed_with(1 << 8)),
        );
        index += 1;
    }
    effects
};

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
        assert!(!Opcode::WITH_EXCEPT_START.has_arg() && Opcode::BINARY_OP.has_arg());
    }
}
