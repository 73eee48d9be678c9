//! Which bytes a match can begin with, from any point of the program: lets the matcher skip hopeless attempts.
//!
//! The sets are never too small, and may be too large. No set means that the rest may match without a character.

use std::collections::HashSet;

use crate::class::{Bits, Class};
use crate::encoding::Encoding;
use crate::program::{Inst, Pc, Program, ScopeKind, Unit};

/// The bytes that can come first, for each encoding.
#[derive(Clone, Debug)]
pub(crate) struct FirstSet {
    narrow: ByteSet,
    wide: ByteSet,
}

/// A set of bytes that knows whether it is small.
#[derive(Clone, Debug)]
struct ByteSet {
    bits: Bits,
    few: Few,
}

#[derive(Clone, Copy, Debug)]
enum Few {
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    Many,
}

/// A set that holds most bytes is not worth a test.
const TOO_MANY: u32 = 200;
/// How many bytes are looked at one by one before a vector search begins.
const NEAR: usize = 8;
/// How many instructions the question what the program begins with may look at.
const PATIENCE: usize = 4096;
/// How many instructions each of the many questions about its parts may look at.
const PART_PATIENCE: usize = 64;

impl ByteSet {
    fn new(bits: Bits) -> ByteSet {
        let few = if bits.len() > 3 {
            Few::Many
        } else {
            match *bits.iter().collect::<Vec<u8>>() {
                [a] => Few::One(a),
                [a, b] => Few::Two(a, b),
                [a, b, c] => Few::Three(a, b, c),
                _ => Few::Many,
            }
        };
        ByteSet { bits, few }
    }
}

impl FirstSet {
    #[inline]
    fn bytes<E: Encoding>(&self) -> &ByteSet {
        if E::WIDE { &self.wide } else { &self.narrow }
    }

    /// Whether a match may begin at offset `at`.
    #[inline]
    pub(crate) fn allows<E: Encoding>(&self, text: &[u8], at: usize) -> bool {
        text.get(at).is_some_and(|&byte| self.bytes::<E>().bits.contains(byte))
    }

    /// The first offset from `at` on where a match may begin.
    pub(crate) fn find<E: Encoding>(&self, text: &[u8], at: usize) -> Option<usize> {
        let set = self.bytes::<E>();
        // Candidates are often close: a vector search would cost more to begin than it saves.
        let near = (at + NEAR).min(text.len());
        if let Some(offset) = text.get(at..near)?.iter().position(|&byte| set.bits.contains(byte)) {
            return Some(at + offset);
        }
        let at = near;
        let rest = &text[at..];
        let found = match set.few {
            Few::One(a) => memchr::memchr(a, rest),
            Few::Two(a, b) => memchr::memchr2(a, b, rest),
            Few::Three(a, b, c) => memchr::memchr3(a, b, c, rest),
            Few::Many => rest.iter().position(|&byte| set.bits.contains(byte)),
        };
        found.map(|offset| at + offset)
    }

    /// The last offset in `low..=high` where a match may begin.
    #[inline]
    pub(crate) fn rfind<E: Encoding>(&self, text: &[u8], low: usize, high: usize) -> Option<usize> {
        let set = self.bytes::<E>();
        if self.allows::<E>(text, high) {
            return Some(high);
        }
        let run = text.get(low..high)?;
        let found = match set.few {
            Few::One(a) => memchr::memrchr(a, run),
            _ => run.iter().rposition(|&byte| set.bits.contains(byte)),
        };
        found.map(|offset| low + offset)
    }
}

/// For each byte that may come next, the alternatives of a branch that are worth trying.
#[derive(Default, Debug)]
pub(crate) struct Choices {
    lists: Vec<Box<[Pc]>>,
    /// The number of the list for each byte, then for the end of the text.
    narrow: Vec<u16>,
    wide: Vec<u16>,
}

