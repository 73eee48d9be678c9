//! The literal text of f-strings and t-strings.

use super::error::TokenError;
use super::kind::TokenKind;
use super::state::{MAX_FIELDS, Stop, StringMode, Token, Tokenizer};
use crate::ast::Location;
use crate::error::Warning;
use crate::literal;

impl Tokenizer<'_> {
    fn mode(&mut self) -> &mut StringMode {
        self.strings.last_mut().expect("only called inside an f-string")
    }

    /// The next token of a string: its literal text, its end, or the brace of a field.
    pub(super) fn string_token(&mut self) -> Result<Token, TokenError> {
        let start = self.cur;
        self.start = Some(start);
        self.first_lineno = self.lineno;
        let character = self.next();
        if character == Some(b'{') {
            let following = self.next();
            self.back(following);
            self.back(character);
            if following != Some(b'{') {
                self.enter_field()?;
                return self.normal_token();
            }
        } else {
            self.back(character);
        }
        let (quote, quote_size) = (self.mode().quote, self.mode().quote_size);
        if self.source[self.cur..].starts_with(&[quote; 3][..quote_size]) {
            for _ in 0..quote_size {
                self.next();
            }
            // The end of a string is placed by its own line, also when the text began on an earlier one.
            self.multi_line_start = self.line_start;
            let mode = self.strings.pop().expect("inside an f-string");
            let kind = if mode.template { TokenKind::TstringEnd } else { TokenKind::FstringEnd };
            return Ok(self.token(kind, Some((start, self.cur))));
        }
        self.middle(start)
    }

    fn enter_field(&mut self) -> Result<(), TokenError> {
        let mode = self.mode();
        mode.field_depth += 1;
        if mode.field_depth >= MAX_FIELDS {
            let letter = mode.letter();
            return Err(self.error(format!("{letter}-string: expressions nested too deeply")));
        }
        mode.in_text = false;
        Ok(())
    }

    fn middle(&mut self, start: usize) -> Result<Token, TokenError> {
        self.multi_line_start = self.line_start;
        let StringMode { quote, quote_size, raw, template, .. } = *self.mode();
        let kind = if template { TokenKind::TstringMiddle } else { TokenKind::FstringMiddle };
        let mut closing = 0;
        let mut named_escape = false;
        while closing != quote_size {
            let character = self.next();
            let in_format_spec = self.mode().in_format_spec && self.mode().field_depth >= 0;
            if character.is_none() || quote_size == 1 && character == Some(b'\n') {
                let letter = self.mode().letter();
                if in_format_spec && character == Some(b'\n') {
                    let msg = format!("{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings");
                    return Err(self.error(msg));
                }
                let error = self.unterminated_interpolated(letter, quote_size);
                if character.is_none() && quote_size == 3 {
                    self.stop = Stop::EndOfString;
                }
                return Err(error);
            }
            if character == Some(quote) {
                closing += 1;
                continue;
            }
            closing = 0;
            match character {
                Some(b'{') => {
                    let following = self.next();
                    if following == Some(b'{') && !in_format_spec {
                        return Ok(self.token(kind, Some((start, self.cur - 1))));
                    }
                    self.back(following);
                    self.back(character);
                    self.enter_field()?;
                    return Ok(self.token(kind, Some((start, self.cur))));
                }
                Some(b'}') => {
                    if named_escape {
                        return Ok(self.token(kind, Some((start, self.cur))));
                    }
                    let following = self.next();
                    if following == Some(b'}') && !in_format_spec && self.mode().depth == 0 {
                        return Ok(self.token(kind, Some((start, self.cur - 1))));
                    }
                    self.back(following);
                    self.back(character);
                    self.mode().in_text = false;
                    return Ok(self.token(kind, Some((start, self.cur))));
                }
                Some(b'\\') => {
                    let mut escaped = self.next();
                    if escaped == Some(b'\r') {
                        escaped = self.next();
                    }
                    if let Some(brace @ (b'{' | b'}')) = escaped {
                        if !raw && !self.options.extra_tokens {
                            self.warn_brace(brace);
                        }
                        self.back(escaped);
                    } else if !raw && escaped == Some(b'N') {
                        let brace = self.next();
                        if brace == Some(b'{') {
                            named_escape = true;
                        } else {
                            self.back(brace);
                        }
                    }
                }
                _ => {}
            }
        }
        self.cur -= quote_size;
        Ok(self.token(kind, Some((start, self.cur))))
    }

    fn unterminated_interpolated(&mut self, letter: char, quote_size: usize) -> TokenError {
        let detected = self.lineno;
        let StringMode { start, first_line, line_start, .. } = *self.mode();
        self.cur = start + 1;
        self.line_start = line_start;
        self.lineno = first_line;
        let quotes = if quote_size == 3 { "triple-quoted " } else { "" };
        self.error(format!("unterminated {quotes}{letter}-string literal (detected at line {detected})"))
    }

    fn warn_brace(&mut self, brace: u8) {
        let column = self.column();
        let loc = Location { lineno: self.lineno, col_offset: column - 2, end_lineno: self.lineno, end_col_offset: column };
        let msg = literal::brace_escape_warning(&char::from(brace).to_string());
        self.warnings.push(Warning { msg, lineno: self.lineno, loc });
    }
}
