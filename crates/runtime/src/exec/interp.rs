//! The interpreter loop: a `match` over the exec instructions, fast cases only.
//!
//! Every other case of an instruction leaves through one shared exit to its function in `slow`. `pc` and `fp` live in
//! locals; the frame memory is up to date at every exit, so the loop can be entered at any position. LLVM replicates the dispatch jump into every handler (see
//! `.cargo/config.toml`).

use super::fast::{self, Answer, Outcome, Step};
use super::frame::{At, CALLER, FUNCTION, HEADER, INFO, OWNER, RETURN};
use super::generator;
use super::op::{Op, encode};
use super::slow;
use super::special;
use super::words::*;
use crate::Py;
use crate::native::{Args, FunctionKind};
use crate::object::{ClassFlags, Found, Tuple};
use crate::types::{
    AsciiIterator, BuiltinFunction, Cell, Function, Generator, GeneratorState, List, ListIterator, MethodDescriptor, RangeIterator, shapes,
};
use bredli_heap::{Gc, Header, Value};

/// Run from a position until the entry frame returns; its result is then in the frame's first header word. Where the loop ended: at the halt
/// instruction, at a [`Op::CallCollector`] that the caller is to execute, or nowhere, when an exception is set.
///
/// # Safety
/// `at` is a position in a frame whose return address is the halt instruction, directly or through frames above it.
#[inline(never)]
pub(super) unsafe fn run(py: &mut Py, at: At) -> *const u64 {
    let mut pc = at.pc;
    let mut fp = at.fp;
    // SAFETY: exec code is made by the translator: slots lie inside frames, cache words belong to their instruction, and heap words
    // are reached only after their shape has been checked. Objects stay where they are and alive while frames refer to them.
    unsafe {
        'next: loop {
            let at = 'out: {
                'raise: {
                    'slow: {
                        // Operands are loaded one by one: decoding them from one loaded word takes more instructions.
                        macro_rules! a {
                            () => {
                                (*pc.cast::<u16>().add(1) as usize)
                            };
                        }
                        macro_rules! b {
                            () => {
                                (*pc.cast::<u16>().add(2) as usize)
                            };
                        }
                        macro_rules! c {
                            () => {
                                (*pc.cast::<u16>().add(3) as usize)
                            };
                        }
                        macro_rules! wide {
                            () => {
                                (*pc.cast::<i32>().add(1) as isize)
                            };
                        }
                        macro_rules! x {
                            () => {
                                (*pc.cast::<u8>().add(1))
                            };
                        }
                        macro_rules! slow {
                            () => {
                                break 'slow
                            };
                        }
                        macro_rules! raise {
                            () => {
                                break 'raise
                            };
                        }
                        macro_rules! get {
                            ($slot:expr) => {
                                *fp.add($slot)
                            };
                        }
                        macro_rules! put {
                            ($value:expr) => {{
                                let value = $value;
                                *fp.add(a!()) = value;
                            }};
                        }
                        macro_rules! next {
                            ($words:literal) => {{
                                pc = pc.add($words);
                                continue 'next;
                            }};
                        }
                        macro_rules! jump_wide {
                            () => {
                                pc = pc.offset(wide!())
                            };
                        }
                        macro_rules! jump_word {
                            () => {
                                pc = pc.offset(*pc.add(1) as i64 as isize)
                            };
                        }
                        // Slots of operands hold values, except a local that is not bound; such instructions are never reached.
                        macro_rules! value {
                            ($word:expr) => {
                                match Value::from_bits($word) {
                                    Some(value) => value,
                                    None => slow!(),
                                }
                            };
                        }
                        macro_rules! truth {
                            ($word:expr) => {{
                                let word = $word;
                                match quick_truth(word) {
                                    Some(truth) => truth,
                                    None => match fast::truth(py, value!(word)) {
                                        Answer::Undecided => slow!(),
                                        answer => answer == Answer::Yes,
                                    },
                                }
                            }};
                        }
                        macro_rules! small {
                            () => {
                                MIDDLE.wrapping_add(c!() as u16 as i16 as i64 as u64)
                            };
                        }
                        macro_rules! jump_if {
                            ($condition:expr) => {{
                                if $condition {
                                    jump_word!();
                                    continue 'next;
                                }
                                next!(2);
                            }};
                        }
                        // A site that has seen anything but ints takes the general form from then on.
                        macro_rules! jump_if_ints {
                            ($operator:tt) => {{
                                let (l, r) = (get!(a!()), get!(b!()));
                                if l & r >= TAG {
                                    jump_if!(l $operator r);
                                }
                                *pc.cast::<Op>().cast_mut() = Op::CompareJump;
                                continue 'next;
                            }};
                        }
                        macro_rules! jump_if_int {
                            ($operator:tt) => {{
                                let (l, r) = (get!(a!()), small!());
                                if l >= TAG {
                                    jump_if!(l $operator r);
                                }
                                *pc.cast::<Op>().cast_mut() = Op::CompareIntJump;
                                continue 'next;
                            }};
                        }
                        macro_rules! compared {
                            ($number:expr, $left:expr, $right:expr) => {
                                match $number {
                                    Some(jumps) => jumps,
                                    None => match fast::compare(py, x!(), value!($left), value!($right)) {
                                        Answer::Undecided => slow!(),
                                        answer => (answer == Answer::Yes) == (x!() & 8 != 0),
                                    },
                                }
                            };
                        }
                        macro_rules! outcome {
                            ($outcome:expr, $words:literal) => {
                                match $outcome {
                                    Outcome::Done(value) => {
                                        put!(value.bits());
                                        next!($words);
                                    }
                                    Outcome::Enter(frame) => {
                                        pc = py.machine.pc;
                                        fp = frame;
                                        continue 'next;
                                    }
                                    Outcome::Raised => raise!(),
                                    Outcome::Undecided => slow!(),
                                }
                            };
                        }
                        macro_rules! enter {
                            ($names:expr, $words:expr) => {{
                                py.machine.enter(At { pc, fp });
                                let callee = fast::enter(py, At { pc, fp }, $names, $words);
                                if callee.pc.is_null() {
                                    slow!();
                                }
                                pc = callee.pc;
                                fp = callee.fp;
                                continue 'next;
                            }};
                        }
                        'iterate: {
                            let (left, right) = 'binary: {
                                macro_rules! other_binary {
                                    ($left:expr, $right:expr) => {
                                        break 'binary ($left, $right)
                                    };
                                }
                                macro_rules! float_op { ($left:expr, $right:expr, $op:tt) => {{
                    let number = as_float($left) $op as_float($right);
                    if !number.is_nan() { put!(number_word(number)); next!(1); }
                    match floats($left, $right) { Some((l, r)) => { put!(float_word(l $op r)); next!(1); } None => other_binary!($left, $right) }
                }}; }
                                macro_rules! with_small_int {
                                    ($wrapping:ident, $operator:tt) => {{
                                        let (l, r) = (get!(b!()), c!() as u16 as i16 as i64);
                                        let word = l.$wrapping(r as u64);
                                        // An int word below the tag has underflowed; past the last one it has wrapped to a small word.
                                        if l >= TAG && word >= TAG {
                                            put!(word);
                                            next!(1);
                                        }
                                        let number = as_float(l) $operator r as f64;
                                        if !number.is_nan() {
                                            put!(number_word(number));
                                            next!(1);
                                        }
                                        other_binary!(l, small!());
                                    }};
                                }
                                match *pc.cast::<Op>() {
                                    Op::Halt => break 'next,
                                    Op::Resume => {
                                        let caller = *fp.offset(CALLER) as *const u64;
                                        let depth = (*caller.offset(INFO) as u32) + 1;
                                        let size = c!();
                                        if depth > py.machine.recursion_limit
                                            || fp.add(size) as usize > py.machine.stack_limit
                                            || py.machine.breaker_set()
                                        {
                                            slow!();
                                        }
                                        *fp.offset(INFO) = depth as u64 | (size as u64) << 32;
                                        let mut local = a!();
                                        while local < b!() {
                                            *fp.add(local) = 0;
                                            local += 1;
                                        }
                                        next!(1);
                                    }
                                    Op::Move => {
                                        put!(get!(b!()));
                                        next!(1);
                                    }
                                    Op::Swap => {
                                        std::ptr::swap(fp.add(a!()), fp.add(b!()));
                                        next!(1);
                                    }
                                    Op::Take => {
                                        put!(get!(b!()));
                                        *fp.add(b!()) = 0;
                                        next!(1);
                                    }
                                    Op::LoadConst => {
                                        put!(*pc.add(1));
                                        next!(2);
                                    }
                                    Op::LoadInt => {
                                        put!(MIDDLE.wrapping_add(wide!() as u64));
                                        next!(1);
                                    }
                                    Op::Clear => {
                                        put!(0);
                                        next!(1);
                                    }
                                    Op::Return => {
                                        let value = get!(a!());
                                        pc = *fp.offset(RETURN) as *const u64;
                                        let caller = *fp.offset(CALLER) as *mut u64;
                                        *fp.offset(FUNCTION) = value;
                                        fp = caller;
                                        continue 'next;
                                    }
                                    Op::Jump => {
                                        jump_wide!();
                                        continue 'next;
                                    }
                                    Op::JumpBack => {
                                        if py.machine.breaker_set() {
                                            slow!();
                                        }
                                        jump_wide!();
                                        continue 'next;
                                    }
                                    Op::JumpIfFalse => {
                                        if truth!(get!(a!())) {
                                            next!(1);
                                        }
                                        jump_wide!();
                                        continue 'next;
                                    }
                                    Op::JumpIfTrue => {
                                        if truth!(get!(a!())) {
                                            jump_wide!();
                                            continue 'next;
                                        }
                                        next!(1);
                                    }
                                    Op::JumpIfNone => {
                                        if get!(a!()) == NONE {
                                            jump_wide!();
                                            continue 'next;
                                        }
                                        next!(1);
                                    }
                                    Op::JumpIfNotNone => {
                                        if get!(a!()) != NONE {
                                            jump_wide!();
                                            continue 'next;
                                        }
                                        next!(1);
                                    }
                                    Op::JumpLess => jump_if_ints!(<),
                                    Op::JumpLessEqual => jump_if_ints!(<=),
                                    Op::JumpEqual => jump_if_ints!(==),
                                    Op::JumpNotEqual => jump_if_ints!(!=),
                                    Op::JumpGreaterEqual => jump_if_ints!(>=),
                                    Op::JumpGreater => jump_if_ints!(>),
                                    Op::JumpLessInt => jump_if_int!(<),
                                    Op::JumpLessEqualInt => jump_if_int!(<=),
                                    Op::JumpEqualInt => jump_if_int!(==),
                                    Op::JumpNotEqualInt => jump_if_int!(!=),
                                    Op::JumpGreaterEqualInt => jump_if_int!(>=),
                                    Op::JumpGreaterInt => jump_if_int!(>),
                                    Op::CompareJump => {
                                        let (l, r) = (get!(a!()), get!(b!()));
                                        jump_if!(compared!(number_compare(x!(), l, r), l, r));
                                    }
                                    Op::CompareIntJump => {
                                        let (l, r) = (get!(a!()), small!());
                                        let of_ints = (l >= TAG).then(|| int_compare(x!(), l, r));
                                        let number = of_ints.or_else(|| float_compare(x!(), as_float(l), c!() as u16 as i16 as f64));
                                        jump_if!(compared!(number, l, r));
                                    }
                                    Op::Compare | Op::CompareBool => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if let Some(holds) = number_compare(x!(), l, r) {
                                            put!(bool_word(holds));
                                        } else {
                                            match fast::compare(py, x!(), value!(l), value!(r)) {
                                                Answer::Undecided => slow!(),
                                                answer => put!(bool_word(answer == Answer::Yes)),
                                            }
                                        }
                                        next!(1);
                                    }
                                    Op::Contains => {
                                        match fast::contains(py, value!(get!(b!())), value!(get!(c!()))) {
                                            Answer::Undecided => slow!(),
                                            answer => put!(bool_word((answer == Answer::Yes) != (x!() != 0))),
                                        }
                                        next!(1);
                                    }
                                    Op::Is => {
                                        put!(bool_word((get!(b!()) == get!(c!())) != (x!() != 0)));
                                        next!(1);
                                    }
                                    Op::ToBool => {
                                        put!(bool_word(truth!(get!(b!()))));
                                        next!(1);
                                    }
                                    Op::Not => {
                                        put!(bool_word(!truth!(get!(b!()))));
                                        next!(1);
                                    }
                                    Op::Negative => {
                                        let value = get!(b!());
                                        if value >= TAG {
                                            let negated = MIDDLE.wrapping_sub(value.wrapping_sub(MIDDLE));
                                            // The least int has no counterpart among the immediate ones.
                                            if negated >= TAG {
                                                put!(negated);
                                                next!(1);
                                            }
                                        } else if is_float(value) {
                                            put!(float_word(-as_float(value)));
                                            next!(1);
                                        }
                                        slow!();
                                    }
                                    Op::Invert => {
                                        let value = get!(b!());
                                        if value < TAG {
                                            slow!();
                                        }
                                        put!(MIDDLE.wrapping_add(!value.wrapping_sub(MIDDLE)));
                                        next!(1);
                                    }
                                    Op::Add => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r >= TAG {
                                            let sum = l.wrapping_add(r).wrapping_sub(MIDDLE);
                                            if sum < TAG {
                                                other_binary!(l, r);
                                            }
                                            put!(sum);
                                            next!(1);
                                        }
                                        float_op!(l, r, +);
                                    }
                                    Op::Subtract => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r >= TAG {
                                            let difference = l.wrapping_sub(r).wrapping_add(MIDDLE);
                                            if difference < TAG {
                                                other_binary!(l, r);
                                            }
                                            put!(difference);
                                            next!(1);
                                        }
                                        float_op!(l, r, -);
                                    }
                                    Op::Multiply => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r >= TAG {
                                            let (l, r) = (l.wrapping_sub(MIDDLE) as i64, r.wrapping_sub(MIDDLE) as i64);
                                            if let Some(product) = l.checked_mul(r).and_then(Value::int) {
                                                put!(product.bits());
                                                next!(1);
                                            }
                                        }
                                        float_op!(l, r, *);
                                    }
                                    Op::AddInt => with_small_int!(wrapping_add, +),
                                    Op::SubtractInt => with_small_int!(wrapping_sub, -),
                                    Op::BitAnd => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r < TAG {
                                            other_binary!(l, r);
                                        }
                                        put!(MIDDLE.wrapping_add(l.wrapping_sub(MIDDLE) & r.wrapping_sub(MIDDLE)));
                                        next!(1);
                                    }
                                    Op::BitOr => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r < TAG {
                                            other_binary!(l, r);
                                        }
                                        put!(MIDDLE.wrapping_add(l.wrapping_sub(MIDDLE) | r.wrapping_sub(MIDDLE)));
                                        next!(1);
                                    }
                                    Op::BitXor => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r < TAG {
                                            other_binary!(l, r);
                                        }
                                        put!(MIDDLE.wrapping_add(l.wrapping_sub(MIDDLE) ^ r.wrapping_sub(MIDDLE)));
                                        next!(1);
                                    }
                                    Op::ShiftLeft => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        let count = r.wrapping_sub(MIDDLE);
                                        if l & r >= TAG && count < 48 {
                                            let number = l.wrapping_sub(MIDDLE) as i64;
                                            let shifted = number << count;
                                            if shifted >> count == number
                                                && let Some(value) = Value::int(shifted)
                                            {
                                                put!(value.bits());
                                                next!(1);
                                            }
                                        }
                                        other_binary!(l, r);
                                    }
                                    Op::ShiftRight => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r >= TAG && r >= MIDDLE {
                                            let number = l.wrapping_sub(MIDDLE) as i64;
                                            put!(MIDDLE.wrapping_add((number >> r.wrapping_sub(MIDDLE).min(63)) as u64));
                                            next!(1);
                                        }
                                        other_binary!(l, r);
                                    }
                                    Op::TrueDivide => {
                                        let (left, right) = (get!(b!()), get!(c!()));
                                        let (l, r) = if left & right >= TAG {
                                            (left.wrapping_sub(MIDDLE) as i64 as f64, right.wrapping_sub(MIDDLE) as i64 as f64)
                                        } else if let Some(pair) = floats(left, right) {
                                            pair
                                        } else {
                                            other_binary!(left, right)
                                        };
                                        if r == 0.0 {
                                            other_binary!(left, right);
                                        }
                                        put!(float_word(l / r));
                                        next!(1);
                                    }
                                    Op::Binary => other_binary!(get!(b!()), get!(c!())),
                                    Op::FloorDivide => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r < TAG || r <= MIDDLE {
                                            other_binary!(l, r);
                                        }
                                        let quotient = (l.wrapping_sub(MIDDLE) as i64).div_euclid(r.wrapping_sub(MIDDLE) as i64);
                                        put!(MIDDLE.wrapping_add(quotient as u64));
                                        next!(1);
                                    }
                                    Op::Remainder => {
                                        let (l, r) = (get!(b!()), get!(c!()));
                                        if l & r < TAG || r <= MIDDLE {
                                            other_binary!(l, r);
                                        }
                                        let remainder = (l.wrapping_sub(MIDDLE) as i64).rem_euclid(r.wrapping_sub(MIDDLE) as i64);
                                        put!(MIDDLE.wrapping_add(remainder as u64));
                                        next!(1);
                                    }
                                    Op::Subscript => {
                                        let (container, key) = (get!(b!()), get!(c!()));
                                        if let Some(item) = item(container, index(key)) {
                                            put!(item.bits());
                                            next!(1);
                                        }
                                        py.machine.enter(At { pc, fp });
                                        outcome!(fast::subscript(py, At { pc, fp }, value!(container), value!(key)), 1);
                                    }
                                    Op::SubscriptInt => {
                                        let (container, index) = (get!(b!()), c!() as u16 as i16 as i64 as usize);
                                        if let Some(item) = item(container, index) {
                                            put!(item.bits());
                                            next!(1);
                                        }
                                        py.machine.enter(At { pc, fp });
                                        let key = value!(MIDDLE.wrapping_add(index as u64));
                                        outcome!(fast::subscript(py, At { pc, fp }, value!(container), key), 1);
                                    }
                                    Op::StoreSubscript => {
                                        let (container, key) = (get!(a!()), get!(b!()));
                                        if is_heap(container) && shape(container) == shapes::LIST {
                                            let list = container as *mut List;
                                            let items: &mut [Value] = &mut (*list).items;
                                            if let Some(item) = items.get_mut(index(key)) {
                                                let value = get!(c!());
                                                *(item as *mut Value as *mut u64) = value;
                                                if is_heap(value) {
                                                    py.heap.barrier(&*list.cast::<Header>());
                                                }
                                                next!(1);
                                            }
                                        }
                                        py.machine.enter(At { pc, fp });
                                        match fast::store_subscript(py, At { pc, fp }, value!(container), value!(key), value!(get!(c!()))) {
                                            Outcome::Done(_) => next!(1),
                                            Outcome::Enter(frame) => {
                                                pc = py.machine.pc;
                                                fp = frame;
                                                continue 'next;
                                            }
                                            Outcome::Undecided => slow!(),
                                            Outcome::Raised => raise!(),
                                        }
                                    }
                                    Op::BinarySlice => {
                                        py.machine.enter(At { pc, fp });
                                        let first = b!();
                                        let step = if x!() == 0 { Value::NONE } else { value!(get!(first + 3)) };
                                        let bounds = [value!(get!(first + 1)), value!(get!(first + 2)), step];
                                        let Some(part) = fast::slice(py, value!(get!(first)), bounds) else { slow!() };
                                        put!(part.bits());
                                        next!(1);
                                    }
                                    Op::StoreSlice => {
                                        py.machine.enter(At { pc, fp });
                                        let first = a!();
                                        let bounds = [value!(get!(first + 2)), value!(get!(first + 3))];
                                        if !fast::store_slice(py, value!(get!(first + 1)), bounds, value!(get!(first))) {
                                            slow!();
                                        }
                                        next!(1);
                                    }
                                    Op::LoadGlobalModule => {
                                        let function = *fp.offset(FUNCTION) as *const Function;
                                        let cache = *pc.add(1);
                                        let globals = (*function).globals.get(&py.heap);
                                        if globals.version != cache as u32 {
                                            slow!();
                                        }
                                        let Some(value) = globals.entries().get_unchecked((cache >> 32) as usize).value else { slow!() };
                                        put!(value.bits());
                                        next!(3);
                                    }
                                    Op::LoadGlobalBuiltin => {
                                        let function = *fp.offset(FUNCTION) as *const Function;
                                        let (first, second) = (*pc.add(1), *pc.add(2));
                                        let globals = (*function).globals.get(&py.heap);
                                        let builtins = (*function).builtins.get(&py.heap);
                                        if globals.version != first as u32 || builtins.version != second as u32 {
                                            slow!();
                                        }
                                        let Some(value) = builtins.entries().get_unchecked((second >> 32) as usize).value else { slow!() };
                                        put!(value.bits());
                                        next!(3);
                                    }
                                    Op::LoadAttrSlot => {
                                        let Some(value) = slot_attribute(get!(b!()), *pc.add(1)) else { slow!() };
                                        put!(value.bits());
                                        next!(5);
                                    }
                                    Op::LoadAttrSlots => {
                                        let object = get!(b!());
                                        let mut value = slot_attribute(object, *pc.add(1));
                                        for word in 2..4 {
                                            value = value.or_else(|| slot_attribute(object, *pc.add(word)));
                                        }
                                        let Some(value) = value else { slow!() };
                                        put!(value.bits());
                                        next!(5);
                                    }
                                    Op::LoadAttrClass => {
                                        let (object, cache) = (get!(b!()), *pc.add(1));
                                        if !is_heap(object)
                                            || shape(object) != cache as u32
                                            || *(*pc.add(2) as *const u32) != (cache >> 32) as u32
                                        {
                                            slow!();
                                        }
                                        put!(*pc.add(3));
                                        next!(5);
                                    }
                                    Op::LoadAttrType => {
                                        let (object, cache) = (get!(b!()), *pc.add(1));
                                        if object != *pc.add(2)
                                            || shape(object) != (cache >> 32) as u32
                                            || (*(object as *const crate::object::Class)).version != cache as u32
                                        {
                                            slow!();
                                        }
                                        put!(*pc.add(3));
                                        next!(5);
                                    }
                                    Op::LoadAttrProperty => {
                                        let (object, cache) = (get!(b!()), *pc.add(1));
                                        if !is_heap(object)
                                            || shape(object) != cache as u32
                                            || *(*pc.add(2) as *const u32) != (cache >> 32) as u32
                                        {
                                            slow!();
                                        }
                                        let getter = *pc.add(3) as *const Function;
                                        if (*getter).plain_args != 1 {
                                            slow!();
                                        }
                                        let frame = At { pc, fp }.top().add(HEADER);
                                        *frame.offset(FUNCTION) = getter as u64;
                                        *frame.offset(RETURN) = pc.add(4) as u64;
                                        *frame.offset(CALLER) = fp as u64;
                                        *frame.offset(OWNER) = 0;
                                        *frame = object;
                                        fp = frame;
                                        pc = (*getter).entry;
                                        continue 'next;
                                    }
                                    Op::LoadAttrModule => {
                                        let Some(value) = module_attribute(py, get!(b!()), *pc.add(1)) else { slow!() };
                                        put!(value.bits());
                                        next!(5);
                                    }
                                    Op::LoadAttrAny => {
                                        let object = get!(b!());
                                        if is_heap(object)
                                            && let Some(offset) = py.accesses.slot(shape(object), *pc.add(1) as usize)
                                        {
                                            let value = *((object + offset as u64) as *const u64);
                                            if value != 0 {
                                                put!(value);
                                                next!(5);
                                            }
                                        }
                                        let name = At { pc, fp }.name(py, c!());
                                        py.machine.enter(At { pc, fp });
                                        outcome!(fast::attribute(py, value!(object), name), 5);
                                    }
                                    Op::LoadMethodModule => {
                                        let Some(value) = module_attribute(py, get!(b!()), *pc.add(1)) else { slow!() };
                                        put!(value.bits());
                                        *fp.add(a!() + HEADER) = 0;
                                        next!(4);
                                    }
                                    Op::LoadMethodAny => {
                                        let object = value!(get!(b!()));
                                        if object.is_heap()
                                            && let Some((callee, receiver)) = py.called_attribute(object, *pc.add(1) as usize)
                                        {
                                            put!(callee.bits());
                                            *fp.add(a!() + HEADER) = receiver;
                                            next!(4);
                                        }
                                        let name = At { pc, fp }.name(py, c!());
                                        match py.find_attribute(object, name) {
                                            Some(Found::Value(value)) => {
                                                put!(value.bits());
                                                *fp.add(a!() + HEADER) = 0;
                                            }
                                            Some(Found::Method(value, receiver)) => {
                                                put!(value.bits());
                                                *fp.add(a!() + HEADER) = receiver.bits();
                                            }
                                            Some(Found::Getter(_)) | None => slow!(),
                                        }
                                        next!(4);
                                    }
                                    Op::LoadAttrFix => {
                                        put!(*At { pc, fp }.top());
                                        next!(1);
                                    }
                                    Op::LoadMethodCached => {
                                        let (object, cache) = (get!(b!()), *pc.add(1));
                                        if !is_heap(object)
                                            || shape(object) != cache as u32
                                            || *(*pc.add(2) as *const u32) != (cache >> 32) as u32
                                        {
                                            slow!();
                                        }
                                        put!(*pc.add(3));
                                        *fp.add(a!() + HEADER) = object;
                                        next!(4);
                                    }
                                    Op::LoadMethodSlot => {
                                        let Some(value) = slot_attribute(get!(b!()), *pc.add(1)) else { slow!() };
                                        put!(value.bits());
                                        *fp.add(a!() + HEADER) = 0;
                                        next!(4);
                                    }
                                    Op::LoadMethodType | Op::LoadMethodClass => {
                                        let (object, cache) = (get!(b!()), *pc.add(1));
                                        if object != *pc.add(2)
                                            || shape(object) != (cache >> 32) as u32
                                            || (*(object as *const crate::object::Class)).version != cache as u32
                                        {
                                            slow!();
                                        }
                                        put!(*pc.add(3));
                                        let bound = *pc.cast::<u8>() == Op::LoadMethodClass as u8;
                                        *fp.add(a!() + HEADER) = if bound { object } else { 0 };
                                        next!(4);
                                    }
                                    Op::StoreAttrSlot => {
                                        let (object, cache) = (get!(a!()), *pc.add(1));
                                        if !is_heap(object) || shape(object) != cache as u32 {
                                            slow!();
                                        }
                                        let header = &*(object as *const Header);
                                        *((object + (cache >> 32)) as *mut u64) = get!(b!());
                                        header.set_shape(*pc.add(2) as u32);
                                        py.heap.barrier(header);
                                        next!(3);
                                    }
                                    Op::StoreAttrSlots => {
                                        let object = get!(a!());
                                        if !is_heap(object) {
                                            slow!();
                                        }
                                        let (first, second) = (*pc.add(1), *pc.add(2));
                                        let cache = if shape(object) == first as u32 { first } else { second };
                                        if shape(object) != cache as u32 {
                                            slow!();
                                        }
                                        *((object + (cache >> 32)) as *mut u64) = get!(b!());
                                        py.heap.barrier(&*(object as *const Header));
                                        next!(3);
                                    }
                                    Op::StoreAttrAny => {
                                        let object = get!(a!());
                                        if !is_heap(object) {
                                            slow!();
                                        }
                                        let Some((offset, after)) = py.accesses.store(shape(object), *pc.add(1) as usize) else { slow!() };
                                        let header = &*(object as *const Header);
                                        *((object + offset as u64) as *mut u64) = get!(b!());
                                        header.set_shape(after);
                                        py.heap.barrier(header);
                                        next!(3);
                                    }
                                    Op::LoadDeref => {
                                        let cell = get!(b!()) as *const Cell;
                                        let Some(value) = (*cell).value else { slow!() };
                                        put!(value.bits());
                                        next!(1);
                                    }
                                    Op::StoreDeref => {
                                        let cell = get!(a!()) as *mut Cell;
                                        (*cell).value = Value::from_bits(get!(b!()));
                                        py.heap.barrier(&*cell.cast::<Header>());
                                        next!(1);
                                    }
                                    Op::GetIter => {
                                        py.machine.enter(At { pc, fp });
                                        let iterator = match fast::iter(py, value!(get!(b!()))) {
                                            Ok(Some(iterator)) => iterator,
                                            Ok(None) => break 'iterate,
                                            Err(_) => raise!(),
                                        };
                                        put!(iterator.bits());
                                        next!(1);
                                    }
                                    Op::ForIter => {
                                        let iterator = get!(a!());
                                        if !is_heap(iterator) {
                                            slow!();
                                        }
                                        match shape(iterator) {
                                            shapes::RANGE_ITERATOR => {
                                                let range = &mut *(iterator as *mut RangeIterator);
                                                if range.remaining == 0 {
                                                    jump_word!();
                                                    continue 'next;
                                                }
                                                let Some(value) = Value::int(range.current) else { slow!() };
                                                range.remaining -= 1;
                                                range.current = range.current.wrapping_add(range.step);
                                                *fp.add(b!()) = value.bits();
                                                next!(2);
                                            }
                                            shapes::LIST_ITERATOR => {
                                                let iterator = &mut *(iterator as *mut ListIterator);
                                                let item = iterator.list.and_then(|list| list.get(&py.heap).items().get(iterator.index));
                                                let Some(item) = item else {
                                                    iterator.list = None;
                                                    jump_word!();
                                                    continue 'next;
                                                };
                                                iterator.index += 1;
                                                *fp.add(b!()) = item.bits();
                                                next!(2);
                                            }
                                            shapes::GENERATOR => {
                                                let frame =
                                                    fast::resume(py, At { pc, fp }, Gc::from_ptr(iterator as *mut Generator), Value::NONE);
                                                if frame.pc.is_null() {
                                                    slow!();
                                                }
                                                pc = frame.pc;
                                                fp = frame.fp;
                                                continue 'next;
                                            }
                                            shape if shape < shapes::COUNT => {
                                                if shape == shapes::STR_ASCII_ITERATOR {
                                                    let iterator = &mut *(iterator as *mut AsciiIterator);
                                                    let text = iterator.string.map_or(&[] as &[u8], |text| text.get(&py.heap).bytes());
                                                    if let Some(byte) = text.get(iterator.at) {
                                                        iterator.at += 1;
                                                        *fp.add(b!()) = Value::from(py.constants.chars[*byte as usize]).bits();
                                                        next!(2);
                                                    }
                                                }
                                                py.machine.enter(At { pc, fp });
                                                let iterator = value!(iterator);
                                                let following = *pc.add(2);
                                                if following & 0xFFFF_0000_0000_FFFF == encode(Op::UnpackPair, 0, 0, 0, b!() as u16)
                                                    && let Some((first, second)) = fast::pair(py, iterator)
                                                {
                                                    *fp.add((following >> 16) as u16 as usize) = first.bits();
                                                    *fp.add((following >> 32) as u16 as usize) = second.bits();
                                                    next!(3);
                                                }
                                                match fast::step(py, iterator) {
                                                    Step::Value(value) => {
                                                        *fp.add(b!()) = value.bits();
                                                        next!(2);
                                                    }
                                                    Step::End => {
                                                        jump_word!();
                                                        continue 'next;
                                                    }
                                                    Step::Undecided if shape == shapes::SEQUENCE_ITERATOR => slow!(),
                                                    Step::Undecided => match py.next(iterator) {
                                                        Ok(Some(value)) => {
                                                            *fp.add(b!()) = value.bits();
                                                            next!(2);
                                                        }
                                                        Ok(None) => {
                                                            jump_word!();
                                                            continue 'next;
                                                        }
                                                        Err(_) => raise!(),
                                                    },
                                                }
                                            }
                                            _ => slow!(),
                                        }
                                    }
                                    Op::CallFunction => {
                                        let args = fp.add(a!() + HEADER);
                                        let callee = *args.offset(FUNCTION);
                                        if is_heap(callee) && shape(callee) == shapes::FUNCTION {
                                            let function = callee as *const Function;
                                            if (*function).plain_args as usize == b!() && (x!() == 0 || *args != 0) {
                                                *args.offset(RETURN) = pc.add(2) as u64;
                                                *args.offset(CALLER) = fp as u64;
                                                *args.offset(OWNER) = 0;
                                                fp = args;
                                                pc = (*function).entry;
                                                continue 'next;
                                            }
                                            enter!(None, 2);
                                        }
                                        slow!();
                                    }
                                    Op::CallPython => enter!(None, 2),
                                    Op::CallKw => enter!(At { pc, fp }.keyword_names(py), 3),
                                    Op::CallClass => {
                                        let args = fp.add(a!() + HEADER);
                                        let callee = *args.offset(FUNCTION);
                                        if !is_heap(callee) || shape(callee) != shapes::TYPE {
                                            slow!();
                                        }
                                        if callee == Value::from(py.types.r#type).bits() {
                                            let empty = (x!() != 0 && *args == 0) as usize;
                                            if b!() - empty != 1 {
                                                slow!();
                                            }
                                            let class = py.class_of(value!(*args.add(empty)));
                                            put!(Value::from(class).bits());
                                            next!(2);
                                        }
                                        let class = Gc::from_ptr(callee as *mut crate::object::Class);
                                        if class.get(py).is_heap_class() && py.constructor(class).is_some() {
                                            slow!();
                                        }
                                        let empty = (x!() != 0 && *args == 0) as usize;
                                        py.machine.enter(At { pc, fp });
                                        let values = std::slice::from_raw_parts(args.add(empty).cast::<Value>(), b!() - empty);
                                        match py.instantiate(class, Args::new(values)) {
                                            Ok(value) => {
                                                put!(value.bits());
                                                next!(2);
                                            }
                                            Err(_) => raise!(),
                                        }
                                    }
                                    Op::CallNative => {
                                        let args = fp.add(a!() + HEADER);
                                        let callee = *args.offset(FUNCTION);
                                        if !is_heap(callee) {
                                            slow!();
                                        }
                                        let (mut first, mut count) = (args, b!());
                                        if x!() != 0 && *args == 0 {
                                            first = args.add(1);
                                            count -= 1;
                                        }
                                        let def = match shape(callee) {
                                            shapes::BUILTIN_FUNCTION => {
                                                let function = &*(callee as *const BuiltinFunction);
                                                if let Some(receiver) = function.receiver
                                                    && function.def.kind != FunctionKind::StaticMethod
                                                {
                                                    // The word in front of the arguments is a header word or the empty self.
                                                    first = first.sub(1);
                                                    *first = receiver.bits();
                                                    count += 1;
                                                }
                                                function.def
                                            }
                                            shapes::METHOD_DESCRIPTOR => {
                                                let method = &*(callee as *const MethodDescriptor);
                                                if count == 0
                                                    || !py.is_instance_of(Value::from_bits(*first).unwrap_or(Value::NONE), method.class)
                                                {
                                                    slow!();
                                                }
                                                method.def
                                            }
                                            _ => slow!(),
                                        };
                                        py.machine.enter(At { pc, fp });
                                        let values = std::slice::from_raw_parts(first.cast::<Value>(), count);
                                        match (def.call)(py, values, None) {
                                            Ok(value) => {
                                                put!(value.bits());
                                                next!(2);
                                            }
                                            Err(_) => raise!(),
                                        }
                                    }
                                    Op::CallCollector => {
                                        py.machine.enter(At { pc, fp });
                                        break 'next;
                                    }
                                    Op::CallLen => {
                                        let args = fp.add(a!() + HEADER);
                                        let empty = (x!() != 0 && *args == 0) as usize;
                                        if *args.offset(FUNCTION) != py.constants.functions.len.bits() || b!() - empty != 1 {
                                            slow!();
                                        }
                                        let Some(len) = py.quick_len(value!(*args.add(empty))) else { slow!() };
                                        put!(MIDDLE.wrapping_add(len as u64));
                                        next!(2);
                                    }
                                    Op::CallIsInstance => {
                                        let args = fp.add(a!() + HEADER);
                                        let empty = (x!() != 0 && *args == 0) as usize;
                                        if *args.offset(FUNCTION) != py.constants.functions.isinstance.bits() || b!() - empty != 2 {
                                            slow!();
                                        }
                                        let (object, classes) = (value!(*args.add(empty)), value!(*args.add(empty + 1)));
                                        let Some(found) = py.quick_is_instance(object, classes) else { slow!() };
                                        put!(bool_word(found));
                                        next!(2);
                                    }
                                    Op::CallFix => {
                                        let args = fp.add(a!() + HEADER);
                                        if *args.offset(FUNCTION) != NONE {
                                            slow!();
                                        }
                                        put!(*args.offset(OWNER));
                                        next!(1);
                                    }
                                    Op::BuildTuple => {
                                        py.machine.enter(At { pc, fp });
                                        let items = std::slice::from_raw_parts(fp.add(b!()).cast::<Value>(), c!());
                                        let tuple = py.new_tuple(items);
                                        put!(Value::from(tuple).bits());
                                        next!(1);
                                    }
                                    Op::BuildList => {
                                        py.machine.enter(At { pc, fp });
                                        let items = std::slice::from_raw_parts(fp.add(b!()).cast::<Value>(), c!());
                                        let Ok(list) = py.new_list(items) else { raise!() };
                                        put!(Value::from(list).bits());
                                        next!(1);
                                    }
                                    Op::UnpackTuple => {
                                        let tuple = get!(c!());
                                        if !is_heap(tuple) {
                                            slow!();
                                        }
                                        let items = match shape(tuple) {
                                            shapes::TUPLE => (*(tuple as *const Tuple)).items(),
                                            shapes::LIST => (*(tuple as *const List)).items(),
                                            _ => slow!(),
                                        };
                                        if items.len() != b!() {
                                            slow!();
                                        }
                                        let mut slot = fp.add(a!());
                                        for item in items {
                                            slot = slot.sub(1);
                                            *slot = item.bits();
                                        }
                                        next!(1);
                                    }
                                    Op::UnpackPair => {
                                        let pair = get!(c!());
                                        if !is_heap(pair) {
                                            slow!();
                                        }
                                        let items = match shape(pair) {
                                            shapes::TUPLE => (*(pair as *const Tuple)).items(),
                                            shapes::LIST => (*(pair as *const List)).items(),
                                            _ => slow!(),
                                        };
                                        let [first, second] = items else { slow!() };
                                        let (first, second) = (first.bits(), second.bits());
                                        put!(first);
                                        *fp.add(b!()) = second;
                                        next!(1);
                                    }
                                    Op::ListAppend => {
                                        let list: Gc<List> = Gc::from_ptr(get!(a!()) as *mut List);
                                        let Some(item) = Value::from_bits(get!(b!())) else { slow!() };
                                        py.machine.enter(At { pc, fp });
                                        if py.list_push(list, item).is_err() {
                                            slow!();
                                        }
                                        next!(1);
                                    }
                                    Op::MakeGenerator => {
                                        py.machine.enter(At { pc, fp });
                                        let caller = generator::make(py, At { pc, fp });
                                        pc = caller.pc;
                                        fp = caller.fp;
                                        continue 'next;
                                    }
                                    Op::ReturnGenerator => {
                                        let resumer = fast::finish(py, At { pc, fp });
                                        if resumer.pc.is_null() {
                                            slow!();
                                        }
                                        pc = resumer.pc;
                                        fp = resumer.fp;
                                        continue 'next;
                                    }
                                    Op::Send => {
                                        let receiver = get!(a!());
                                        if !is_heap(receiver) || !matches!(shape(receiver), shapes::GENERATOR | shapes::COROUTINE) {
                                            slow!();
                                        }
                                        let frame =
                                            fast::resume(py, At { pc, fp }, Gc::from_ptr(receiver as *mut Generator), value!(get!(b!())));
                                        if frame.pc.is_null() {
                                            slow!();
                                        }
                                        pc = frame.pc;
                                        fp = frame.fp;
                                        continue 'next;
                                    }
                                    Op::GetAwaitable => {
                                        let value = get!(b!());
                                        let fresh = is_heap(value)
                                            && shape(value) == shapes::COROUTINE
                                            && (*(value as *const Generator)).state == GeneratorState::Created;
                                        if !fresh {
                                            slow!();
                                        }
                                        put!(value);
                                        next!(1);
                                    }
                                    Op::GetYieldFromIter => {
                                        let value = get!(b!());
                                        if !is_heap(value) || shape(value) != shapes::GENERATOR {
                                            break 'iterate;
                                        }
                                        put!(value);
                                        next!(1);
                                    }
                                    Op::CopyFreeVars => {
                                        let function = *fp.offset(FUNCTION) as *const Function;
                                        let Some(closure) = (*function).closure else { slow!() };
                                        let Some(cells) = closure.get(&py.heap).items().get(..b!()) else { slow!() };
                                        let mut slot = fp.add(a!());
                                        for cell in cells {
                                            *slot = cell.bits();
                                            slot = slot.add(1);
                                        }
                                        next!(1);
                                    }
                                    Op::Yield => {
                                        let resumer = match (At { pc, fp }).caller().x() {
                                            0 => fast::yields(py, At { pc, fp }),
                                            _ => fast::yields_to_taker(py, At { pc, fp }),
                                        };
                                        if resumer.pc.is_null() {
                                            slow!();
                                        }
                                        pc = resumer.pc;
                                        fp = resumer.fp;
                                        continue 'next;
                                    }
                                    Op::GetLen => {
                                        let Some(len) = py.quick_len(value!(get!(b!()))) else { slow!() };
                                        put!(MIDDLE.wrapping_add(len as u64));
                                        next!(1);
                                    }
                                    Op::MatchSequence => {
                                        let class = py.class_of(value!(get!(b!())));
                                        put!(bool_word(class.get(py).flags.contains(ClassFlags::SEQUENCE)));
                                        next!(1);
                                    }
                                    Op::SpecialExit => break 'out special::leave(py, fp),
                                    Op::Extended => {
                                        if fast::extended(py, At { pc, fp }) {
                                            next!(2);
                                        }
                                        break 'out slow::extended_step(py, At { pc, fp });
                                    }
                                    // Named one by one: with a default the compiler keeps a check before the jump, and one jump for all.
                                    Op::FrameExit
                                    | Op::Redirect
                                    | Op::Translate
                                    | Op::Trace
                                    | Op::LoadGlobal
                                    | Op::LoadAttr
                                    | Op::LoadMethod
                                    | Op::StoreAttr
                                    | Op::Call => slow!(),
                                }
                            };
                            py.machine.enter(At { pc, fp });
                            outcome!(fast::binary(py, At { pc, fp }, value!(left), value!(right)), 1);
                        }
                        let frame = fast::enter_iter(py, At { pc, fp });
                        if frame.pc.is_null() {
                            slow!();
                        }
                        pc = frame.pc;
                        fp = frame.fp;
                        continue 'next;
                    }
                    break 'out slow::step(py, At { pc, fp });
                }
                super::unwind::raised(py, At { pc, fp })
            };
            pc = at.pc;
            fp = at.fp;
            if pc.is_null() {
                break;
            }
        }
    }
    // As a constant, the result would be loaded in every handler, in case it is the last.
    std::hint::black_box(pc)
}