impl Choices {
    fn new(alternatives: &[(Pc, Option<FirstSet>)]) -> Choices {
        let mut choices = Choices::default();
        let number = |lists: &mut Vec<Box<[Pc]>>, accepts: &dyn Fn(&FirstSet) -> bool| {
            let worth = || alternatives.iter().filter(|(_, first)| first.as_ref().is_none_or(accepts)).map(|&(start, _)| start);
            let known = lists.iter().position(|list| list.iter().copied().eq(worth()));
            known.unwrap_or_else(|| {
                lists.push(worth().collect());
                lists.len() - 1
            }) as u16
        };
        for byte in 0..=255 {
            choices.narrow.push(number(&mut choices.lists, &|first| first.narrow.bits.contains(byte)));
            choices.wide.push(number(&mut choices.lists, &|first| first.wide.bits.contains(byte)));
        }
        let end = number(&mut choices.lists, &|_| false);
        choices.narrow.push(end);
        choices.wide.push(end);
        choices
    }

    /// Where the alternatives begin that may match at `at`.
    #[inline]
    pub(crate) fn at<E: Encoding>(&self, text: &[u8], at: usize) -> &[Pc] {
        let numbers = if E::WIDE { &self.wide } else { &self.narrow };
        let next = text.get(at).map_or(256, |&byte| byte as usize);
        &self.lists[numbers[next] as usize]
    }
}

/// A set under construction, for each encoding.
#[derive(Clone, Default, Debug)]
pub(crate) struct Leads {
    narrow: Bits,
    wide: Bits,
}

impl Leads {
    /// The first bytes of a class's members.
    pub(crate) fn of_class(class: &Class) -> Leads {
        let mut leads = Leads::default();
        for c in 0..=255 {
            if class.contains_byte(c) {
                leads.add_char(c as u32);
            }
        }
        match class.high_ranges() {
            Some(ranges) => ranges.iter().for_each(|&(low, high)| leads.add_high(low.max(256), high)),
            None => leads.add_high(256, 0x10_FFFF),
        }
        leads
    }

    /// The finished set, unless it would hardly ever rule anything out.
    fn finish(self) -> Option<FirstSet> {
        if self.narrow.len() > TOO_MANY {
            return None;
        }
        Some(FirstSet { narrow: ByteSet::new(self.narrow), wide: ByteSet::new(self.wide) })
    }

    fn add(&mut self, other: &Leads) {
        self.narrow.union(&other.narrow);
        self.wide.union(&other.wide);
    }

    fn add_char(&mut self, c: u32) {
        if let Ok(byte) = u8::try_from(c) {
            self.narrow.insert(byte);
        }
        self.wide.insert(lead(c));
    }

    /// All characters from `low` to `high`, of which `low` is at least 256.
    fn add_high(&mut self, low: u32, high: u32) {
        for byte in lead(low)..=lead(high) {
            self.wide.insert(byte);
        }
    }

    fn add_all_but(&mut self, excluded: Option<u32>) {
        let excluded = excluded.and_then(|c| u8::try_from(c).ok());
        self.narrow.insert_all_but(excluded);
        self.wide.insert_all_but(excluded.filter(u8::is_ascii));
    }

    fn add_unit(&mut self, program: &Program, unit: Unit) {
        match unit {
            Unit::Never => {}
            Unit::Any => self.add_all_but(Some(b'\n' as u32)),
            Unit::AnyAll => self.add_all_but(None),
            Unit::Byte(byte) => self.add_char(byte as u32),
            Unit::NotByte(byte) => self.add_all_but(Some(byte as u32)),
            Unit::Class(class) => self.add(program.classes[class as usize].leads()),
        }
    }
}

/// The first byte of a character in WTF-8; that of the last one if it is out of range.
fn lead(c: u32) -> u8 {
    match c {
        0..0x80 => c as u8,
        0x80..0x800 => 0xC0 | (c >> 6) as u8,
        0x800..0x1_0000 => 0xE0 | (c >> 12) as u8,
        0x1_0000..0x11_0000 => 0xF0 | (c >> 18) as u8,
        _ => 0xF4,
    }
}

