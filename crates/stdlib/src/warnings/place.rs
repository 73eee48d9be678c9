//! Where a warning is said to come from: a frame up the stack, with its module and the registry in its globals.

use bredli_runtime::exec::FrameView;
use bredli_runtime::prelude::*;

/// What a warning is about.
pub struct Place {
    /// The source file.
    pub filename: Gc<Str>,
    /// The line in it.
    pub line: i32,
    /// What stands there, as far as the source is not to be looked for.
    pub text: Option<Gc<Str>>,
    /// The module's name.
    pub module: Value,
    /// The warnings that the module has shown.
    pub registry: Option<Gc<Dict>>,
}

/// The place `level` frames up, 1 being the caller; frames of the import system and of files with a prefix to skip do not count.
pub fn find(py: &mut Py, level: isize, skip: Gc<Tuple>) -> Result<Place> {
    for index in 0..skip.get(py).len() {
        let prefix = skip.get(py).items()[index];
        if !py.is_str(prefix) {
            let class = py.class_name(prefix);
            raise!(py, TypeError, "Found non-str '{class}' in skip_file_prefixes.");
        }
    }
    let mut level = if skip.get(py).is_empty() { level } else { level.max(2) };
    let mut frame = py.current_frame();
    let every_frame_counts = level <= 0 || frame.is_some_and(|frame| is_internal(&filename(py, frame)));
    while level > 1 {
        let Some(inner) = frame else { break };
        frame = inner.caller(py);
        while !every_frame_counts
            && let Some(outer) = frame
            && is_skipped(py, &filename(py, outer), skip)
        {
            frame = outer.caller(py);
        }
        level -= 1;
    }
    let (globals, filename, line) = match frame {
        Some(frame) => {
            let name = filename(py, frame);
            (frame.globals(py), py.new_str_wtf8(&name), frame.line(py).unwrap_or(0))
        }
        None => {
            let sys = py.import_module("sys")?;
            let Some(globals) = py.instance_dict(sys) else { raise!(py, RuntimeError, "lost sys") };
            (globals, py.new_str("<sys>"), 0)
        }
    };
    let key = py.intern("__warningregistry__");
    let registry = match py.dict_get_str(globals, key) {
        Some(registry) => registry,
        None => {
            let registry = py.new_dict().into();
            py.dict_set_str(globals, key, registry)?;
            registry
        }
    };
    let registry = match Gc::<Dict>::cast(py, registry) {
        None if !registry.is_none() => raise!(py, TypeError, "'registry' must be a dict or None"),
        registry => registry,
    };
    let key = py.names.__name__;
    let module = match py.dict_get_str(globals, key) {
        Some(module) if module.is_none() || py.is_str(module) => module,
        _ => py.new_str("<string>").into(),
    };
    Ok(Place { filename, line, text: None, module, registry })
}

/// The name of a module whose source is in that file.
pub fn module_of(py: &mut Py, filename: Gc<Str>) -> Value {
    let name = filename.get(py).bytes().to_vec();
    match name.strip_suffix(b".py") {
        _ if name.is_empty() => py.new_str("<unknown>").into(),
        Some(stem) => py.new_str_wtf8(stem).into(),
        None => filename.into(),
    }
}

fn filename(py: &Py, frame: FrameView) -> Vec<u8> {
    frame.code(py).get(py).code().filename.as_bytes().to_vec()
}

fn is_skipped(py: &Py, filename: &[u8], skip: Gc<Tuple>) -> bool {
    let starts = |prefix: &Value| Gc::<Str>::cast(py, *prefix).is_some_and(|prefix| filename.starts_with(prefix.get(py).bytes()));
    is_internal(filename) || skip.get(py).items().iter().any(starts)
}

/// Whether a file is the import system's.
fn is_internal(filename: &[u8]) -> bool {
    let contains = |part: &[u8]| filename.windows(part.len()).any(|window| window == part);
    contains(b"importlib") && contains(b"_bootstrap")
}
