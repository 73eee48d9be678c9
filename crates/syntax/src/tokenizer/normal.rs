//! Tokens outside of the literal text of f-strings: indentation, names, strings, operators.

use bredli_text::unicode;

use super::error::TokenError;
use super::kind::TokenKind;
use super::state::{Bracket, MAX_BRACKETS, MAX_INDENT, MAX_STRINGS, Stop, StringMode, Token, Tokenizer};

/// The letters before a quote.
#[derive(Clone, Copy, Default)]
struct Prefix {
    bytes: bool,
    raw: bool,
    unicode: bool,
    format: bool,
    template: bool,
}

impl Prefix {
    /// Adds a letter, if it is one and new.
    fn add(&mut self, letter: Option<u8>) -> bool {
        let flag = match letter.map(|letter| letter.to_ascii_lowercase()) {
            Some(b'b') => &mut self.bytes,
            Some(b'u') => &mut self.unicode,
            Some(b'r') => &mut self.raw,
            Some(b'f') => &mut self.format,
            Some(b't') => &mut self.template,
            _ => return false,
        };
        !std::mem::replace(flag, true)
    }

    /// The first pair of letters that exclude each other.
    fn conflict(self) -> Option<(char, char)> {
        let Prefix { bytes, raw, unicode, format, template } = self;
        [
            (unicode && bytes, ('u', 'b')),
            (unicode && raw, ('u', 'r')),
            (unicode && format, ('u', 'f')),
            (unicode && template, ('u', 't')),
            (bytes && format, ('b', 'f')),
            (bytes && template, ('b', 't')),
            (format && template, ('f', 't')),
        ]
        .into_iter()
        .find_map(|(found, pair)| found.then_some(pair))
    }
}

fn starts_identifier(character: Option<u8>) -> bool {
    matches!(character, Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..))
}

pub(super) fn continues_identifier(character: Option<u8>) -> bool {
    starts_identifier(character) || matches!(character, Some(b'0'..=b'9'))
}

