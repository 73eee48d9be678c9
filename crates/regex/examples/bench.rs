//! Times the engine against CPython: `bench FILE` runs the table that `tools/regex/bench.py` writes.

use std::time::Instant;

use bredli_regex::{Matcher, Positions, Program, Scan, Subject};

fn main() {
    let path = std::env::args().nth(1).expect("the table's path");
    for line in std::fs::read_to_string(path).expect("a table").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, groups, code, subject, count, seconds] = fields[..] else { panic!("a line of unknown form") };
        let code: Vec<u32> = code.split(' ').map(|word| u32::from_str_radix(word, 16).expect("a word")).collect();
        let text: Vec<u8> = (0..subject.len()).step_by(2).map(|at| u8::from_str_radix(&subject[at..at + 2], 16).expect("hex")).collect();
        let program = Program::new(&code, groups.parse().expect("a number")).expect("valid code");
        let subject = if text.is_ascii() { Subject::Narrow(&text) } else { Subject::Wide(&text) };
        let mut best = f64::INFINITY;
        let mut found = 0;
        for _ in 0..5 {
            let start = Instant::now();
            found = find_all(&program, subject);
            best = best.min(start.elapsed().as_secs_f64());
        }
        assert_eq!(found, count.parse::<usize>().expect("a number"), "{name}");
        let theirs: f64 = seconds.parse().expect("a number");
        println!("{name:20} {found:7} matches  {:8.3} ms  CPython {:8.3} ms  ratio {:6.2}", best * 1e3, theirs * 1e3, theirs / best);
    }
}

/// Counts the matches, converting every span to character positions.
fn find_all(program: &Program, subject: Subject<'_>) -> usize {
    let mut matcher = Matcher::new();
    let mut positions = Positions::new(subject);
    let mut scan = Scan::new(0);
    let mut found = 0;
    while scan.search(&mut matcher, program, subject, &mut || Ok(())).expect("no error") {
        for span in (0..=program.groups()).filter_map(|group| matcher.span(group)) {
            std::hint::black_box((positions.char_of(span.start), positions.char_of(span.end)));
        }
        found += 1;
    }
    found
}
