//! What Python cannot see: malformed code arrays, interruption, the memory limit, deep loops.

use bredli_regex::{Error, Interrupt, Matcher, Program, Scan, Subject};

const SUCCESS: u32 = 1;
const BRANCH: u32 = 7;
const JUMP: u32 = 15;
const LITERAL: u32 = 16;
const MARK: u32 = 17;
const MAX_UNTIL: u32 = 18;
const REPEAT: u32 = 23;
const REPEAT_ONE: u32 = 24;
const POSSESSIVE_REPEAT: u32 = 28;
const ANY: u32 = 2;
const FOREVER: u32 = u32::MAX;

/// `(?:.a?)*b`, roughly: a loop that leaves a choice behind at every character.
fn loop_over_all() -> Program {
    let code = [REPEAT, 9, 0, FOREVER, ANY, REPEAT_ONE, 6, 0, 1, LITERAL, 97, SUCCESS, MAX_UNTIL, LITERAL, 98, SUCCESS];
    let mut code = code.to_vec();
    code[1] = 11;
    Program::new(&code, 0).expect("valid code")
}

#[test]
fn malformed_code_is_refused() {
    let bad: &[&[u32]] = &[
        &[],
        &[LITERAL],
        &[LITERAL, SUCCESS],
        &[99, SUCCESS],
        &[MARK, 2, SUCCESS],
        &[BRANCH, 5, LITERAL, 97, JUMP, 900, 0, SUCCESS],
        &[BRANCH, FOREVER, LITERAL, 97, SUCCESS],
        &[REPEAT, 3, 5, 2, MAX_UNTIL, SUCCESS],
        &[REPEAT, 3, 0, 2, LITERAL, 97, SUCCESS],
        &[MAX_UNTIL, SUCCESS],
        &[JUMP, 1, SUCCESS],
        &[REPEAT_ONE, 5, 0, 1, MARK, 0, SUCCESS, SUCCESS],
        &[13, 3, 10, SUCCESS, SUCCESS],
    ];
    for code in bad {
        assert!(Program::new(code, 1).is_err(), "{code:?}");
    }
}

#[test]
fn any_words_are_safe() {
    let mut seed = 1u64;
    let mut next = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as u32
    };
    let mut matcher = Matcher::with_limit(1 << 16);
    for _ in 0..200_000 {
        let length = 2 + next() % 14;
        let words = (0..length).map(|_| if next() % 4 == 0 { next() % 8 } else { next() % 44 });
        let code: Vec<u32> = words.chain([SUCCESS]).collect();
        if let Ok(program) = Program::new(&code, 2) {
            let mut polls = 0;
            let mut poll = || {
                polls += 1;
                if polls > 10 { Err(Interrupt) } else { Ok(()) }
            };
            let _ = matcher.search(&program, Subject::Wide("ab\u{e9}\x01\x02\n".as_bytes()), 0, &mut poll);
            matcher.captures(&program);
        }
    }
}

#[test]
fn long_matches_can_be_interrupted() {
    let program = loop_over_all();
    let text = vec![b'a'; 100_000];
    let mut polls = 0;
    let mut poll = || {
        polls += 1;
        if polls == 3 { Err(Interrupt) } else { Ok(()) }
    };
    let result = Matcher::new().match_at(&program, Subject::Narrow(&text), 0, &mut poll);
    assert_eq!(result, Err(Error::Interrupted));
}

#[test]
fn the_backtracking_stack_is_bounded() {
    let program = loop_over_all();
    let text = vec![b'x'; 1_000_000];
    let result = Matcher::with_limit(1 << 16).match_at(&program, Subject::Narrow(&text), 0, &mut || Ok(()));
    assert_eq!(result, Err(Error::Memory));
    assert_eq!(Matcher::new().match_at(&program, Subject::Narrow(&text), 0, &mut || Ok(())), Ok(false));
}

#[test]
fn empty_loops_end() {
    let endless = Program::new(&[POSSESSIVE_REPEAT, 3, FOREVER, FOREVER, SUCCESS, SUCCESS], 0).expect("valid code");
    let mut polls = 0;
    let mut poll = || {
        polls += 1;
        if polls == 5 { Err(Interrupt) } else { Ok(()) }
    };
    assert_eq!(Matcher::new().match_at(&endless, Subject::Narrow(b""), 0, &mut poll), Err(Error::Interrupted));
    let once = Program::new(&[POSSESSIVE_REPEAT, 3, 0, FOREVER, SUCCESS, SUCCESS], 0).expect("valid code");
    assert_eq!(Matcher::new().match_at(&once, Subject::Narrow(b""), 0, &mut || Ok(())), Ok(true));
}

#[test]
fn deep_nesting_is_no_danger() {
    let depth = 100_000;
    let mut code = Vec::new();
    for level in 0..depth {
        code.extend([REPEAT, 3 + 5 * (depth - level - 1) + 2, 0, 1]);
    }
    code.extend([LITERAL, 97]);
    code.extend(std::iter::repeat_n(MAX_UNTIL, depth as usize));
    code.push(SUCCESS);
    let program = Program::new(&code, 0).expect("valid code");
    assert_eq!(Matcher::new().fullmatch(&program, Subject::Narrow(b"a"), 0, &mut || Ok(())), Ok(true));
}

#[test]
fn ill_formed_text_is_safe() {
    let program = loop_over_all();
    let text = b"\xe9a\x80\x80\xf0\x9f\xff\xc3";
    let mut matcher = Matcher::new();
    let mut scan = Scan::new(0);
    while scan.search(&mut matcher, &program, Subject::Wide(text), &mut || Ok(())).expect("no error") {}
}
