//! The main loop: executes instructions and, when one fails, takes back what the backtracking stack says.
//!
//! It computes what `SRE(match)` in `Modules/_sre/sre_lib.h` computes, without its chain of contexts: a success goes
//! straight on, and a failure returns to the latest open choice.

use crate::backtrack::{NO_TURN, NOWHERE, OpenScope, Record, START, Turn, push};
use crate::chars::{Fold, is_ascii_word, is_unicode_word};
use crate::code::{At, MAXREPEAT};
use crate::encoding::Encoding;
use crate::matcher::{Error, Goal, Matcher, Poll};
use crate::program::{Inst, Pc, Program, RepeatOne, ScopeKind};
use crate::repeat::{forward, least, longest, one};

/// Where to go on.
struct Resume {
    pc: Pc,
    ptr: usize,
}

impl Matcher {
    /// Matches the program at `at`, which is within the text: the offset where the match ends.
    pub(crate) fn run<E: Encoding>(
        &mut self,
        program: &Program,
        text: &[u8],
        at: usize,
        goal: Goal,
        poll: Poll<'_>,
    ) -> Result<Option<usize>, Error> {
        let mut pc = START;
        let mut ptr = at;
        loop {
            if let Some(end) = self.forward::<E>(program, text, &mut pc, &mut ptr, at, goal, poll)? {
                return Ok(Some(end));
            }
            match self.backward::<E>(program, text, poll)? {
                Some(resume) => (pc, ptr) = (resume.pc, resume.ptr),
                None => return Ok(None),
            }
        }
    }

