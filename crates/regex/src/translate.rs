//! From the code array to a [`Program`]: checks every word and resolves the relative jumps.
//!
//! Code arrays come from Python, so anything may be in them. Blocks are kept on a stack of our own, not on the
//! native one, so that deep nesting is no danger. Mirrors `_validate` in `Modules/_sre/sre.c`.

use std::collections::HashMap;
use std::fmt;

use crate::chars::Fold;
use crate::class::{Class, Item};
use crate::code::{At, Category, INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, MAXREPEAT, Op};
use crate::encoding::encode;
use crate::first::{self, Choices};
use crate::program::{Branch, Draft, Inst, Literal, Loop, Pc, Program, RepeatOne, Scope, ScopeKind, Unit};
use crate::search::Strategy;

/// The code array is malformed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidCode;

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid SRE code")
    }
}

impl std::error::Error for InvalidCode {}

type Result<T> = std::result::Result<T, InvalidCode>;

/// The program of a code array, not yet completed.
pub(crate) fn translate(code: &[u32], groups: u32) -> Result<Draft> {
    let mut translator = Translator {
        code,
        at: 0,
        fence: 0,
        blocks: Vec::new(),
        known_classes: HashMap::new(),
        program: Program {
            insts: Vec::new(),
            groups,
            literals: Vec::new(),
            classes: Vec::new(),
            branches: Vec::new(),
            repeats: Vec::new(),
            loops: Vec::new(),
            scopes: Vec::new(),
            min_width: 0,
            condition: None,
            leading_run: None,
            strategy: Strategy::Everywhere,
        },
    };
    let prefix = translator.run()?;
    Ok(Draft { program: translator.program, prefix })
}

/// Look the program over for what makes matching fast.
pub(crate) fn complete(Draft { mut program, prefix }: Draft) -> Program {
    first::annotate(&mut program);
    match program.insts.iter().find(|inst| !matches!(inst, Inst::Mark(_))) {
        Some(&Inst::At(condition)) => program.condition = Some(condition),
        Some(&Inst::RepeatOne(index) | &Inst::PossessiveRepeatOne(index)) => {
            let repeat = &program.repeats[index as usize];
            let unbounded = repeat.min > 0 && repeat.max == MAXREPEAT;
            program.leading_run = Some(index).filter(|_| unbounded && repeat.sole);
        }
        _ => {}
    }
    program.strategy = Strategy::choose(&program, prefix.as_ref());
    program
}

/// An open block: code up to `end` belongs to it.
struct Block {
    end: usize,
    kind: BlockKind,
    /// Whether this block or one around it may run several times in one match.
    in_loop: bool,
    /// The innermost scope around the code of this block.
    scope: Option<u32>,
}

enum BlockKind {
    Pattern,
    Loop { index: u32 },
    Scope { index: u32 },
    Branch { index: u32, target: Option<usize>, jumps: Vec<Pc> },
    Then { test: Pc },
    Else { jump: Pc },
}

struct Translator<'a> {
    code: &'a [u32],
    at: usize,
    /// Instructions before this one may be jump targets' predecessors: nothing is merged across it.
    fence: usize,
    blocks: Vec<Block>,
    known_classes: HashMap<(Vec<Item>, Fold), u32>,
    program: Program,
}