/// What a match of the code from `pc` on begins with; nothing if it may match without a character.
fn first(program: &Program, pc: Pc, patience: usize) -> Option<FirstSet> {
    let mut set = Leads::default();
    let mut pending = vec![pc];
    let mut seen = HashSet::new();
    let mut entered: Vec<u32> = Vec::new();
    while let Some(pc) = pending.pop() {
        if !seen.insert(pc) {
            continue;
        }
        if seen.len() > patience {
            return None;
        }
        match program.insts[pc as usize] {
            Inst::Byte(byte) => set.add_char(byte as u32),
            Inst::Str(literal) => {
                let literal = &program.literals[literal as usize];
                if let Some(text) = &literal.narrow {
                    set.narrow.insert(text[0]);
                }
                if let Some(text) = &literal.wide {
                    set.wide.insert(text[0]);
                }
            }
            Inst::Any => set.add_all_but(Some(b'\n' as u32)),
            Inst::AnyAll => set.add_all_but(None),
            Inst::Class(class) => set.add(program.classes[class as usize].leads()),
            Inst::NotLiteral(c) => set.add_all_but(Some(c)),
            Inst::At(_) | Inst::Mark(_) | Inst::LoopMark(_) => pending.push(pc + 1),
            Inst::Jump(target) => pending.push(target),
            Inst::Branch(branch) => {
                pending.extend(&program.branches[branch as usize].starts);
            }
            Inst::RepeatOne(repeat) | Inst::MinRepeatOne(repeat) | Inst::PossessiveRepeatOne(repeat) => {
                let repeat = &program.repeats[repeat as usize];
                set.add_unit(program, repeat.unit);
                if repeat.min == 0 {
                    pending.push(repeat.next);
                }
            }
            Inst::Repeat(index) => {
                let repeat = &program.loops[index as usize];
                pending.push(repeat.body);
                if repeat.min == 0 {
                    pending.push(repeat.until + 1);
                }
            }
            Inst::MaxUntil(index) | Inst::MinUntil(index) => pending.extend([program.loops[index as usize].body, pc + 1]),
            Inst::Scope(index) => {
                let scope = &program.scopes[index as usize];
                match scope.kind {
                    ScopeKind::Assert | ScopeKind::AssertNot => pending.push(scope.next),
                    ScopeKind::Atomic | ScopeKind::Possessive { .. } => {
                        entered.push(index);
                        pending.push(scope.body);
                        if matches!(scope.kind, ScopeKind::Possessive { min: 0, .. }) {
                            pending.push(scope.next);
                        }
                    }
                }
            }
            // What follows a scope has no say in how its body matches, so the question ends where the scope it was asked in does.
            Inst::ScopeEnd(index) if entered.contains(&index) => pending.push(program.scopes[index as usize].next),
            Inst::ScopeEnd(_) | Inst::End | Inst::GroupRef(..) => return None,
            Inst::GroupRefExists(_, target) => pending.extend([pc + 1, target]),
            Inst::Fail => {}
        }
    }
    set.finish()
}

/// What any match of the program begins with.
pub(crate) fn of_program(program: &Program) -> Option<FirstSet> {
    first(program, 0, PATIENCE)
}

/// Fills in the first sets of repeats, loops and branches.
pub(crate) fn annotate(program: &mut Program) {
    for index in 0..program.repeats.len() {
        let repeat = &program.repeats[index];
        let rest = first(program, repeat.next, PART_PATIENCE);
        let mut unit = Leads::default();
        unit.add_unit(program, repeat.unit);
        let sole = rest.as_ref().is_some_and(|rest| rest.narrow.bits.is_disjoint(&unit.narrow) && rest.wide.bits.is_disjoint(&unit.wide));
        let repeat = &mut program.repeats[index];
        (repeat.first, repeat.sole) = (rest, sole);
    }
    for index in 0..program.loops.len() {
        let (body, rest) = (program.loops[index].body, program.loops[index].until + 1);
        let (body, rest) = (first(program, body, PART_PATIENCE), first(program, rest, PART_PATIENCE));
        let repeat = &mut program.loops[index];
        (repeat.body_first, repeat.first) = (body, rest);
    }
    for index in 0..program.branches.len() {
        let firsts: Vec<_> = program.branches[index].starts.iter().map(|&start| (start, first(program, start, PART_PATIENCE))).collect();
        program.branches[index].choices = Choices::new(&firsts);
    }
}
