//! A checked pattern in the form the matcher executes.
//!
//! Instructions are small; what they need beyond a number sits in side tables indexed by that number.

use crate::chars::Fold;
use crate::class::Class;
use crate::code::{At, MAXGROUPS};
use crate::first::{Choices, FirstSet};
use crate::search::Strategy;
use crate::translate::{InvalidCode, complete, translate};

/// An index into [`Program::insts`].
pub(crate) type Pc = u32;

/// One instruction. It either goes on with the next one, jumps, or fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inst {
    /// Match one ASCII character.
    Byte(u8),
    /// Match a string.
    Str(u32),
    /// Match any character but a newline.
    Any,
    /// Match any character.
    AnyAll,
    /// Match a character of a class.
    Class(u32),
    /// Match any character but this one.
    NotLiteral(u32),
    /// Test a position.
    At(At),
    /// Record the position in a mark.
    Mark(u32),
    /// The same inside a loop, where the mark may be overwritten and has to be restored.
    LoopMark(u32),
    /// Go on elsewhere.
    Jump(Pc),
    /// Try alternatives.
    Branch(u32),
    /// Repeat one character, as often as possible.
    RepeatOne(u32),
    /// Repeat one character, as seldom as possible.
    MinRepeatOne(u32),
    /// Repeat one character as often as possible and never give back.
    PossessiveRepeatOne(u32),
    /// Begin a loop.
    Repeat(u32),
    /// End of a greedy loop's body.
    MaxUntil(u32),
    /// End of a lazy loop's body.
    MinUntil(u32),
    /// Begin a scope: assertion, atomic group or possessive loop.
    Scope(u32),
    /// End of a scope's body.
    ScopeEnd(u32),
    /// Match what a group matched.
    GroupRef(u32, Fold),
    /// Go on if the group has matched, else jump.
    GroupRefExists(u32, Pc),
    /// Fail.
    Fail,
    /// The pattern has matched.
    End,
}

/// A string to match, in both encodings.
#[derive(Debug)]
pub(crate) struct Literal {
    /// One byte per character, unless a character does not fit.
    pub(crate) narrow: Option<Vec<u8>>,
    /// WTF-8, unless a character is out of range.
    pub(crate) wide: Option<Vec<u8>>,
}

/// The alternatives of a branch.
#[derive(Debug)]
pub(crate) struct Branch {
    /// Where each begins.
    pub(crate) starts: Vec<Pc>,
    /// Which are worth trying.
    pub(crate) choices: Choices,
}

/// What a one-character repeat repeats.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    Never,
    Any,
    AnyAll,
    Byte(u8),
    NotByte(u8),
    Class(u32),
}

/// A one-character repeat; what follows it is the next instruction.
#[derive(Debug)]
pub(crate) struct RepeatOne {
    pub(crate) unit: Unit,
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) next: Pc,
    /// What the rest of the pattern begins with.
    pub(crate) first: Option<FirstSet>,
    /// The rest cannot begin with a repeated character, so it can match at one position only: behind all of them.
    pub(crate) sole: bool,
}

/// A loop; its body is the next instruction.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) body: Pc,
    /// The `MaxUntil` or `MinUntil`; what follows the loop is behind it.
    pub(crate) until: Pc,
    /// What the rest of the pattern begins with.
    pub(crate) first: Option<FirstSet>,
    /// What the body begins with.
    pub(crate) body_first: Option<FirstSet>,
}

/// What becomes of a scope when its body has matched or failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    Assert,
    AssertNot,
    Atomic,
    /// A possessive loop with its bounds.
    Possessive {
        min: u32,
        max: u32,
    },
}

/// A part of the pattern that, once matched, is not reconsidered.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    /// How many characters before the position the body starts.
    pub(crate) behind: u32,
    pub(crate) body: Pc,
    pub(crate) next: Pc,
}

/// A compiled pattern, ready to be matched. It is immutable and can be shared.
#[derive(Debug)]
pub struct Program {
    pub(crate) insts: Vec<Inst>,
    pub(crate) groups: u32,
    pub(crate) literals: Vec<Literal>,
    pub(crate) classes: Vec<Class>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) repeats: Vec<RepeatOne>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) min_width: usize,
    /// A condition that holds wherever a match begins.
    pub(crate) condition: Option<At>,
    /// The unbounded one-character repeat that the program begins with, if what follows it cannot be in its run.
    pub(crate) leading_run: Option<u32>,
    pub(crate) strategy: Strategy,
}

/// A program whose code has been checked, but which is not prepared for matching. Many patterns are compiled and never used.
#[derive(Debug)]
pub struct Draft {
    pub(crate) program: Program,
    /// The literal that all matches begin with.
    pub(crate) prefix: Option<Literal>,
}

impl Draft {
    /// Checks the code array of a pattern with this many groups.
    pub fn new(code: &[u32], groups: u32) -> Result<Draft, InvalidCode> {
        if groups > MAXGROUPS {
            return Err(InvalidCode);
        }
        translate(code, groups)
    }

    /// Prepares the program for matching.
    pub fn complete(self) -> Program {
        complete(self)
    }
}

impl Program {
    /// Checks the code array of a pattern with this many groups and prepares it for matching.
    pub fn new(code: &[u32], groups: u32) -> Result<Program, InvalidCode> {
        Ok(Draft::new(code, groups)?.complete())
    }

    /// The number of groups, without the whole match.
    pub fn groups(&self) -> u32 {
        self.groups
    }
}