impl Translator<'_> {
    /// Translates everything; gives the literal prefix if there is one.
    fn run(&mut self) -> Result<Option<Literal>> {
        let last = self.code.len().checked_sub(1).ok_or(InvalidCode)?;
        if self.code[last] != Op::Success as u32 {
            return Err(InvalidCode);
        }
        self.blocks.push(Block { end: last, kind: BlockKind::Pattern, in_loop: false, scope: None });
        let prefix = if self.code[0] == Op::Info as u32 { self.leading_info()? } else { None };
        loop {
            let block = self.blocks.last().ok_or(InvalidCode)?;
            if self.at > block.end {
                return Err(InvalidCode);
            }
            if self.at < block.end {
                self.instruction()?;
            } else if let BlockKind::Pattern = block.kind {
                self.emit(Inst::End);
                return Ok(prefix);
            } else {
                self.close()?;
            }
        }
    }

    /// The next word.
    fn word(&mut self) -> Result<u32> {
        let word = *self.code.get(self.at).ok_or(InvalidCode)?;
        self.at += 1;
        Ok(word)
    }

    fn op(&mut self) -> Result<Op> {
        Op::from_code(self.word()?).ok_or(InvalidCode)
    }

    fn expect(&mut self, op: Op) -> Result<()> {
        if self.op()? == op { Ok(()) } else { Err(InvalidCode) }
    }

    /// The next word, a distance from itself: where it leads.
    fn target(&mut self) -> Result<usize> {
        let from = self.at;
        let target = from.checked_add(self.word()? as usize).ok_or(InvalidCode)?;
        if target > self.end() { Err(InvalidCode) } else { Ok(target) }
    }

    /// The end of the innermost block.
    fn end(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.end)
    }

    fn open(&mut self, end: usize, kind: BlockKind) -> Result<()> {
        if end < self.at || end > self.end() {
            return Err(InvalidCode);
        }
        let outer = self.blocks.last();
        let in_loop = outer.is_some_and(|block| block.in_loop) || self.repeats(&kind);
        let scope = if let BlockKind::Scope { index } = kind { Some(index) } else { self.scope_here() };
        self.blocks.push(Block { end, kind, in_loop, scope });
        Ok(())
    }

    fn scope_here(&self) -> Option<u32> {
        self.blocks.last().and_then(|block| block.scope)
    }

    fn here(&self) -> Pc {
        self.program.insts.len() as Pc
    }

    fn emit(&mut self, inst: Inst) {
        self.program.insts.push(inst);
    }

    /// Makes the next instruction a possible jump target.
    fn label(&mut self) -> Pc {
        self.fence = self.program.insts.len();
        self.here()
    }

    fn instruction(&mut self) -> Result<()> {
        let op = self.op()?;
        match op {
            Op::Success => self.emit(self.scope_here().map_or(Inst::End, Inst::ScopeEnd)),
            Op::Failure => self.emit(Inst::Fail),
            Op::Literal => {
                let c = self.word()?;
                self.literal(c);
            }
            Op::Any
            | Op::AnyAll
            | Op::NotLiteral
            | Op::Category
            | Op::LiteralIgnore
            | Op::NotLiteralIgnore
            | Op::LiteralUniIgnore
            | Op::NotLiteralUniIgnore
            | Op::LiteralLocIgnore
            | Op::NotLiteralLocIgnore
            | Op::In
            | Op::InIgnore
            | Op::InUniIgnore
            | Op::InLocIgnore => {
                let inst = self.single(op)?;
                self.emit(inst);
            }
            Op::At => {
                let at = At::from_code(self.word()?).ok_or(InvalidCode)?;
                self.emit(Inst::At(at));
            }
            Op::Mark => {
                let mark = self.word()?;
                if mark / 2 >= self.program.groups {
                    return Err(InvalidCode);
                }
                let in_loop = self.blocks.last().is_some_and(|block| block.in_loop);
                self.emit(if in_loop { Inst::LoopMark(mark) } else { Inst::Mark(mark) });
            }
            Op::Info => {
                self.info()?;
            }
            Op::Branch => {
                self.program.branches.push(Branch { starts: Vec::new(), choices: Choices::default() });
                let index = self.program.branches.len() as u32 - 1;
                self.emit(Inst::Branch(index));
                self.alternative(index, None, Vec::new())?;
            }
            Op::RepeatOne | Op::MinRepeatOne | Op::PossessiveRepeatOne => self.repeat_one(op)?,
            Op::Repeat => {
                let end = self.target()?;
                let (min, max) = self.bounds()?;
                let index = self.program.loops.len() as u32;
                self.emit(Inst::Repeat(index));
                let body = self.label();
                self.program.loops.push(Loop { min, max, body, until: 0, first: None, body_first: None });
                self.open(end, BlockKind::Loop { index })?;
            }
            Op::PossessiveRepeat => {
                let end = self.target()?;
                let (min, max) = self.bounds()?;
                self.scope(ScopeKind::Possessive { min, max }, 0, end)?;
            }
            Op::AtomicGroup => {
                let next = self.target()?;
                self.scope(ScopeKind::Atomic, 0, next.wrapping_sub(1))?;
            }
            Op::Assert | Op::AssertNot => {
                let next = self.target()?;
                let behind = self.word()?;
                let kind = if op == Op::Assert { ScopeKind::Assert } else { ScopeKind::AssertNot };
                self.scope(kind, behind, next.wrapping_sub(1))?;
            }
            Op::GroupRef | Op::GroupRefIgnore | Op::GroupRefUniIgnore | Op::GroupRefLocIgnore => {
                let group = self.group()?;
                let fold = match op {
                    Op::GroupRefIgnore => Fold::Ascii,
                    Op::GroupRefUniIgnore => Fold::Unicode,
                    Op::GroupRefLocIgnore => Fold::Locale,
                    _ => Fold::None,
                };
                self.emit(Inst::GroupRef(group, fold));
            }
            Op::GroupRefExists => {
                let from = self.at;
                let group = self.group()?;
                let target = from.checked_add(self.word()? as usize).ok_or(InvalidCode)?;
                let test = self.here();
                self.emit(Inst::GroupRefExists(group, 0));
                self.open(target, BlockKind::Then { test })?;
            }
            Op::Jump => self.jump_to_end()?,
            Op::MaxUntil | Op::MinUntil | Op::Charset | Op::BigCharset | Op::Negate | Op::Range | Op::RangeUniIgnore | Op::Subpattern => {
                return Err(InvalidCode);
            }
        }
        Ok(())
    }

    /// A jump outside a branch ends the first half of a conditional and leads behind the second half.
    fn jump_to_end(&mut self) -> Result<()> {
        let Some(Block { end, kind: BlockKind::Then { test }, .. }) = self.blocks.pop() else { return Err(InvalidCode) };
        let target = self.target()?;
        if self.at != end {
            return Err(InvalidCode);
        }
        let jump = self.here();
        self.emit(Inst::Jump(0));
        let otherwise = self.label();
        self.patch(test, otherwise);
        self.open(target, BlockKind::Else { jump })
    }

    /// Ends the innermost block.
    fn close(&mut self) -> Result<()> {
        let block = self.blocks.pop().ok_or(InvalidCode)?;
        match block.kind {
            BlockKind::Pattern => return Err(InvalidCode),
            BlockKind::Loop { index } => {
                let until = self.here();
                match self.op()? {
                    Op::MaxUntil => self.emit(Inst::MaxUntil(index)),
                    Op::MinUntil => self.emit(Inst::MinUntil(index)),
                    _ => return Err(InvalidCode),
                }
                self.program.loops[index as usize].until = until;
                self.label();
            }
            BlockKind::Scope { index } => {
                self.expect(Op::Success)?;
                self.emit(Inst::ScopeEnd(index));
                let next = self.label();
                self.program.scopes[index as usize].next = next;
            }
            BlockKind::Branch { index, target, mut jumps } => {
                self.expect(Op::Jump)?;
                let to = self.target()?;
                if target.is_some_and(|target| target != to) {
                    return Err(InvalidCode);
                }
                jumps.push(self.here());
                self.emit(Inst::Jump(0));
                self.alternative(index, Some(to), jumps)?;
            }
            BlockKind::Then { test: pc } | BlockKind::Else { jump: pc } => {
                let target = self.label();
                self.patch(pc, target);
            }
        }
        Ok(())
    }

    /// The next alternative of a branch, or its end.
    fn alternative(&mut self, index: u32, target: Option<usize>, jumps: Vec<Pc>) -> Result<()> {
        let from = self.at;
        if self.word()? != 0 {
            self.at = from;
            let next = self.target()?;
            let start = self.label();
            self.program.branches[index as usize].starts.push(start);
            return self.open(next.checked_sub(2).ok_or(InvalidCode)?, BlockKind::Branch { index, target, jumps });
        }
        if target != Some(self.at) {
            return Err(InvalidCode);
        }
        let end = self.label();
        for jump in jumps {
            self.patch(jump, end);
        }
        Ok(())
    }

    fn patch(&mut self, pc: Pc, target: Pc) {
        match &mut self.program.insts[pc as usize] {
            Inst::Jump(to) | Inst::GroupRefExists(_, to) => *to = target,
            _ => unreachable!("only jumps are patched"),
        }
    }

    fn scope(&mut self, kind: ScopeKind, behind: u32, end: usize) -> Result<()> {
        let index = self.program.scopes.len() as u32;
        self.emit(Inst::Scope(index));
        let body = self.label();
        self.program.scopes.push(Scope { kind, behind, body, next: 0 });
        self.open(end, BlockKind::Scope { index })
    }

    /// Whether a block's body may run several times in one match.
    fn repeats(&self, kind: &BlockKind) -> bool {
        match kind {
            BlockKind::Loop { .. } => true,
            BlockKind::Scope { index } => matches!(self.program.scopes[*index as usize].kind, ScopeKind::Possessive { .. }),
            _ => false,
        }
    }

    fn bounds(&mut self) -> Result<(u32, u32)> {
        let (min, max) = (self.word()?, self.word()?);
        if min > max { Err(InvalidCode) } else { Ok((min, max)) }
    }

    fn group(&mut self) -> Result<u32> {
        let group = self.word()?;
        if group >= self.program.groups { Err(InvalidCode) } else { Ok(group) }
    }

    fn repeat_one(&mut self, op: Op) -> Result<()> {
        let next = self.target()?;
        let (min, max) = self.bounds()?;
        let unit_op = self.op()?;
        let inst = match unit_op {
            Op::Failure => Inst::Fail,
            Op::Literal => match self.word()? {
                c @ 0..128 => Inst::Byte(c as u8),
                c => self.class(vec![Item::Literal(c)], Fold::None),
            },
            _ => self.single(unit_op)?,
        };
        let unit = match inst {
            Inst::Fail => Unit::Never,
            Inst::Byte(byte) => Unit::Byte(byte),
            Inst::Any => Unit::Any,
            Inst::AnyAll => Unit::AnyAll,
            Inst::NotLiteral(c @ 0..128) => Unit::NotByte(c as u8),
            Inst::NotLiteral(c) => match self.class(vec![Item::Negate, Item::Literal(c)], Fold::None) {
                Inst::Class(class) => Unit::Class(class),
                _ => return Err(InvalidCode),
            },
            Inst::Class(class) => Unit::Class(class),
            _ => return Err(InvalidCode),
        };
        self.expect(Op::Success)?;
        if self.at != next {
            return Err(InvalidCode);
        }
        let index = self.program.repeats.len() as u32;
        self.emit(match op {
            Op::RepeatOne => Inst::RepeatOne(index),
            Op::MinRepeatOne => Inst::MinRepeatOne(index),
            _ => Inst::PossessiveRepeatOne(index),
        });
        let next = self.label();
        self.program.repeats.push(RepeatOne { unit, min, max, next, first: None, sole: false });
        Ok(())
    }

    /// The rest of an instruction that matches one character.
    fn single(&mut self, op: Op) -> Result<Inst> {
        let fold = match op {
            Op::LiteralIgnore | Op::NotLiteralIgnore | Op::InIgnore => Fold::Ascii,
            Op::LiteralUniIgnore | Op::NotLiteralUniIgnore | Op::InUniIgnore => Fold::Unicode,
            Op::LiteralLocIgnore | Op::NotLiteralLocIgnore | Op::InLocIgnore => Fold::Locale,
            _ => Fold::None,
        };
        Ok(match op {
            Op::Any => Inst::Any,
            Op::AnyAll => Inst::AnyAll,
            Op::NotLiteral => Inst::NotLiteral(self.word()?),
            Op::Category => {
                let category = self.category()?;
                self.class(vec![category], fold)
            }
            Op::LiteralIgnore | Op::LiteralUniIgnore | Op::LiteralLocIgnore => {
                let c = self.word()?;
                self.class(vec![Item::Literal(c)], fold)
            }
            Op::NotLiteralIgnore | Op::NotLiteralUniIgnore | Op::NotLiteralLocIgnore => {
                let c = self.word()?;
                self.class(vec![Item::Negate, Item::Literal(c)], fold)
            }
            Op::In | Op::InIgnore | Op::InUniIgnore | Op::InLocIgnore => {
                let end = self.target()?;
                let items = self.items(end.checked_sub(1).ok_or(InvalidCode)?)?;
                self.expect(Op::Failure)?;
                self.class(items, fold)
            }
            _ => return Err(InvalidCode),
        })
    }

    fn class(&mut self, items: Vec<Item>, fold: Fold) -> Inst {
        let classes = &mut self.program.classes;
        let index = *self.known_classes.entry((items, fold)).or_insert_with_key(|(items, fold)| {
            classes.push(Class::new(items.clone(), *fold));
            classes.len() as u32 - 1
        });
        Inst::Class(index)
    }

    fn category(&mut self) -> Result<Item> {
        let number = self.word()?;
        Category::from_code(number).map(|_| Item::Category(number)).ok_or(InvalidCode)
    }

    /// The elements of a class, up to `end`.
    fn items(&mut self, end: usize) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        while self.at < end {
            items.push(match self.op()? {
                Op::Negate => Item::Negate,
                Op::Literal => Item::Literal(self.word()?),
                Op::Range => Item::Range(self.word()?, self.word()?),
                Op::RangeUniIgnore => Item::RangeIgnore(self.word()?, self.word()?),
                Op::Category => self.category()?,
                Op::Charset => Item::Charset(self.words(8)?.into()),
                Op::BigCharset => {
                    let blocks = self.word()?;
                    let index: Box<[u8]> = self.words(64)?.iter().flat_map(|word| word.to_le_bytes()).collect();
                    if index.iter().any(|&block| block as u32 >= blocks) {
                        return Err(InvalidCode);
                    }
                    Item::BigCharset(index, self.words((blocks as usize).checked_mul(8).ok_or(InvalidCode)?)?.into())
                }
                _ => return Err(InvalidCode),
            });
        }
        if self.at == end { Ok(items) } else { Err(InvalidCode) }
    }

    fn words(&mut self, count: usize) -> Result<&[u32]> {
        let end = self.at.checked_add(count).ok_or(InvalidCode)?;
        let words = self.code.get(self.at..end).ok_or(InvalidCode)?;
        self.at = end;
        Ok(words)
    }

    /// Appends a character to the string instruction before, or starts one.
    fn literal(&mut self, c: u32) {
        let last = self.program.insts.len().wrapping_sub(1);
        let mergeable = self.fence < self.program.insts.len();
        let index = match self.program.insts.get(last) {
            Some(Inst::Str(index)) if mergeable => *index,
            Some(&Inst::Byte(byte)) if mergeable => {
                self.program.insts.pop();
                self.program.literals.push(Literal::from(byte as u32));
                self.emit(Inst::Str(self.program.literals.len() as u32 - 1));
                self.program.literals.len() as u32 - 1
            }
            _ if c < 128 => return self.emit(Inst::Byte(c as u8)),
            _ => {
                self.program.literals.push(Literal::from(c));
                return self.emit(Inst::Str(self.program.literals.len() as u32 - 1));
            }
        };
        self.program.literals[index as usize].push(c);
    }

    /// The hints at the beginning of the pattern: its least width, its literal prefix.
    fn leading_info(&mut self) -> Result<Option<Literal>> {
        self.at = 1;
        let (min, prefix) = self.info()?;
        self.program.min_width = min as usize;
        Ok(prefix)
    }

    fn info(&mut self) -> Result<(u32, Option<Literal>)> {
        let end = self.target()?;
        let (flags, min, _max) = (self.word()?, self.word()?, self.word()?);
        let known = INFO_PREFIX | INFO_LITERAL | INFO_CHARSET;
        let (prefix, charset) = (flags & INFO_PREFIX != 0, flags & INFO_CHARSET != 0);
        if flags & !known != 0 || (prefix && charset) || (flags & INFO_LITERAL != 0 && !prefix) {
            return Err(InvalidCode);
        }
        let mut text = None;
        if prefix {
            let length = self.word()?;
            let _skip = self.word()?;
            let mut literal = Literal::EMPTY;
            for &c in self.words(length as usize)? {
                literal.push(c);
            }
            if self.words(length as usize)?.iter().any(|&overlap| overlap >= length) {
                return Err(InvalidCode);
            }
            text = Some(literal).filter(|_| length > 0);
        }
        if charset {
            self.items(end.checked_sub(1).ok_or(InvalidCode)?)?;
            self.expect(Op::Failure)?;
        }
        if self.at == end { Ok((min, text)) } else { Err(InvalidCode) }
    }
}

impl From<u32> for Literal {
    fn from(c: u32) -> Literal {
        let mut literal = Literal::EMPTY;
        literal.push(c);
        literal
    }
}

impl Literal {
    const EMPTY: Literal = Literal { narrow: Some(Vec::new()), wide: Some(Vec::new()) };

    fn push(&mut self, c: u32) {
        match (&mut self.narrow, u8::try_from(c)) {
            (Some(text), Ok(byte)) => text.push(byte),
            (narrow, _) => *narrow = None,
        }
        if let Some(text) = &mut self.wide
            && !encode(c, text)
        {
            self.wide = None;
        }
    }
}