    /// Executes until the pattern has matched (the offset of the end) or fails (nothing).
    #[allow(clippy::too_many_arguments)]
    #[inline(always)]
    fn forward<E: Encoding>(
        &mut self,
        program: &Program,
        text: &[u8],
        pc: &mut Pc,
        ptr: &mut usize,
        start: usize,
        goal: Goal,
        poll: Poll<'_>,
    ) -> Result<Option<usize>, Error> {
        let (mut pc, mut ptr) = (*pc, *ptr);
        loop {
            match program.insts[pc as usize] {
                Inst::Byte(byte) => {
                    if text.get(ptr) != Some(&byte) {
                        return Ok(None);
                    }
                    ptr += 1;
                    pc += 1;
                }
                Inst::Str(literal) => {
                    let literal = &program.literals[literal as usize];
                    let Some(wanted) = (if E::WIDE { &literal.wide } else { &literal.narrow }) else { return Ok(None) };
                    if !begins_with(&text[ptr..], wanted) {
                        return Ok(None);
                    }
                    ptr += wanted.len();
                    pc += 1;
                }
                Inst::Any => {
                    if text.get(ptr).is_none_or(|&byte| byte == b'\n') {
                        return Ok(None);
                    }
                    ptr += E::width(text, ptr);
                    pc += 1;
                }
                Inst::AnyAll => {
                    if ptr >= text.len() {
                        return Ok(None);
                    }
                    ptr += E::width(text, ptr);
                    pc += 1;
                }
                Inst::Class(class) => {
                    let Some(&byte) = text.get(ptr) else { return Ok(None) };
                    let class = &program.classes[class as usize];
                    if !E::WIDE || byte < 0x80 {
                        if !class.contains_byte(byte) {
                            return Ok(None);
                        }
                        ptr += 1;
                    } else {
                        let (c, width) = E::decode(text, ptr);
                        if !class.contains(c) {
                            return Ok(None);
                        }
                        ptr += width;
                    }
                    pc += 1;
                }
                Inst::NotLiteral(unwanted) => {
                    if ptr >= text.len() {
                        return Ok(None);
                    }
                    let (c, width) = E::decode(text, ptr);
                    if c == unwanted {
                        return Ok(None);
                    }
                    ptr += width;
                    pc += 1;
                }
                Inst::At(condition) => {
                    if !holds::<E>(condition, text, ptr) {
                        return Ok(None);
                    }
                    pc += 1;
                }
                Inst::Mark(mark) => {
                    self.mark(mark, ptr);
                    pc += 1;
                }
                Inst::LoopMark(mark) => {
                    if mark as i32 <= self.captured.lastmark && !self.stack.is_empty() {
                        let old = self.marks[mark as usize];
                        push(&mut self.stack, Record::Mark { mark, old }, self.limit)?;
                    }
                    self.mark(mark, ptr);
                    pc += 1;
                }
                Inst::Jump(target) => pc = target,
                Inst::Branch(index) => match self.branch::<E>(program, index, 0, text, ptr)? {
                    Some(start) => pc = start,
                    None => return Ok(None),
                },
                Inst::RepeatOne(index) => {
                    let repeat = &program.repeats[index as usize];
                    let end = longest::<E>(program, repeat, text, ptr);
                    self.charge(1 + (end - ptr) / 64, poll)?;
                    let Some(low) = forward::<E>(text, ptr, repeat.min, end) else { return Ok(None) };
                    let Some(end) = last_chance::<E>(repeat, text, low, end) else { return Ok(None) };
                    if end > low && !repeat.sole {
                        let record = Record::RepeatOne { repeat: index, captured: self.captured, ptr: end, low };
                        push(&mut self.stack, record, self.limit)?;
                    }
                    ptr = end;
                    pc = repeat.next;
                }
                Inst::MinRepeatOne(index) => {
                    let repeat = &program.repeats[index as usize];
                    let Some(low) = least::<E>(program, repeat, text, ptr) else { return Ok(None) };
                    self.charge(1 + (low - ptr) / 64, poll)?;
                    let left = if repeat.max == MAXREPEAT { MAXREPEAT } else { repeat.max - repeat.min };
                    match self.lazily::<E>(program, index, left, text, low, poll)? {
                        Some(at) => ptr = at,
                        None => return Ok(None),
                    }
                    pc = repeat.next;
                }
                Inst::PossessiveRepeatOne(index) => {
                    let repeat = &program.repeats[index as usize];
                    let end = longest::<E>(program, repeat, text, ptr);
                    self.charge(1 + (end - ptr) / 64, poll)?;
                    if forward::<E>(text, ptr, repeat.min, end).is_none() {
                        return Ok(None);
                    }
                    ptr = end;
                    pc = repeat.next;
                }
                Inst::Repeat(index) => {
                    let turn = Turn { index, outer: self.turn, count: 0, last: NOWHERE };
                    push(&mut self.turns, turn, self.limit)?;
                    push(&mut self.stack, Record::Repeat, self.limit)?;
                    self.turn = self.turns.len() as u32 - 1;
                    pc = program.loops[index as usize].until;
                }
                Inst::MaxUntil(index) => {
                    self.charge(1, poll)?;
                    let repeat = &program.loops[index as usize];
                    let Some(turn) = self.turns.get_mut(self.turn as usize).filter(|turn| turn.index == index) else {
                        return Err(Error::Broken);
                    };
                    if turn.count < repeat.min as usize {
                        turn.count += 1;
                        push(&mut self.stack, Record::Iteration, self.limit)?;
                        pc = repeat.body;
                        continue;
                    }
                    let more = (turn.count < repeat.max as usize || repeat.max == MAXREPEAT)
                        && turn.last != ptr
                        && repeat.body_first.as_ref().is_none_or(|first| first.allows::<E>(text, ptr));
                    if more {
                        let record = Record::MaxUntil { captured: self.captured, ptr, last: turn.last };
                        turn.count += 1;
                        turn.last = ptr;
                        push(&mut self.stack, record, self.limit)?;
                        pc = repeat.body;
                    } else {
                        let outer = turn.outer;
                        push(&mut self.stack, Record::Rest { turn: self.turn }, self.limit)?;
                        self.turn = outer;
                        pc += 1;
                    }
                }
                Inst::MinUntil(index) => {
                    self.charge(1, poll)?;
                    let repeat = &program.loops[index as usize];
                    let Some(turn) = self.turns.get_mut(self.turn as usize).filter(|turn| turn.index == index) else {
                        return Err(Error::Broken);
                    };
                    if turn.count < repeat.min as usize {
                        turn.count += 1;
                        push(&mut self.stack, Record::Iteration, self.limit)?;
                        pc = repeat.body;
                        continue;
                    }
                    let outer = turn.outer;
                    let record = Record::MinUntil { turn: self.turn, captured: self.captured, ptr };
                    push(&mut self.stack, record, self.limit)?;
                    self.turn = outer;
                    pc += 1;
                }
                Inst::Scope(index) => {
                    let scope = &program.scopes[index as usize];
                    match scope.kind {
                        ScopeKind::Assert | ScopeKind::AssertNot => match back::<E>(text, ptr, scope.behind) {
                            Some(from) => {
                                self.open(index, ptr, 0)?;
                                ptr = from;
                                pc = scope.body;
                            }
                            None if scope.kind == ScopeKind::Assert => return Ok(None),
                            None => pc = scope.next,
                        },
                        ScopeKind::Atomic => {
                            self.open(index, ptr, 0)?;
                            pc = scope.body;
                        }
                        ScopeKind::Possessive { min, max } => pc = self.possess(program, index, min, max, 0, NOWHERE, ptr)?,
                    }
                }
                Inst::ScopeEnd(_) => {
                    self.charge(1, poll)?;
                    let Some(open) = self.scopes.pop() else { return Err(Error::Broken) };
                    let scope = &program.scopes[open.index as usize];
                    self.turn = open.turn;
                    self.turns.truncate(open.turns);
                    if scope.kind == ScopeKind::AssertNot {
                        self.discard(open.base);
                        return Ok(None);
                    }
                    self.commit(open.base);
                    match scope.kind {
                        ScopeKind::Possessive { min, max } => {
                            let last = if open.count < min { NOWHERE } else { open.ptr };
                            pc = self.possess(program, open.index, min, max, open.count.saturating_add(1), last, ptr)?;
                        }
                        ScopeKind::Assert | ScopeKind::AssertNot => {
                            ptr = open.ptr;
                            pc = scope.next;
                        }
                        ScopeKind::Atomic => pc = scope.next,
                    }
                }
                Inst::GroupRef(group, fold) => {
                    let Some((start, end)) = self.group(group) else { return Ok(None) };
                    self.charge(1 + (end - start) / 64, poll)?;
                    match same::<E>(text, start, end, ptr, fold) {
                        Some(at) => ptr = at,
                        None => return Ok(None),
                    }
                    pc += 1;
                }
                Inst::GroupRefExists(group, otherwise) => {
                    pc = if self.group(group).is_some() { pc + 1 } else { otherwise };
                }
                Inst::Fail => return Ok(None),
                Inst::End => {
                    let reached = match goal {
                        Goal::Any => true,
                        Goal::Whole => ptr == text.len(),
                        Goal::Advance => ptr != start,
                    };
                    return Ok(reached.then_some(ptr));
                }
            }
        }
    }

