//! What `sys` says about the interpreter: version, flags, limits of numbers.

use crate::os_error::fs_decode;
use crate::structseq;
use bredli_runtime::config::{HEX_VERSION, PYTHON_VERSION};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

fn add(py: &mut Py, module: Gc<Module>, class: &str, name: &str, doc: &str, fields: &[(&str, Value)]) -> Result<Value> {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let class = structseq::new_class(py, "sys", class, doc, &names, fields.len())?;
    instance(py, module, name, class, fields)
}

fn instance(py: &mut Py, module: Gc<Module>, name: &str, class: Gc<Class>, fields: &[(&str, Value)]) -> Result {
    let mut values = RootVec::new(&mut py.heap);
    for (_, value) in fields {
        values.push(*value);
    }
    let instance = structseq::new_instance(py, class.into(), &values)?;
    py.module_set(module, name, instance)?;
    Ok(instance)
}

/// Add the structures to the module.
pub fn add_all(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let int = |number: i32| Value::small(number);
    let level: Value = py.intern("final").into();
    let (major, minor, micro) = PYTHON_VERSION;
    let version = [("major", int(major)), ("minor", int(minor)), ("micro", int(micro)), ("releaselevel", level), ("serial", int(0))];
    let version = add(py, module, "version_info", "version_info", "sys.version_info\n\nVersion information as a named tuple.", &version)?;
    structseq::close_class(py, py.class_of(version));
    flags(py, module)?;
    let modulus = py.new_int((1 << 61) - 1);
    let algorithm: Value = py.intern("siphash13").into();
    let hash = [
        ("width", int(64)),
        ("modulus", modulus),
        ("inf", int(314_159)),
        ("nan", int(0)),
        ("imag", int(1_000_003)),
        ("algorithm", algorithm),
        ("hash_bits", int(64)),
        ("seed_bits", int(128)),
        ("cutoff", int(0)),
    ];
    add(py, module, "hash_info", "hash_info", "hash_info\n\nA named tuple providing parameters used for computing hashes.", &hash)?;
    let float = [
        ("max", Value::float(f64::MAX)),
        ("max_exp", int(1024)),
        ("max_10_exp", int(308)),
        ("min", Value::float(f64::MIN_POSITIVE)),
        ("min_exp", int(-1021)),
        ("min_10_exp", int(-307)),
        ("dig", int(15)),
        ("mant_dig", int(53)),
        ("epsilon", Value::float(f64::EPSILON)),
        ("radix", int(2)),
        ("rounds", int(1)),
    ];
    add(py, module, "float_info", "float_info", "sys.float_info\n\nA named tuple holding information about the float type.", &float)?;
    let limits = [
        ("bits_per_digit", int(64)),
        ("sizeof_digit", int(8)),
        ("default_max_str_digits", int(4300)),
        ("str_digits_check_threshold", int(640)),
    ];
    add(py, module, "int_info", "int_info", "sys.int_info\n\nA named tuple that holds information about the int type.", &limits)?;
    let (name, lock): (Value, Value) = (py.intern("pthread").into(), py.intern("pymutex").into());
    let thread = [("name", name), ("lock", lock), ("version", Value::NONE)];
    add(
        py,
        module,
        "thread_info",
        "thread_info",
        "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
        &thread,
    )?;
    let namespace = py.new_dict();
    let name: Value = py.intern("bredli").into();
    let tag: Value = match py.config.pycache_tag.clone() {
        Some(tag) => fs_decode(py, &tag).into(),
        None => py.intern("bredli-314").into(),
    };
    let multiarch: Value = py.intern("x86_64-linux-gnu").into();
    let hexversion = py.new_int(HEX_VERSION);
    for (key, value) in [("name", name), ("cache_tag", tag), ("version", version), ("hexversion", hexversion), ("_multiarch", multiarch)] {
        let key = py.intern(key);
        py.dict_set_str(namespace, key, value)?;
    }
    let key = py.intern("supports_isolated_interpreters");
    py.dict_set_str(namespace, key, Value::FALSE)?;
    let implementation = py.new_namespace(namespace);
    py.module_set(module, "implementation", implementation)?;
    let text = py.new_str(&bredli_runtime::config::version());
    py.module_set(module, "version", text.into())?;
    py.module_set(module, "hexversion", hexversion)?;
    let config = py.config.clone();
    for (name, list) in [("argv", &config.argv), ("orig_argv", &config.orig_argv), ("warnoptions", &config.warn_options)] {
        let mut items = RootVec::new(&mut py.heap);
        for item in list {
            let item = fs_decode(py, item);
            items.push(item.into());
        }
        let list = py.new_list(&items)?;
        py.module_set(module, name, list.into())?;
    }
    let options = py.new_dict();
    for option in &config.x_options {
        let (name, value) = match option.iter().position(|byte| *byte == b'=') {
            Some(place) => (&option[..place], fs_decode(py, &option[place + 1..]).into()),
            None => (&option[..], Value::TRUE),
        };
        let name = fs_decode(py, name);
        py.dict_set(options, name.into(), value)?;
    }
    py.module_set(module, "_xoptions", options.into())?;
    py.module_set(module, "dont_write_bytecode", Value::bool(!config.write_bytecode))
}

/// `sys.flags`: its last fields are not items.
fn flags(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let config = py.config.clone();
    let int = |number: u32| Value::small(number as i32);
    let flag = |set: bool| Value::small(set as i32);
    let fields = [
        ("debug", flag(config.parser_debug > 0)),
        ("inspect", flag(config.inspect)),
        ("interactive", flag(config.interactive)),
        ("optimize", int(config.optimization_level)),
        ("dont_write_bytecode", flag(!config.write_bytecode)),
        ("no_user_site", flag(!config.user_site_directory)),
        ("no_site", flag(!config.site_import)),
        ("ignore_environment", flag(!config.use_environment)),
        ("verbose", int(config.verbose)),
        ("bytes_warning", int(config.bytes_warning)),
        ("quiet", flag(config.quiet > 0)),
        ("hash_randomization", flag(config.hash_randomization())),
        ("isolated", flag(config.isolated)),
        ("dev_mode", Value::bool(config.dev_mode)),
        ("utf8_mode", flag(config.utf8_mode)),
        ("warn_default_encoding", flag(config.warn_default_encoding)),
        ("safe_path", Value::bool(config.safe_path)),
        ("int_max_str_digits", int(config.int_max_str_digits)),
    ];
    let doc = "sys.flags\n\nFlags provided through command line arguments or environment vars.";
    let hidden = [
        ("gil", int(1)),
        ("thread_inherit_context", flag(config.thread_inherit_context)),
        ("context_aware_warnings", flag(config.context_aware_warnings)),
    ];
    let class = structseq::new_class_with_hidden(
        py,
        "sys",
        "flags",
        doc,
        &fields.map(|(name, _)| name),
        fields.len(),
        &hidden.map(|(name, _)| (name, None)),
    )?;
    let shown = instance(py, module, "flags", class, &fields)?;
    structseq::set_hidden(py, shown, &hidden)?;
    structseq::close_class(py, py.class_of(shown));
    Ok(())
}
