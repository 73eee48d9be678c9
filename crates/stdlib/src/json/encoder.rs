//! `_json.Encoder`: JSON text from values.

use super::quote;
use bredli_num::float_repr;
use bredli_runtime::prelude::*;

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Encoder", module = "_json", flags(BASETYPE))]
pub struct Encoder {
    header: Header,
    markers: Option<Gc<Dict>>,
    default: Value,
    encoder: Value,
    indent: Option<Gc<Str>>,
    key_separator: Gc<Str>,
    item_separator: Gc<Str>,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
    #[trace(skip)]
    quoting: Quoting,
}

/// How text is quoted.
#[derive(Clone, Copy)]
enum Quoting {
    /// As `encode_basestring_ascii` does.
    Ascii,
    /// As `encode_basestring` does.
    Unicode,
    /// By a function of Python.
    Custom,
}

/// One run of an encoder.
struct Encoding<'a> {
    encoder: Gc<Encoder>,
    key_separator: &'a [u8],
    item_separator: &'a [u8],
    /// None: all is in one line.
    indent: Option<&'a [u8]>,
    level: i64,
    text: Vec<u8>,
}

impl Encoding<'_> {
    fn push(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.text.push(b'\n');
            for _ in 0..self.level {
                self.text.extend_from_slice(indent);
            }
        }
    }

    /// Open a container.
    fn open(&mut self, bracket: u8) {
        self.text.push(bracket);
        self.level = self.level.saturating_add(1);
    }

    /// What comes before an item.
    fn begin_item(&mut self, first: bool) {
        if !first {
            self.text.extend_from_slice(self.item_separator);
        }
        self.new_line();
    }

    /// Close a container.
    fn close(&mut self, bracket: u8, empty: bool) {
        self.level -= 1;
        if !empty {
            self.new_line();
        }
        self.text.push(bracket);
    }

    fn string(&mut self, py: &mut Py, text: Gc<Str>) -> Result<()> {
        match self.encoder.get(py).quoting {
            Quoting::Ascii => quote::ascii(text.get(py).bytes(), &mut self.text),
            Quoting::Unicode => quote::unicode(text.get(py).bytes(), &mut self.text),
            Quoting::Custom => {
                let encode = self.encoder.get(py).encoder;
                let quoted = py.call(encode, &[text.into()])?;
                let Some(quoted) = Gc::<Str>::cast(py, quoted) else {
                    let class = py.class_name(quoted);
                    raise!(py, TypeError, "encoder() must return a string, not {class}")
                };
                self.text.extend_from_slice(quoted.get(py).bytes());
            }
        }
        Ok(())
    }

    /// The text of a float, which may not be one of JSON's.
    fn float_text(&self, py: &mut Py, value: Value, number: f64) -> Result<String> {
        if number.is_finite() {
            return Ok(float_repr(number));
        }
        if !self.encoder.get(py).allow_nan {
            let shown = py.repr_text(value)?;
            raise!(py, ValueError, "Out of range float values are not JSON compliant: {shown}");
        }
        let text = if number.is_nan() {
            "NaN"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        Ok(text.to_string())
    }

    /// `int.__repr__`, whatever the class.
    fn int_text(&self, py: &mut Py, value: Value) -> Result<String> {
        if let Some(number) = py.int_to_i64(value) {
            return Ok(number.to_string());
        }
        let class = py.types.int;
        let text = py.call_method_named(class.into(), "__repr__", &[value])?;
        Ok(Gc::<Str>::known(py, text).get(py).lossy())
    }

    fn value(&mut self, py: &mut Py, value: Value) -> Result<()> {
        if let Some(text) = Gc::<Str>::cast(py, value) {
            return self.string(py, text);
        }
        if let Some(word) = constant(value) {
            self.push(word);
        } else if py.is_int(value) {
            let text = self.int_text(py, value)?;
            self.push(&text);
        } else if let Some(number) = py.float_payload(value) {
            let text = self.float_text(py, value, number)?;
            self.push(&text);
        } else if Gc::<List>::cast(py, value).is_some() || Gc::<Tuple>::cast(py, value).is_some() {
            py.enter_native(" while encoding a JSON object")?;
            self.sequence(py, value)?;
        } else if let Some(dict) = Gc::<Dict>::cast(py, value) {
            py.enter_native(" while encoding a JSON object")?;
            self.mapping(py, dict)?;
        } else {
            py.enter_native(" while encoding a JSON object")?;
            let marker = self.mark(py, value)?;
            let default = self.encoder.get(py).default;
            let replaced = py.call(default, &[value])?;
            if let Err(raised) = self.value(py, replaced) {
                let class = py.class_name(value);
                return Err(add_note(py, raised, &format!("when serializing {class} object")));
            }
            self.unmark(py, marker)?;
        }
        Ok(())
    }

    /// Note that a value is being encoded: it may not occur in itself.
    fn mark(&mut self, py: &mut Py, value: Value) -> Result<Option<Value>> {
        let Some(markers) = self.encoder.get(py).markers else { return Ok(None) };
        let id = py.new_int(value.bits() as i64);
        if py.dict_get(markers, id)?.is_some() {
            raise!(py, ValueError, "Circular reference detected");
        }
        py.dict_set(markers, id, value)?;
        Ok(Some(id))
    }

    fn unmark(&mut self, py: &mut Py, marker: Option<Value>) -> Result<()> {
        if let (Some(id), Some(markers)) = (marker, self.encoder.get(py).markers) {
            py.dict_remove(markers, id)?;
        }
        Ok(())
    }

    fn sequence(&mut self, py: &mut Py, sequence: Value) -> Result<()> {
        let item = |py: &Py, index: usize| match Gc::<List>::cast(py, sequence) {
            Some(list) => list.get(py).items().get(index).copied(),
            None => Gc::<Tuple>::cast(py, sequence)?.get(py).items().get(index).copied(),
        };
        if item(py, 0).is_none() {
            self.push("[]");
            return Ok(());
        }
        let marker = self.mark(py, sequence)?;
        self.open(b'[');
        let mut index = 0;
        while let Some(value) = item(py, index) {
            self.begin_item(index == 0);
            if let Err(raised) = self.value(py, value) {
                let class = py.class_name(sequence);
                return Err(add_note(py, raised, &format!("when serializing {class} item {index}")));
            }
            index += 1;
            py.poll()?;
        }
        self.unmark(py, marker)?;
        self.close(b']', index == 0);
        Ok(())
    }

    fn mapping(&mut self, py: &mut Py, dict: Gc<Dict>) -> Result<()> {
        if dict.get(py).is_empty() {
            self.push("{}");
            return Ok(());
        }
        let marker = self.mark(py, dict.into())?;
        self.open(b'{');
        let mut first = true;
        if self.encoder.get(py).sort_keys || py.class_of(dict.into()) != py.types.dict {
            let items = py.call_method_named(dict.into(), "items", &[])?;
            let class = py.types.list;
            let items = py.call(class.into(), &[items])?;
            if self.encoder.get(py).sort_keys {
                py.call_method_named(items, "sort", &[])?;
            }
            let items = py.collect_iterable(items)?;
            for item in items.iter().copied() {
                let pair = Gc::<Tuple>::cast(py, item).map(|pair| pair.get(py).items());
                let Some(&[key, value]) = pair else { raise!(py, ValueError, "items must return 2-tuples") };
                self.member(py, dict, key, value, &mut first)?;
            }
        } else {
            let mut at = 0;
            while let Some((position, key, value)) = dict.get(py).entry_from(at) {
                self.member(py, dict, key, value, &mut first)?;
                at = position + 1;
            }
        }
        self.unmark(py, marker)?;
        self.close(b'}', first);
        Ok(())
    }

    fn member(&mut self, py: &mut Py, dict: Gc<Dict>, key: Value, value: Value, first: &mut bool) -> Result<()> {
        let name = if py.is_str(key) {
            None
        } else if let Some(word) = constant(key) {
            Some(word.to_string())
        } else if py.is_int(key) {
            Some(self.int_text(py, key)?)
        } else if let Some(number) = py.float_payload(key) {
            Some(self.float_text(py, key, number)?)
        } else if self.encoder.get(py).skipkeys {
            return Ok(());
        } else {
            let class = py.class_name(key);
            raise!(py, TypeError, "keys must be str, int, float, bool or None, not {class}")
        };
        self.begin_item(std::mem::take(first));
        let name = match name {
            Some(text) => py.new_str(&text),
            None => Gc::<Str>::known(py, key),
        };
        self.string(py, name)?;
        self.text.extend_from_slice(self.key_separator);
        if let Err(raised) = self.value(py, value) {
            let failure = py.take_exception();
            let (class, shown) = (py.class_name(dict.into()), py.repr_text(key)?);
            let raised_again = py.restore_exception(failure);
            let _ = raised;
            return Err(add_note(py, raised_again, &format!("when serializing {class} item {shown}")));
        }
        py.poll()
    }
}

