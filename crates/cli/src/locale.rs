//! Which character encoding the environment asks for, and what is done about the C locale (PEP 538, PEP 540).

use bredli::host::Host;

/// What the locale says about characters.
pub struct CharacterType {
    /// Whether the program was started in the C (or POSIX) locale.
    pub is_c: bool,
    /// Whether undecodable bytes on the standard streams are escaped rather than errors.
    pub escapes: bool,
    /// The name of the codec.
    pub encoding: String,
}

/// Locales that may stand in for the C locale, best first.
const TARGETS: [&str; 3] = ["C.UTF-8", "C.utf8", "UTF-8"];

/// Finds the locale from `LC_ALL`, `LC_CTYPE` and `LANG`, and moves from the C locale to a UTF-8 one.
///
/// `coercion` is the value of `PYTHONCOERCECLOCALE`: `0` keeps the C locale, `warn` reports on standard error. Moving
/// means setting `LC_CTYPE` for this program's children.
pub fn character_type(host: &dyn Host, coercion: Option<&[u8]>) -> CharacterType {
    let variable = |name: &[u8]| host.getenv(name).ok().flatten().filter(|value| !value.is_empty());
    let all = variable(b"LC_ALL");
    let forced = all.is_some();
    let name = all.or_else(|| variable(b"LC_CTYPE")).or_else(|| variable(b"LANG")).unwrap_or_default();
    if !matches!(name.as_slice(), b"" | b"C" | b"POSIX")
        && let Ok(codeset) = host.locale_codeset(&name)
    {
        let escapes = TARGETS.iter().any(|target| target.as_bytes() == name);
        return CharacterType { is_c: false, escapes, encoding: encoding_name(&codeset) };
    }
    let warn = coercion == Some(b"warn");
    if !forced
        && coercion != Some(b"0")
        && let Some(target) = TARGETS.iter().find(|target| host.locale_codeset(target.as_bytes()).is_ok())
    {
        // A host without an environment to set keeps the encoding all the same.
        let _ = host.putenv(b"LC_CTYPE", target.as_bytes());
        if warn {
            complain(
                host,
                &format!(
                    "Python detected LC_CTYPE=C: LC_CTYPE coerced to {target} (set another locale or PYTHONCOERCECLOCALE=0 to disable this locale coercion behavior)."
                ),
            );
        }
        return CharacterType { is_c: true, escapes: true, encoding: "utf-8".to_owned() };
    }
    if warn {
        complain(
            host,
            "Python runtime initialized with LC_CTYPE=C (a locale with default ASCII encoding), which may cause Unicode compatibility problems. Using C.UTF-8, C.utf8, or UTF-8 (if available) as alternative Unicode-compatible locales is recommended.",
        );
    }
    CharacterType { is_c: true, escapes: true, encoding: "ascii".to_owned() }
}

fn encoding_name(codeset: &[u8]) -> String {
    match codeset {
        b"UTF-8" => "utf-8".to_owned(),
        b"ANSI_X3.4-1968" => "ascii".to_owned(),
        other => String::from_utf8_lossy(other).to_lowercase(),
    }
}

/// Writes a line to standard error; there is nobody to tell when that fails.
fn complain(host: &dyn Host, line: &str) {
    let _ = host.write(2, format!("{line}\n").as_bytes());
}
