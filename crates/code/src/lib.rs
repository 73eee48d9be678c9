//! Compiled code: CPython 3.14's instructions, code objects, `marshal` and a disassembler.

mod code_object;
mod code_ref;
mod constant;
mod disassemble;
mod items;
pub mod marshal;
pub mod opcode;
mod operand;
mod positions;
mod stacks;

pub use code_object::{Bytes, CodeObject, local_kind};
pub use code_ref::CodeRef;
pub use constant::Const;
pub use disassemble::{describe_constant, describe_instruction, disassemble};
pub use items::{Consts, Items, Texts};
pub use opcode::Opcode;
pub use operand::{
    BinaryOperator, CommonConstant, Comparison, Conversion, Intrinsic1, Intrinsic2, SpecialMethod, flag, function_attribute, resume,
};
pub use positions::{CodeInstruction, HandlerRange, LineCursor, LineRange, Position, PositionRange};
pub use stacks::{StackEntry, Stacks};