fn constant(value: Value) -> Option<&'static str> {
    match value {
        Value::NONE => Some("null"),
        Value::TRUE => Some("true"),
        Value::FALSE => Some("false"),
        _ => None,
    }
}

/// Tell in the exception which part of the value it was about.
#[cold]
fn add_note(py: &mut Py, raised: Raised, text: &str) -> Raised {
    let _ = raised;
    let exception = py.take_exception();
    let text = py.new_str(text);
    match py.call_method_named(exception, "add_note", &[text.into()]) {
        Ok(_) => py.restore_exception(exception),
        Err(raised) => raised,
    }
}

#[pymethods]
impl Encoder {
    #[signature(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)]
    #[no_text_signature]
    fn __new__(
        cls: Gc<Class>,
        py: &mut Py,
        markers: Value,
        default: Value,
        encoder: Value,
        indent: Value,
        key_separator: Gc<Str>,
        item_separator: Gc<Str>,
        sort_keys: bool,
        skipkeys: bool,
        allow_nan: bool,
    ) -> Result<Gc<Encoder>> {
        let marked = Gc::<Dict>::cast(py, markers);
        if marked.is_none() && !markers.is_none() {
            let class = py.class_name(markers);
            raise!(py, TypeError, "make_encoder() argument 1 must be dict or None, not {class}");
        }
        let indentation = Gc::<Str>::cast(py, indent);
        if indentation.is_none() && !indent.is_none() {
            let class = py.class_name(indent);
            raise!(py, TypeError, "make_encoder() argument 4 must be str or None, not {class}");
        }
        let module = py.import_module("_json")?;
        let quoting = if encoder == py.get_attr_named(module, "encode_basestring_ascii")? {
            Quoting::Ascii
        } else if encoder == py.get_attr_named(module, "encode_basestring")? {
            Quoting::Unicode
        } else {
            Quoting::Custom
        };
        let made = Encoder {
            header: Header::EMPTY,
            markers: marked,
            default,
            encoder,
            indent: indentation,
            key_separator,
            item_separator,
            sort_keys,
            skipkeys,
            allow_nan,
            quoting,
        };
        Ok(py.alloc_as(cls, made))
    }