    /// Returns to the latest open choice, if there is one.
    fn backward<E: Encoding>(&mut self, program: &Program, text: &[u8], poll: Poll<'_>) -> Result<Option<Resume>, Error> {
        while let Some(record) = self.stack.pop() {
            self.charge(1, poll)?;
            match record {
                Record::Mark { mark, old } => self.marks[mark as usize] = old,
                Record::Branch { branch, choice, captured, ptr } => {
                    self.captured = captured;
                    if let Some(pc) = self.branch::<E>(program, branch, choice, text, ptr)? {
                        return Ok(Some(Resume { pc, ptr }));
                    }
                }
                Record::RepeatOne { repeat: index, captured, ptr, low } => {
                    self.captured = captured;
                    let repeat = &program.repeats[index as usize];
                    if let Some(ptr) = last_chance::<E>(repeat, text, low, E::back(text, ptr)) {
                        if ptr > low {
                            self.stack.push(Record::RepeatOne { repeat: index, captured, ptr, low });
                        }
                        return Ok(Some(Resume { pc: repeat.next, ptr }));
                    }
                }
                Record::MinRepeatOne { repeat: index, left, captured, ptr } => {
                    self.captured = captured;
                    let repeat = &program.repeats[index as usize];
                    let width = one::<E>(program, repeat.unit, text, ptr);
                    if left > 0 && width > 0 {
                        let left = if left == MAXREPEAT { MAXREPEAT } else { left - 1 };
                        if let Some(ptr) = self.lazily::<E>(program, index, left, text, ptr + width, poll)? {
                            return Ok(Some(Resume { pc: repeat.next, ptr }));
                        }
                    }
                }
                Record::Repeat => self.turn = self.turns.pop().map_or(NO_TURN, |turn| turn.outer),
                Record::Iteration => self.innermost()?.count -= 1,
                Record::MaxUntil { captured, ptr, last } => {
                    self.captured = captured;
                    let turn = self.innermost()?;
                    turn.count -= 1;
                    turn.last = last;
                    let (index, outer) = (turn.index, turn.outer);
                    let repeat = &program.loops[index as usize];
                    if repeat.first.as_ref().is_none_or(|first| first.allows::<E>(text, ptr)) {
                        self.stack.push(Record::Rest { turn: self.turn });
                        self.turn = outer;
                        return Ok(Some(Resume { pc: repeat.until + 1, ptr }));
                    }
                }
                Record::Rest { turn } => self.turn = turn,
                Record::MinUntil { turn, captured, ptr } => {
                    self.captured = captured;
                    self.turn = turn;
                    let turn = self.innermost()?;
                    let repeat = &program.loops[turn.index as usize];
                    if (turn.count < repeat.max as usize || repeat.max == MAXREPEAT) && turn.last != ptr {
                        let record = Record::MinIteration { last: turn.last };
                        turn.count += 1;
                        turn.last = ptr;
                        self.stack.push(record);
                        return Ok(Some(Resume { pc: repeat.body, ptr }));
                    }
                }
                Record::MinIteration { last } => {
                    let turn = self.innermost()?;
                    turn.count -= 1;
                    turn.last = last;
                }
                Record::Scope => {
                    let Some(open) = self.scopes.pop() else { return Err(Error::Broken) };
                    let scope = &program.scopes[open.index as usize];
                    let goes_on = match scope.kind {
                        ScopeKind::Assert | ScopeKind::Atomic => false,
                        ScopeKind::AssertNot => true,
                        ScopeKind::Possessive { min, .. } => open.count >= min,
                    };
                    if goes_on {
                        self.captured = open.captured;
                        return Ok(Some(Resume { pc: scope.next, ptr: open.ptr }));
                    }
                }
            }
        }
        Ok(None)
    }

