//! Small questions about Python's lexical rules that the object model asks.

/// Whether the text is a valid identifier (`str.isidentifier`).
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || bredli_text::unicode::is_identifier_start(c as u32))
        && chars.all(|c| bredli_text::unicode::is_identifier_continue(c as u32))
}

/// A private name as the compiler mangles it inside class `class`.
pub fn mangle(class: &str, name: &str) -> String {
    let stripped = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || stripped.is_empty() {
        return name.to_string();
    }
    format!("_{stripped}{name}")
}

/// The known name that is most like a wrong one, as CPython suggests it ("Did you mean").
pub fn suggestion(wrong: &str, known: &[String]) -> Option<String> {
    if known.len() >= MOST_CANDIDATES {
        return None;
    }
    let mut best: Option<(usize, &String)> = None;
    for name in known.iter().filter(|name| *name != wrong) {
        let most = (name.len() + wrong.len() + 3) * MOVE_COST / 6;
        let most = match best {
            Some((0, _)) => break,
            Some((distance, _)) => most.min(distance - 1),
            None => most,
        };
        if let Some(distance) = edit_distance(wrong.as_bytes(), name.as_bytes(), most) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name.clone())
}

const MOST_CANDIDATES: usize = 750;
/// Bytes in which two names may differ.
const MOST_DIFFERENT: usize = 40;
const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;

fn substitution(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// Levenshtein distance with cheap changes of case, if it is at most `most`.
fn edit_distance(mut a: &[u8], mut b: &[u8], most: usize) -> Option<usize> {
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    while let ([a_rest @ .., x], [b_rest @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    if a.len().max(b.len()) > MOST_DIFFERENT || a.len().abs_diff(b.len()) * MOVE_COST > most {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * MOVE_COST).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE_COST;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + substitution(*x, *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + MOVE_COST).min(diagonal + MOVE_COST);
        }
    }
    row.last().copied().filter(|distance| *distance <= most)
}