    #[signature(self, obj, _current_indent_level)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let [value, level] = args.values() else { raise!(py, TypeError, "_iterencode() takes exactly 2 arguments ({} given)", args.len()) };
        let level = py.index(*level)?;
        let Some(level) = py.int_to_i64(level) else { raise!(py, OverflowError, "Python int too large to convert to C ssize_t") };
        let level = level.max(0);
        // Such an indentation could not be written.
        if level > i64::from(i32::MAX) {
            return Err(py.no_memory());
        }
        let bytes = |py: &Py, text: Gc<Str>| text.get(py).bytes().to_vec();
        let Encoder { key_separator, item_separator, indent, .. } = *this.get(py);
        let (key_separator, item_separator) = (bytes(py, key_separator), bytes(py, item_separator));
        let indent = indent.map(|indent| bytes(py, indent));
        let mut encoding = Encoding {
            encoder: this,
            key_separator: &key_separator,
            item_separator: &item_separator,
            indent: indent.as_deref(),
            level,
            text: Vec::new(),
        };
        encoding.value(py, *value)?;
        let text = py.new_str_wtf8(&encoding.text);
        Ok(py.new_tuple(&[text.into()]).into())
    }

    /// markers
    #[getter]
    fn markers(this: Gc<Self>, py: &Py) -> Option<Gc<Dict>> {
        this.get(py).markers
    }

    /// default
    #[getter]
    fn default(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).default
    }

    /// encoder
    #[getter]
    fn encoder(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).encoder
    }

    /// indent
    #[getter]
    fn indent(this: Gc<Self>, py: &Py) -> Option<Gc<Str>> {
        this.get(py).indent
    }

    /// key_separator
    #[getter]
    fn key_separator(this: Gc<Self>, py: &Py) -> Gc<Str> {
        this.get(py).key_separator
    }

    /// item_separator
    #[getter]
    fn item_separator(this: Gc<Self>, py: &Py) -> Gc<Str> {
        this.get(py).item_separator
    }

    /// sort_keys
    #[getter]
    fn sort_keys(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).sort_keys
    }

    /// skipkeys
    #[getter]
    fn skipkeys(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).skipkeys
    }
}