    #[inline]
    fn mark(&mut self, mark: u32, ptr: usize) {
        let captured = &mut self.captured;
        if mark & 1 != 0 {
            captured.lastindex = (mark / 2 + 1) as i32;
        }
        if mark as i32 > captured.lastmark {
            self.marks[(captured.lastmark + 1) as usize..mark as usize].fill(NOWHERE);
            captured.lastmark = mark as i32;
        }
        self.marks[mark as usize] = ptr;
    }

    /// What a group, counted from zero, has matched so far.
    fn group(&self, group: u32) -> Option<(usize, usize)> {
        let open = group as usize * 2;
        if open as i64 >= self.captured.lastmark as i64 {
            return None;
        }
        let (start, end) = (self.marks[open], self.marks[open + 1]);
        if start == NOWHERE || end == NOWHERE || end < start { None } else { Some((start, end)) }
    }

    fn innermost(&mut self) -> Result<&mut Turn, Error> {
        self.turns.get_mut(self.turn as usize).ok_or(Error::Broken)
    }

    /// Where the `choice`th alternative worth trying begins; if there is another, it is put on the stack.
    #[inline]
    fn branch<E: Encoding>(&mut self, program: &Program, index: u32, choice: u32, text: &[u8], ptr: usize) -> Result<Option<Pc>, Error> {
        let starts = program.branches[index as usize].choices.at::<E>(text, ptr);
        if starts.len() > choice as usize + 1 {
            let record = Record::Branch { branch: index, choice: choice + 1, captured: self.captured, ptr };
            push(&mut self.stack, record, self.limit)?;
        }
        Ok(starts.get(choice as usize).copied())
    }

    /// The first place from `at` on where the rest may match, `left` characters away at most; the next is put on the stack.
    fn lazily<E: Encoding>(
        &mut self,
        program: &Program,
        index: u32,
        left: u32,
        text: &[u8],
        at: usize,
        poll: Poll<'_>,
    ) -> Result<Option<usize>, Error> {
        let repeat = &program.repeats[index as usize];
        let (mut ptr, mut left) = (at, left);
        if let Some(first) = &repeat.first {
            while !first.allows::<E>(text, ptr) {
                let width = one::<E>(program, repeat.unit, text, ptr);
                if left == 0 || width == 0 {
                    return Ok(None);
                }
                ptr += width;
                left = if left == MAXREPEAT { MAXREPEAT } else { left - 1 };
            }
            self.charge((ptr - at) / 64, poll)?;
        }
        if left > 0 {
            let record = Record::MinRepeatOne { repeat: index, left, captured: self.captured, ptr };
            push(&mut self.stack, record, self.limit)?;
        }
        Ok(Some(ptr))
    }

