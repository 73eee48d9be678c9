//! Formatting against CPython's results (`vectors/formats.txt`, printed by `vectors/formats.py`).

use bredli_num::*;

fn int(text: &str) -> Integer {
    BigInt::parse(text, 10).expect("an int").into()
}

fn float(text: &str) -> f64 {
    parse_float(text.as_bytes()).expect("a float")
}

fn formatted(result: Result<String, FormatError>) -> String {
    match result {
        Ok(text) => text,
        Err(FormatError::Overflow(message)) => format!("!OverflowError: {message}"),
        Err(FormatError::Int(error @ IntError::TooLargeForFloat)) => format!("!OverflowError: {error}"),
        Err(error) => format!("!ValueError: {error}"),
    }
}

fn format(kind: &str, spec: &str, value: &str) -> Result<String, FormatError> {
    let parse = |target| FormatSpec::parse(spec.as_bytes(), target, kind);
    let text = match kind {
        "int" => format_int(int(value).as_int(), &parse(FormatTarget::Int)?, kind, &Locale::C, 0, &mut || false),
        "float" => format_float(float(value), &parse(FormatTarget::Float)?, kind, &Locale::C),
        "complex" => {
            let (real, imag) = value.split_once(',').expect("two parts");
            format_complex(Complex::new(float(real), float(imag)), &parse(FormatTarget::Complex)?, kind, &Locale::C)
        }
        _ => format_str(value, &parse(FormatTarget::Str)?, kind),
    };
    text.map(|text| String::from_utf8(text).expect("UTF-8"))
}

fn percent(kind: &str, format: &str, value: &str) -> Result<String, PercentError> {
    let mut text = String::new();
    let pieces = PercentPieces::new(format.as_bytes());
    for piece in pieces.clone() {
        let spec = match piece {
            PercentPiece::Literal(literal) => {
                text.push_str(std::str::from_utf8(literal).expect("UTF-8"));
                continue;
            }
            PercentPiece::Conversion(spec) => spec,
        };
        let widths = spec.widths(0, 0)?;
        match (kind, spec.conversion) {
            ("%int", b'd' | b'i' | b'u' | b'o' | b'x' | b'X') => {
                text += &percent_int(int(value).as_int(), spec.conversion, &widths, 0, &mut || false)?;
            }
            ("%int", b'f') => text += &percent_float(int(value).as_int().to_f64()?, spec.conversion, &widths)?,
            ("%float", _) => text += &percent_float(float(value), spec.conversion, &widths)?,
            ("%str", b's') => {
                let padding = percent_text(value.chars().count(), &widths);
                text += &" ".repeat(padding.left);
                text.extend(value.chars().take(padding.keep));
                text += &" ".repeat(padding.right);
            }
            _ => return Err(pieces.unsupported(&spec)),
        }
    }
    Ok(text)
}

fn quoted(text: &[u8]) -> String {
    format!("'{}'", std::str::from_utf8(text).expect("UTF-8"))
}

fn fields(text: &str) -> Result<String, FieldError> {
    let mut shown = String::new();
    for piece in FormatPieces::new(text.as_bytes()) {
        let piece = piece?;
        let field = match piece.field {
            None => "None None None".to_string(),
            Some(field) => {
                let conversion = field.conversion.map_or("None".to_string(), quoted);
                format!("{} {} {conversion}", quoted(field.name), quoted(field.spec))
            }
        };
        shown += &format!("({} {field})", quoted(piece.literal));
    }
    Ok(shown)
}

fn split(text: &str) -> Result<String, FieldError> {
    let key = |key: FieldKey<'_>| match key {
        FieldKey::Index(index) => index.to_string(),
        FieldKey::Name(name) => quoted(name),
    };
    let (first, path) = split_field_name(text.as_bytes())?;
    let mut shown = key(first) + " ";
    for step in path {
        shown += &match step? {
            FieldName::Attribute(name) => format!("(True {})", quoted(name)),
            FieldName::Item(item) => format!("(False {})", key(item)),
        };
    }
    Ok(shown)
}

#[test]
fn results_agree_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("vectors/formats.txt").split_terminator('\n') {
        let columns: Vec<&str> = line.splitn(4, '\t').collect();
        let [kind, format_text, value, expected] = columns[..] else { panic!("four columns: {line}") };
        let got = match kind {
            "%int" | "%float" | "%str" => match percent(kind, format_text, value) {
                Ok(text) => text,
                Err(error @ PercentError::PrecisionTooLarge) => format!("!OverflowError: {error}"),
                Err(error) => format!("!ValueError: {error}"),
            },
            "fields" => fields(format_text).unwrap_or_else(|error| format!("!ValueError: {error}")),
            "split" => split(format_text).unwrap_or_else(|error| format!("!ValueError: {error}")),
            _ => formatted(format(kind, format_text, value)),
        };
        if got != expected {
            wrong.push(format!("{line}\n    gives {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn locales_group_and_point() {
    let locale = Locale { decimal_point: ",", thousands_separator: ".", grouping: &[3, 2] };
    let spec = |text, target| FormatSpec::parse(str::as_bytes(text), target, "x").expect("a specification");
    let number = int("123456789");
    let grouped = |text| format_int(number.as_int(), &spec(text, FormatTarget::Int), "int", &locale, 0, &mut || false);
    assert_eq!(grouped("n"), Ok(b"12.34.56.789".to_vec()));
    assert_eq!(grouped("015n"), Ok(b"00.12.34.56.789".to_vec()));
    assert_eq!(grouped("d"), Ok(b"123456789".to_vec()));
    assert_eq!(format_float(12345.5, &spec("n", FormatTarget::Float), "float", &locale), Ok(b"12.345,5".to_vec()));
    let once = Locale { grouping: &[3, 127], ..locale };
    assert_eq!(format_int(number.as_int(), &spec("n", FormatTarget::Int), "int", &once, 0, &mut || false), Ok(b"123456.789".to_vec()));
}

#[test]
fn absurd_widths_are_errors() {
    let too_large = FormatError::Int(IntError::TooLarge);
    assert_eq!(FormatSpec::parse(b"9223372036854775807", FormatTarget::Int, "int"), Err(too_large));
    let Some(PercentPiece::Conversion(spec)) = PercentPieces::new(b"%*.*d").next() else { panic!("a conversion") };
    assert!(spec.widths(i64::MIN, 0).is_err() && spec.widths(0, i64::MAX).is_err());
    let widths = spec.widths(-5, -1).expect("modest widths");
    assert_eq!(percent_int(int("7").as_int(), spec.conversion, &widths, 0, &mut || false), Ok("7    ".to_string()));
}
