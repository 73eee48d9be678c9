//! `TokenKind`: the token types of CPython 3.14, under their numbers in `token.py`.

macro_rules! kinds {
    ($($Kind:ident = $name:literal $($text:literal)?,)+) => {
        /// The type of a token. `kind as u8` is CPython's number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs, reason = "they are named after their texts")]
        pub enum TokenKind { $($Kind),+ }

        impl TokenKind {
            /// Every type, in the order of their numbers.
            pub const ALL: &[TokenKind] = &[$(TokenKind::$Kind),+];

            /// The name in Python's `token` module.
            pub fn name(self) -> &'static str {
                match self {
                    $(TokenKind::$Kind => $name),+
                }
            }

            /// The operator or delimiter with this text.
            pub fn from_text(text: &str) -> Option<TokenKind> {
                match text {
                    $($($text => Some(TokenKind::$Kind),)?)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    EndMarker = "ENDMARKER",
    Name = "NAME",
    Number = "NUMBER",
    String = "STRING",
    Newline = "NEWLINE",
    Indent = "INDENT",
    Dedent = "DEDENT",
    LeftParenthesis = "LPAR" "(",
    RightParenthesis = "RPAR" ")",
    LeftBracket = "LSQB" "[",
    RightBracket = "RSQB" "]",
    Colon = "COLON" ":",
    Comma = "COMMA" ",",
    Semicolon = "SEMI" ";",
    Plus = "PLUS" "+",
    Minus = "MINUS" "-",
    Star = "STAR" "*",
    Slash = "SLASH" "/",
    Bar = "VBAR" "|",
    Ampersand = "AMPER" "&",
    Less = "LESS" "<",
    Greater = "GREATER" ">",
    Equal = "EQUAL" "=",
    Dot = "DOT" ".",
    Percent = "PERCENT" "%",
    LeftBrace = "LBRACE" "{",
    RightBrace = "RBRACE" "}",
    EqualEqual = "EQEQUAL" "==",
    NotEqual = "NOTEQUAL" "!=",
    LessEqual = "LESSEQUAL" "<=",
    GreaterEqual = "GREATEREQUAL" ">=",
    Tilde = "TILDE" "~",
    Circumflex = "CIRCUMFLEX" "^",
    LeftShift = "LEFTSHIFT" "<<",
    RightShift = "RIGHTSHIFT" ">>",
    DoubleStar = "DOUBLESTAR" "**",
    PlusEqual = "PLUSEQUAL" "+=",
    MinusEqual = "MINEQUAL" "-=",
    StarEqual = "STAREQUAL" "*=",
    SlashEqual = "SLASHEQUAL" "/=",
    PercentEqual = "PERCENTEQUAL" "%=",
    AmpersandEqual = "AMPEREQUAL" "&=",
    BarEqual = "VBAREQUAL" "|=",
    CircumflexEqual = "CIRCUMFLEXEQUAL" "^=",
    LeftShiftEqual = "LEFTSHIFTEQUAL" "<<=",
    RightShiftEqual = "RIGHTSHIFTEQUAL" ">>=",
    DoubleStarEqual = "DOUBLESTAREQUAL" "**=",
    DoubleSlash = "DOUBLESLASH" "//",
    DoubleSlashEqual = "DOUBLESLASHEQUAL" "//=",
    At = "AT" "@",
    AtEqual = "ATEQUAL" "@=",
    Arrow = "RARROW" "->",
    Ellipsis = "ELLIPSIS" "...",
    ColonEqual = "COLONEQUAL" ":=",
    Exclamation = "EXCLAMATION" "!",
    Op = "OP",
    TypeIgnore = "TYPE_IGNORE",
    TypeComment = "TYPE_COMMENT",
    SoftKeyword = "SOFT_KEYWORD",
    FstringStart = "FSTRING_START",
    FstringMiddle = "FSTRING_MIDDLE",
    FstringEnd = "FSTRING_END",
    TstringStart = "TSTRING_START",
    TstringMiddle = "TSTRING_MIDDLE",
    TstringEnd = "TSTRING_END",
    Comment = "COMMENT",
    Nl = "NL",
    ErrorToken = "ERRORTOKEN",
    Encoding = "ENCODING",
}

impl TokenKind {
    /// Whether the token is a string or a part of one, and so may span lines.
    pub fn is_string(self) -> bool {
        use TokenKind::*;
        matches!(self, String | FstringStart | FstringMiddle | FstringEnd | TstringStart | TstringMiddle | TstringEnd)
    }
}

#[cfg(test)]
mod tests {
    use super::TokenKind;

    #[test]
    fn numbers_are_cpythons() {
        assert_eq!(TokenKind::LeftParenthesis as u8, 7);
        assert_eq!(TokenKind::Op as u8, 55);
        assert_eq!(TokenKind::Encoding as u8, 68);
        assert_eq!(TokenKind::from_text("**="), Some(TokenKind::DoubleStarEqual));
    }
}
