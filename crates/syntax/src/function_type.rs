//! `func_type` mode: `(int, *str, **Any) -> bool`, the signature in a type comment.

use ruff_text_size::{TextRange, TextSize};

use crate::source::Source;
use crate::tokenizer::{Token, TokenKind, Tokenizer, TokenizerOptions};

/// The places of the argument types and of the return type in a source that the grammar has accepted.
pub(crate) fn parts(source: &Source) -> Option<(Vec<TextRange>, TextRange)> {
    let mut tokenizer = Tokenizer::new(source.text(), TokenizerOptions::default());
    let mut tokens = Vec::new();
    loop {
        let token = tokenizer.next_token().ok()?;
        match token.kind {
            TokenKind::EndMarker => break,
            TokenKind::ErrorToken => return None,
            TokenKind::Newline => {}
            _ => tokens.push(token),
        }
    }
    let arrow = tokens.iter().position(|token| token.kind == TokenKind::Arrow && token.level == 0)?;
    let arguments = tokens.get(1..arrow - 1)?;
    let arguments = arguments.split(|token| token.kind == TokenKind::Comma && token.level == 1).filter_map(|argument| match argument {
        [star, rest @ ..] if matches!(star.kind, TokenKind::Star | TokenKind::DoubleStar) => range(rest),
        argument => range(argument),
    });
    Some((arguments.collect(), range(&tokens[arrow + 1..])?))
}

fn range(tokens: &[Token]) -> Option<TextRange> {
    let start = tokens.first()?.start?;
    let end = tokens.last()?.end?;
    Some(TextRange::new(TextSize::from(start as u32), TextSize::from(end as u32)))
}
