//! Reads tables of patterns, subjects and what CPython finds, and compares them with what the engine finds.
//!
//! `tools/regex/table.py` writes the tables. A `P` line holds a pattern (its source for the reader, the kind of its
//! subjects, the number of groups, the code array); the `S` lines after it hold a method, `pos`, `endpos`, the subject
//! in hexadecimal and the expected matches in character positions.

use bredli_regex::{Captures, Matcher, Positions, Program, Scan, Subject};

/// The lines where the engine and the table disagree.
pub fn disagreements(table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut current = None;
    let mut matcher = Matcher::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["P", source, kind, groups, code] => {
                let code: Vec<u32> = code.split(' ').map(|word| u32::from_str_radix(word, 16).expect("a word")).collect();
                match Program::new(&code, groups.parse().expect("a number")) {
                    Ok(program) => current = Some((source, kind, program)),
                    Err(error) => {
                        wrong.push(format!("{source}: {error}"));
                        current = None;
                    }
                }
            }
            ["S", method, pos, endpos, subject, expected] => {
                let Some((source, kind, program)) = &current else { continue };
                let bytes = unhex(subject);
                let forms: &[Subject<'_>] = match *kind {
                    "s" if bytes.is_ascii() => &[Subject::Wide(&bytes), Subject::Narrow(&bytes)],
                    "s" => &[Subject::Wide(&bytes)],
                    _ => &[Subject::Narrow(&bytes)],
                };
                for &form in forms {
                    let bounds = (pos.parse().expect("a number"), endpos.parse().expect("a number"));
                    let found = run(&mut matcher, program, method, form, bounds);
                    if found != expected {
                        let shown = String::from_utf8_lossy(&bytes);
                        wrong.push(format!("{source} {method}{bounds:?} {shown:?}: expected {expected}, found {found}"));
                    }
                }
            }
            _ => panic!("a line of unknown form: {line}"),
        }
    }
    wrong
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex")).collect()
}

fn run(matcher: &mut Matcher, program: &Program, method: &str, subject: Subject<'_>, (pos, endpos): (usize, usize)) -> String {
    let mut positions = Positions::new(subject);
    let (pos, endpos) = (positions.byte_of(pos), positions.byte_of(endpos));
    let subject = subject.until(endpos);
    let poll = &mut || Ok(());
    let found = match method {
        "match" => matcher.match_at(program, subject, pos, poll),
        "fullmatch" => matcher.fullmatch(program, subject, pos, poll),
        "search" => matcher.search(program, subject, pos, poll),
        "finditer" => {
            let mut scan = Scan::new(pos);
            let mut all = Vec::new();
            loop {
                match scan.search(matcher, program, subject, poll) {
                    Ok(true) => all.push(show(&matcher.captures(program), &mut positions)),
                    Ok(false) => return all.join("|"),
                    Err(error) => return error.to_string(),
                }
            }
        }
        _ => panic!("an unknown method: {method}"),
    };
    match found {
        Ok(true) => show(&matcher.captures(program), &mut positions),
        Ok(false) => "none".to_string(),
        Err(error) => error.to_string(),
    }
}

fn show(captures: &Captures, positions: &mut Positions<'_>) -> String {
    let mut spans = Vec::new();
    for span in &captures.spans {
        spans.push(match span {
            Some(span) => format!("{}-{}", positions.char_of(span.start), positions.char_of(span.end)),
            None => "-".to_string(),
        });
    }
    let last = captures.lastindex.map_or("-".to_string(), |index| index.to_string());
    format!("{}:{last}", spans.join(","))
}