impl Tokenizer<'_> {
    pub(super) fn normal_token(&mut self) -> Result<Token, TokenError> {
        loop {
            if let Some(token) = self.indentation() {
                return Ok(token);
            }
            if let Some(token) = self.logical_token()? {
                return Ok(token);
            }
        }
    }

    /// Measures the indentation at the start of a line. Returns the tokens it amounts to, or an error token.
    fn indentation(&mut self) -> Option<Token> {
        self.start = None;
        self.blank_line = false;
        if self.at_line_start {
            self.at_line_start = false;
            if let Err(stop) = self.measure_indentation() {
                return Some(self.stopped(stop));
            }
        }
        self.start = Some(self.cur);
        if self.pending < 0 {
            self.pending += 1;
            let place = self.options.extra_tokens.then_some((self.cur, self.cur));
            return Some(self.token(TokenKind::Dedent, place));
        }
        if self.pending > 0 {
            self.pending -= 1;
            let place = self.options.extra_tokens.then_some((self.buffer_start, self.cur));
            return Some(self.token(TokenKind::Indent, place));
        }
        let peeked = self.next();
        self.back(peeked);
        None
    }

    fn measure_indentation(&mut self) -> Result<(), Stop> {
        let (mut column, mut alternative) = (0, 0);
        let mut continued = None;
        let last = loop {
            let character = self.next();
            match character {
                Some(b' ') => (column, alternative) = (column + 1, alternative + 1),
                Some(b'\t') => (column, alternative) = ((column / 8 + 1) * 8, alternative + 1),
                Some(b'\x0c') => (column, alternative) = (0, 0),
                // Indentation does not extend over a continued line: what counts is the first line's.
                Some(b'\\') => {
                    continued = continued.filter(|&column| column != 0).or(Some(column));
                    self.continuation_line()?;
                }
                _ => break character,
            }
        };
        self.back(last);
        if matches!(last, Some(b'#' | b'\n' | b'\r')) {
            // A totally empty line ends a block that is typed in.
            if !(self.options.interactive && (column == 0 && last == Some(b'\n') || self.lineno == 1)) {
                self.blank_line = true;
            } else if self.lineno == 1 && !(column == 0 && last == Some(b'\n')) {
                (column, alternative) = (0, 0);
            }
        }
        if self.blank_line || !self.brackets.is_empty() {
            return Ok(());
        }
        if let Some(first) = continued.filter(|&first| first != 0) {
            (column, alternative) = (first, first);
        }
        let (indent, alternative_indent) = *self.indents.last().expect("the outermost level stays");
        if column > indent {
            if self.indents.len() >= MAX_INDENT {
                self.cur = self.line_end;
                return Err(Stop::TooDeep);
            }
            if alternative <= alternative_indent {
                return Err(self.inconsistent());
            }
            self.pending += 1;
            self.indents.push((column, alternative));
            return Ok(());
        }
        while self.indents.len() > 1 && column < self.indents[self.indents.len() - 1].0 {
            self.pending -= 1;
            self.indents.pop();
        }
        let (indent, alternative_indent) = *self.indents.last().expect("the outermost level stays");
        if column != indent {
            self.cur = self.line_end;
            return Err(Stop::Dedent);
        }
        if alternative != alternative_indent {
            return Err(self.inconsistent());
        }
        Ok(())
    }

    fn inconsistent(&mut self) -> Stop {
        self.cur = self.line_end;
        Stop::TabSpace
    }

    /// Reads the line end behind a backslash.
    fn continuation_line(&mut self) -> Result<(), Stop> {
        let mut character = self.next();
        if character == Some(b'\r') {
            character = self.next();
        }
        if character != Some(b'\n') {
            return Err(Stop::LineContinuation);
        }
        let following = self.next();
        if following.is_none() {
            self.cur = self.line_end;
            return Err(Stop::EndOfFile);
        }
        self.back(following);
        Ok(())
    }

    /// The next token of a line; `None` when a line end was skipped.
    fn logical_token(&mut self) -> Result<Option<Token>, TokenError> {
        let mut character;
        loop {
            self.start = None;
            loop {
                character = self.next();
                if !matches!(character, Some(b' ' | b'\t' | b'\x0c')) {
                    break;
                }
            }
            self.start = Some(if character.is_some() { self.cur - 1 } else { self.cur });
            if character == Some(b'#') {
                if let Some(token) = self.comment(&mut character) {
                    return Ok(Some(token));
                }
            }
            if character != Some(b'\\') {
                break;
            }
            if let Err(stop) = self.continuation_line() {
                return Ok(Some(self.stopped(stop)));
            }
        }
        let start = self.start.expect("set above");
        let Some(mut first) = character else {
            let ended = self.stop == Stop::EndOfFile && self.brackets.is_empty();
            let place = self.options.extra_tokens.then_some((self.cur, self.cur));
            return Ok(Some(match ended {
                true => self.token(TokenKind::EndMarker, place),
                false => self.token(TokenKind::ErrorToken, None),
            }));
        };
        if starts_identifier(character) {
            return self.name_or_string(start, first).map(Some);
        }
        // Whatever follows a carriage return is no name.
        if first == b'\r'
            && let Some(next) = self.next()
        {
            first = next;
        }
        if first == b'\n' {
            return Ok(self.line_break(start));
        }
        if first == b'.' {
            return self.dot(start).map(Some);
        }
        if first.is_ascii_digit() {
            return self.number(start, first).map(Some);
        }
        if matches!(first, b'\'' | b'"') {
            return self.string(start, first).map(Some);
        }
        self.operator(start, first).map(Some)
    }

    fn line_break(&mut self, start: usize) -> Option<Token> {
        self.at_line_start = true;
        let text = (start, self.cur - 1);
        let behind_comment = std::mem::take(&mut self.comment_newline);
        if self.blank_line || !self.brackets.is_empty() {
            return self.options.extra_tokens.then(|| self.token(TokenKind::Nl, Some(text)));
        }
        if behind_comment && self.options.extra_tokens {
            return Some(self.token(TokenKind::Nl, Some(text)));
        }
        // For the parser the line end belongs to the token.
        let end = if self.options.extra_tokens { text.1 } else { self.cur };
        Some(self.token(TokenKind::Newline, Some((start, end))))
    }

    /// Skips a comment, up to the line end in `character`, unless it is a token.
    fn comment(&mut self, character: &mut Option<u8>) -> Option<Token> {
        let start = self.start.expect("at the number sign");
        while !matches!(character, None | Some(b'\n' | b'\r')) {
            *character = self.next();
        }
        let end = if character.is_some() { self.cur - 1 } else { self.cur };
        if self.options.type_comments
            && let Some(mut token) = self.type_comment(start, end)
        {
            self.back(*character);
            // A line with nothing else belongs to the token as a whole.
            if token.kind == TokenKind::TypeIgnore && self.blank_line {
                self.next();
                self.at_line_start = true;
                token.end = Some(self.cur);
            }
            return Some(token);
        }
        if self.options.extra_tokens {
            self.back(*character);
            self.comment_newline = self.blank_line;
            return Some(self.token(TokenKind::Comment, Some((start, end))));
        }
        None
    }

    /// `# type: ...`: the token covers what follows the colon.
    fn type_comment(&self, start: usize, end: usize) -> Option<Token> {
        let comment = &self.source[start..end];
        let skip_blanks = |at: usize| at + comment[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let at = skip_blanks(1);
        if !comment[at..].starts_with(b"type:") {
            return None;
        }
        let at = skip_blanks(at + 5);
        let text = &comment[at..];
        let ignores = text
            .strip_prefix(b"ignore")
            .is_some_and(|rest| !matches!(rest.first(), Some(0x80..)) && !rest.first().is_some_and(u8::is_ascii_alphanumeric));
        Some(match ignores {
            true => self.token(TokenKind::TypeIgnore, Some((start + at + 6, end))),
            false => self.token(TokenKind::TypeComment, Some((start + at, end))),
        })
    }

    fn name_or_string(&mut self, start: usize, first: u8) -> Result<Token, TokenError> {
        let mut prefix = Prefix::default();
        let mut character = Some(first);
        while prefix.add(character) {
            character = self.next();
            if let Some(quote @ (b'"' | b'\'')) = character {
                if let Some((one, other)) = prefix.conflict() {
                    return Err(self.error_between(format!("'{one}' and '{other}' prefixes are incompatible"), start, self.cur));
                }
                return match prefix.format || prefix.template {
                    true => self.interpolated_start(start, quote, prefix),
                    false => self.string(start, quote),
                };
            }
        }
        let mut ascii = true;
        while continues_identifier(character) {
            ascii &= character.is_some_and(|byte| byte < 0x80);
            character = self.next();
        }
        self.back(character);
        if !ascii && !self.options.extra_tokens {
            self.verify_identifier(start)?;
        }
        Ok(self.token(TokenKind::Name, Some((start, self.cur))))
    }

    fn verify_identifier(&mut self, start: usize) -> Result<(), TokenError> {
        let text = std::str::from_utf8(&self.source[start..self.cur]).expect("the source is valid and identifiers end before ASCII");
        let fits = |&(index, character): &(usize, char)| match index {
            0 => character == '_' || unicode::is_identifier_start(u32::from(character)),
            _ => unicode::is_identifier_continue(u32::from(character)),
        };
        let Some((index, invalid)) = text.chars().enumerate().find(|pair| !fits(pair)) else { return Ok(()) };
        let length: usize = text.chars().take(index + 1).map(char::len_utf8).sum();
        self.cur = start + length;
        let code = u32::from(invalid);
        Err(match unicode::is_printable(code) {
            true => self.error(format!("invalid character '{invalid}' (U+{code:04X})")),
            false => self.error(format!("invalid non-printable character U+{code:04X}")),
        })
    }

    fn dot(&mut self, start: usize) -> Result<Token, TokenError> {
        let second = self.next();
        if second.is_some_and(|byte| byte.is_ascii_digit()) {
            return self.fraction(start, second);
        }
        if second == Some(b'.') {
            let third = self.next();
            if third == Some(b'.') {
                return Ok(self.token(TokenKind::Ellipsis, Some((start, self.cur))));
            }
            self.back(third);
        }
        self.back(second);
        Ok(self.token(TokenKind::Dot, Some((start, self.cur))))
    }

    fn interpolated_start(&mut self, start: usize, quote: u8, prefix: Prefix) -> Result<Token, TokenError> {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let mut quote_size = 1;
        let second = self.next();
        if second == Some(quote) {
            let third = self.next();
            if third == Some(quote) {
                quote_size = 3;
            } else {
                self.back(third);
                self.back(second);
            }
        } else {
            self.back(second);
        }
        if self.strings.len() + 1 >= MAX_STRINGS {
            return Err(self.error("too many nested f-strings or t-strings"));
        }
        let token = self.token(if prefix.template { TokenKind::TstringStart } else { TokenKind::FstringStart }, Some((start, self.cur)));
        self.strings.push(StringMode {
            in_text: true,
            template: prefix.template,
            raw: prefix.raw,
            quote,
            quote_size,
            start,
            first_line: self.lineno,
            line_start: self.line_start,
            depth: 0,
            field_depth: -1,
            in_format_spec: false,
            in_debug: false,
        });
        Ok(token)
    }

    fn string(&mut self, start: usize, quote: u8) -> Result<Token, TokenError> {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let (mut size, mut closing, mut escaped_quote) = (1, 0, false);
        let mut character = self.next();
        if character == Some(quote) {
            character = self.next();
            if character == Some(quote) {
                size = 3;
            } else {
                closing = 1;
            }
        }
        if character != Some(quote) {
            self.back(character);
        }
        while closing != size {
            character = self.next();
            if character.is_none() || size == 1 && character == Some(b'\n') {
                let error = self.unterminated_string(start, quote, size, escaped_quote);
                if character.is_none() {
                    self.stop = Stop::EndOfString;
                }
                return Err(error);
            }
            if character == Some(quote) {
                closing += 1;
                continue;
            }
            closing = 0;
            if character == Some(b'\\') {
                character = self.next();
                escaped_quote |= character == Some(quote);
                if character == Some(b'\r') {
                    self.next();
                }
            }
        }
        Ok(self.token(TokenKind::String, Some((start, self.cur))))
    }

    fn unterminated_string(&mut self, start: usize, quote: u8, size: usize, escaped_quote: bool) -> TokenError {
        let detected = self.lineno;
        self.cur = start + 1;
        self.line_start = self.multi_line_start;
        self.lineno = self.first_lineno;
        if let Some(mode) = self.strings.last()
            && (mode.quote, mode.quote_size) == (quote, size)
        {
            let letter = mode.letter();
            return self.error(format!("{letter}-string: expecting '}}'"));
        }
        let (kind, hint) = match (size, escaped_quote) {
            (3, _) => ("triple-quoted string", ""),
            (_, true) => ("string", "; perhaps you escaped the end quote?"),
            _ => ("string", ""),
        };
        self.error(format!("unterminated {kind} literal (detected at line {detected}){hint}"))
    }

    fn operator(&mut self, start: usize, first: u8) -> Result<Token, TokenError> {
        if matches!(first, b':' | b'}' | b'!' | b'{')
            && let Some(mode) = self.strings.last_mut()
            && mode.field_depth >= 0
        {
            let depth = mode.depth - i32::from(first != b'{');
            if first == b':' && depth == mode.field_depth {
                mode.in_text = true;
                mode.in_format_spec = true;
                return Ok(self.token(TokenKind::Colon, Some((start, self.cur))));
            }
        }
        if let Some(kind) = self.long_operator(first) {
            return Ok(self.token(kind, Some((start, self.cur))));
        }
        match first {
            b'(' | b'[' | b'{' => {
                if self.brackets.len() >= MAX_BRACKETS {
                    return Err(self.error("too many nested parentheses"));
                }
                self.brackets.push(Bracket { character: first, lineno: self.lineno, col_offset: (start - self.line_start) as i32 });
                if let Some(mode) = self.strings.last_mut() {
                    mode.depth += 1;
                }
            }
            b')' | b']' | b'}' => self.close(first)?,
            _ => {}
        }
        if first < b' ' || first == 0x7F {
            return Err(self.error(format!("invalid non-printable character U+{first:04X}")));
        }
        if first == b'='
            && let Some(mode) = self.strings.last_mut()
            && mode.depth - mode.field_depth == 1
        {
            mode.in_debug = true;
        }
        let kind = std::str::from_utf8(&[first]).ok().and_then(TokenKind::from_text).unwrap_or(TokenKind::Op);
        Ok(self.token(kind, Some((start, self.cur))))
    }

    /// An operator of two or three characters.
    fn long_operator(&mut self, first: u8) -> Option<TokenKind> {
        let second = self.next();
        let two = [first, second.unwrap_or(0)];
        let kind = std::str::from_utf8(&two).ok().and_then(TokenKind::from_text);
        let Some(kind) = kind else {
            self.back(second);
            return None;
        };
        let third = self.next();
        let three = [first, two[1], third.unwrap_or(0)];
        let longer = std::str::from_utf8(&three).ok().and_then(TokenKind::from_text);
        if longer.is_none() {
            self.back(third);
        }
        longer.or(Some(kind))
    }

    fn close(&mut self, bracket: u8) -> Result<(), TokenError> {
        let shown = char::from(bracket);
        if let Some(mode) = self.strings.last()
            && mode.depth == 0
            && bracket == b'}'
        {
            let letter = mode.letter();
            return Err(self.error(format!("{letter}-string: single '}}' is not allowed")));
        }
        let lenient = self.options.extra_tokens;
        if !lenient && self.brackets.is_empty() {
            return Err(self.error(format!("unmatched '{shown}'")));
        }
        if let Some(open) = self.brackets.pop() {
            let fits = matches!((open.character, bracket), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
            if let Some(mode) = self.strings.last()
                && !fits
                && open.character == b'{'
                && mode.depth - 1 == mode.field_depth
            {
                let letter = mode.letter();
                return Err(self.error(format!("{letter}-string: unmatched '{shown}'")));
            }
            if !lenient && !fits {
                let place = if open.lineno == self.lineno { String::new() } else { format!(" on line {}", open.lineno) };
                let opening = char::from(open.character);
                return Err(self.error(format!("closing parenthesis '{shown}' does not match opening parenthesis '{opening}'{place}")));
            }
        }
        if let Some(mode) = self.strings.last_mut() {
            mode.depth -= 1;
            if mode.depth < 0 {
                let letter = mode.letter();
                return Err(self.error(format!("{letter}-string: unmatched '{shown}'")));
            }
            if bracket == b'}' && mode.depth == mode.field_depth {
                mode.field_depth -= 1;
                mode.in_text = true;
                mode.in_format_spec = false;
                mode.in_debug = false;
            }
        }
        Ok(())
    }
}
