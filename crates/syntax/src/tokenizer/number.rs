//! Numbers.

use super::error::TokenError;
use super::kind::TokenKind;
use super::normal::continues_identifier;
use super::state::{Token, Tokenizer};
use crate::ast::Location;
use crate::error::Warning;

fn is_digit(character: Option<u8>) -> bool {
    matches!(character, Some(b'0'..=b'9'))
}

impl Tokenizer<'_> {
    pub(super) fn number(&mut self, start: usize, first: u8) -> Result<Token, TokenError> {
        if first != b'0' {
            let character = self.decimal_tail()?;
            return self.behind_digits(start, character);
        }
        let mut character = self.next();
        match character {
            Some(b'x' | b'X') => return self.based(start, 16),
            Some(b'o' | b'O') => return self.based(start, 8),
            Some(b'b' | b'B') => return self.based(start, 2),
            _ => {}
        }
        loop {
            if character == Some(b'_') {
                character = self.next();
                if !is_digit(character) {
                    self.back(character);
                    return Err(self.error("invalid decimal literal"));
                }
            }
            if character != Some(b'0') {
                break;
            }
            character = self.next();
        }
        let zeros_end = self.cur;
        let nonzero = is_digit(character);
        if nonzero {
            character = self.decimal_tail()?;
        }
        let is_integer = !matches!(character, Some(b'.' | b'e' | b'E' | b'j' | b'J'));
        if nonzero && is_integer && !self.options.extra_tokens {
            self.back(character);
            return Err(self.error_between(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                start,
                zeros_end,
            ));
        }
        self.behind_digits(start, character)
    }

    fn based(&mut self, start: usize, base: u32) -> Result<Token, TokenError> {
        let name = match base {
            16 => "hexadecimal",
            8 => "octal",
            _ => "binary",
        };
        let is_member = |character: Option<u8>| character.is_some_and(|byte| char::from(byte).is_digit(base));
        let mut character = self.next();
        loop {
            if character == Some(b'_') {
                character = self.next();
            }
            if !is_member(character) {
                return Err(self.bad_digit(character, name));
            }
            while is_member(character) {
                character = self.next();
            }
            if character != Some(b'_') {
                break;
            }
        }
        if is_digit(character) {
            return Err(self.bad_digit(character, name));
        }
        self.verify_end(character, name)?;
        self.back(character);
        Ok(self.token(TokenKind::Number, Some((start, self.cur))))
    }

    fn bad_digit(&mut self, character: Option<u8>, name: &str) -> TokenError {
        match character {
            Some(digit @ b'0'..=b'9') => self.error(format!("invalid digit '{}' in {name} literal", char::from(digit))),
            _ => {
                self.back(character);
                self.error(format!("invalid {name} literal"))
            }
        }
    }

    /// Reads digits and single underscores; returns the character behind them.
    fn decimal_tail(&mut self) -> Result<Option<u8>, TokenError> {
        loop {
            let mut character = self.next();
            while is_digit(character) {
                character = self.next();
            }
            if character != Some(b'_') {
                return Ok(character);
            }
            character = self.next();
            if !is_digit(character) {
                self.back(character);
                return Err(self.error("invalid decimal literal"));
            }
        }
    }

    fn behind_digits(&mut self, start: usize, character: Option<u8>) -> Result<Token, TokenError> {
        if character == Some(b'.') {
            let character = self.next();
            return self.fraction(start, character);
        }
        self.exponent(start, character)
    }

    /// The rest of a number whose point was read; `character` stands behind it.
    pub(super) fn fraction(&mut self, start: usize, mut character: Option<u8>) -> Result<Token, TokenError> {
        if is_digit(character) {
            character = self.decimal_tail()?;
        }
        self.exponent(start, character)
    }

    fn exponent(&mut self, start: usize, mut character: Option<u8>) -> Result<Token, TokenError> {
        if matches!(character, Some(b'e' | b'E')) {
            let letter = character;
            character = self.next();
            if matches!(character, Some(b'+' | b'-')) {
                character = self.next();
                if !is_digit(character) {
                    self.back(character);
                    return Err(self.error("invalid decimal literal"));
                }
            } else if !is_digit(character) {
                self.back(character);
                self.verify_end(letter, "decimal")?;
                self.back(letter);
                return Ok(self.token(TokenKind::Number, Some((start, self.cur))));
            }
            character = self.decimal_tail()?;
        }
        let mut name = "decimal";
        if matches!(character, Some(b'j' | b'J')) {
            character = self.next();
            name = "imaginary";
        }
        self.verify_end(character, name)?;
        self.back(character);
        Ok(self.token(TokenKind::Number, Some((start, self.cur))))
    }

    /// Checks that no letter follows a number; only keywords may, with a warning. `character` was read already.
    fn verify_end(&mut self, character: Option<u8>, name: &str) -> Result<(), TokenError> {
        if self.options.extra_tokens {
            return Ok(());
        }
        let rest = if character.is_some() { &self.source[self.cur - 1..] } else { &[] };
        let keywords: [&[u8]; 5] = [b"and", b"else", b"for", b"or", b"not"];
        let is_keyword = |keyword: &&[u8]| rest.starts_with(keyword) && !continues_identifier(rest.get(keyword.len()).copied());
        if matches!(rest, [b'i', b'f' | b'n' | b's', ..]) || keywords.iter().any(is_keyword) {
            let column = (self.cur - 1 - self.line_start) as i32;
            let loc = Location { lineno: self.lineno, col_offset: column, end_lineno: self.lineno, end_col_offset: column };
            self.warnings.push(Warning { msg: format!("invalid {name} literal"), lineno: self.lineno, loc });
            return Ok(());
        }
        if character.is_some_and(|byte| byte < 0x80) && continues_identifier(character) {
            self.back(character);
            return Err(self.error(format!("invalid {name} literal")));
        }
        Ok(())
    }
}
