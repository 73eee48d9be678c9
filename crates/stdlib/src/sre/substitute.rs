//! `Pattern.sub` and the templates of replacements.

use super::matched::Match;
use super::pattern::Pattern;
use super::text::{Found, Text};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// A parsed replacement: literal parts and the groups between them.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "SRE_Template", module = "_sre", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
pub struct Template {
    header: Header,
    parts: Gc<Tuple>,
}

#[pymethods]
impl Template {}

/// `_sre.template`.
pub fn template(py: &mut Py, parts: Gc<List>) -> Result<Gc<Template>> {
    let parts = py.tuple_from_iterable(parts.into())?;
    for (index, part) in parts.get(py).items().iter().enumerate() {
        if index % 2 == 1 && py.int_to_i64(*part).is_none_or(|group| group < 0) {
            raise!(py, TypeError, "invalid template");
        }
    }
    Ok(py.alloc(Template { header: Header::EMPTY, parts }))
}

/// The compiled form of a replacement text: a template, or the text itself when there is nothing to expand.
fn compile(py: &mut Py, pattern: Gc<Pattern>, repl: Value) -> Result {
    let has_backslash = match (Gc::<Str>::cast(py, repl), Gc::<Bytes>::cast(py, repl)) {
        (Some(text), _) => text.get(py).bytes().contains(&b'\\'),
        (_, Some(bytes)) => bytes.get(py).data().contains(&b'\\'),
        _ => true,
    };
    if !has_backslash {
        return Ok(repl);
    }
    let re = py.import_module("re")?;
    py.call_method_named(re, "_compile_template", &[pattern.into(), repl])
}

/// Append what a template makes of a match.
fn expand_into(py: &mut Py, out: &mut RootVec, template: Value, text: Text, found: &[Option<bredli_regex::Span>]) -> Result<()> {
    let Some(template) = Gc::<Template>::cast(py, template) else {
        out.push(template);
        return Ok(());
    };
    let parts = template.get(py).parts;
    for index in 0..parts.get(py).len() {
        let part = parts.get(py).items()[index];
        if index % 2 == 0 {
            out.push(part);
            continue;
        }
        let group = py.int_to_i64(part).unwrap_or(0) as usize;
        match found.get(group) {
            Some(Some(span)) => {
                let part = text.part(py, span.start, span.end)?;
                out.push(part);
            }
            Some(None) => {}
            None => raise!(py, IndexError, "no such group"),
        }
    }
    Ok(())
}

/// `Match.expand`.
pub fn expand(py: &mut Py, matched: Gc<Match>, template: Value) -> Result {
    let pattern = matched.get(py).pattern;
    let template = compile(py, pattern, template)?;
    let text = Text::new(py, matched.get(py).string)?;
    let spans = matched.get(py).spans.clone();
    let mut out = RootVec::new(&mut py.heap);
    expand_into(py, &mut out, template, text, &spans)?;
    text.join(py, &out)
}

/// `Pattern.subn`.
pub fn substitute(py: &mut Py, pattern: Gc<Pattern>, repl: Value, string: Value, count: isize) -> Result<(Value, usize)> {
    let callable = py.is_callable(repl);
    let repl = if callable { repl } else { compile(py, pattern, repl)? };
    let window = Pattern::window(pattern, py, string, 0, isize::MAX)?;
    let mut out = RootVec::new(&mut py.heap);
    let (mut last, mut made) = (0, 0);
    if count >= 0 {
        Pattern::each(pattern, py, &window, |py, found| {
            let whole = found.spans[0].expect("a match has a span");
            if last < whole.start {
                let part = window.text.part(py, last, whole.start)?;
                out.push(part);
            }
            last = whole.end;
            if callable {
                let Found { spans, lastindex } = found;
                let matched = Match::make(py, pattern, &window, Found { spans, lastindex });
                let part = py.call(repl, &[matched.into()])?;
                if !part.is_none() {
                    out.push(part);
                }
            } else {
                expand_into(py, &mut out, repl, window.text, &found.spans)?;
            }
            made += 1;
            Ok(count == 0 || made < count as usize)
        })?;
    }
    if made == 0 {
        let whole = window.text.part(py, 0, window.end)?;
        return Ok((whole, 0));
    }
    if last < window.end {
        let rest = window.text.part(py, last, window.end)?;
        out.push(rest);
    }
    Ok((window.text.join(py, &out)?, made))
}
