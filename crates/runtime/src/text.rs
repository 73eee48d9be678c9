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