    /// Begins a scope whose failure returns to `ptr`.
    fn open(&mut self, index: u32, ptr: usize, count: u32) -> Result<(), Error> {
        let open =
            OpenScope { index, base: self.stack.len(), ptr, captured: self.captured, turn: self.turn, turns: self.turns.len(), count };
        push(&mut self.scopes, open, self.limit)?;
        push(&mut self.stack, Record::Scope, self.limit)
    }

    /// Begins the next iteration of a possessive loop, or leaves it; an iteration that began at `last` has ended at `ptr`.
    #[allow(clippy::too_many_arguments)]
    fn possess(&mut self, program: &Program, index: u32, min: u32, max: u32, count: u32, last: usize, ptr: usize) -> Result<Pc, Error> {
        let scope = &program.scopes[index as usize];
        if count < min || ((count < max || max == MAXREPEAT) && ptr != last) {
            self.open(index, ptr, count)?;
            Ok(scope.body)
        } else {
            Ok(scope.next)
        }
    }

    /// Drops the choices above `base`, but not the changes of marks.
    fn commit(&mut self, base: usize) {
        let mut kept = base;
        for at in base..self.stack.len() {
            if let Record::Mark { .. } = self.stack[at] {
                self.stack.swap(kept, at);
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    /// Drops everything above `base` and takes the changes of marks back.
    fn discard(&mut self, base: usize) {
        while self.stack.len() > base {
            if let Some(Record::Mark { mark, old }) = self.stack.pop() {
                self.marks[mark as usize] = old;
            }
        }
    }
}

/// The last offset in `low..=high` where what follows the repeat may match.
#[inline]
fn last_chance<E: Encoding>(repeat: &RepeatOne, text: &[u8], low: usize, high: usize) -> Option<usize> {
    match &repeat.first {
        None => Some(high),
        Some(first) if repeat.sole => first.allows::<E>(text, high).then_some(high),
        Some(first) => first.rfind::<E>(text, low, high),
    }
}

/// The offset `count` characters before `ptr`.
fn back<E: Encoding>(text: &[u8], ptr: usize, count: u32) -> Option<usize> {
    if !E::WIDE {
        return ptr.checked_sub(count as usize);
    }
    let mut at = ptr;
    for _ in 0..count {
        if at == 0 {
            return None;
        }
        at = E::back(text, at);
    }
    Some(at)
}

/// Where the text from `ptr` on stops being the same as that from `start` to `end`, if it is all the same.
fn same<E: Encoding>(text: &[u8], start: usize, end: usize, ptr: usize, fold: Fold) -> Option<usize> {
    if fold == Fold::None {
        return begins_with(&text[ptr..], &text[start..end]).then_some(ptr + (end - start));
    }
    let (mut at, mut ptr) = (start, ptr);
    while at < end {
        if ptr >= text.len() {
            return None;
        }
        let ((wanted, step), (c, width)) = (E::decode(text, at), E::decode(text, ptr));
        if wanted != c && fold.apply(wanted) != fold.apply(c) {
            return None;
        }
        at += step;
        ptr += width;
    }
    Some(ptr)
}

/// Whether the text begins with these bytes; most texts differ in the first.
#[inline]
fn begins_with(text: &[u8], wanted: &[u8]) -> bool {
    match wanted {
        [] => true,
        [first, ..] => text.first() == Some(first) && text.starts_with(wanted),
    }
}

/// Whether a zero-width condition holds.
#[inline]
pub(crate) fn holds<E: Encoding>(condition: At, text: &[u8], ptr: usize) -> bool {
    let before = || ptr.checked_sub(1).map(|last| text[last]);
    let boundary = |is_word: fn(u32) -> bool| {
        let that = ptr > 0 && is_word(E::decode(text, E::back(text, ptr)).0);
        let this = ptr < text.len() && is_word(E::decode(text, ptr).0);
        this != that
    };
    match condition {
        At::Beginning | At::BeginningString => ptr == 0,
        At::BeginningLine => before().is_none_or(|byte| byte == b'\n'),
        At::End => ptr == text.len() || (ptr + 1 == text.len() && text[ptr] == b'\n'),
        At::EndLine => text.get(ptr).is_none_or(|&byte| byte == b'\n'),
        At::EndString => ptr == text.len(),
        At::Boundary | At::LocBoundary => boundary(is_ascii_word),
        At::NonBoundary | At::LocNonBoundary => !boundary(is_ascii_word),
        At::UniBoundary => boundary(is_unicode_word),
        At::UniNonBoundary => !boundary(is_unicode_word),
    }
}
