//! What `sys` says about the interpreter: version, flags, limits of numbers.

use crate::structseq;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

fn add(py: &mut Py, module: Gc<Module>, class: &str, name: &str, doc: &str, fields: &[(&str, Value)]) -> Result<Value> {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let class = structseq::new_class(py, "sys", class, doc, &names, fields.len())?;
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
    let version = [("major", int(3)), ("minor", int(14)), ("micro", int(0)), ("releaselevel", level), ("serial", int(0))];
    let version = add(py, module, "version_info", "version_info", "sys.version_info\n\nVersion information as a named tuple.", &version)?;
    let optimize = int(py.optimize as i32);
    let flags = [
        ("debug", int(0)),
        ("inspect", int(0)),
        ("interactive", int(0)),
        ("optimize", optimize),
        ("dont_write_bytecode", int(0)),
        ("no_user_site", int(0)),
        ("no_site", int(0)),
        ("ignore_environment", int(0)),
        ("verbose", int(0)),
        ("bytes_warning", int(0)),
        ("quiet", int(0)),
        ("hash_randomization", int(1)),
        ("isolated", int(0)),
        ("dev_mode", Value::FALSE),
        ("utf8_mode", int(1)),
        ("warn_default_encoding", int(0)),
        ("safe_path", Value::FALSE),
        ("int_max_str_digits", int(4300)),
        ("gil", int(1)),
        ("thread_inherit_context", int(0)),
        ("context_aware_warnings", int(0)),
    ];
    add(py, module, "flags", "flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.", &flags)?;
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
    let namespace = py.new_dict();
    let (name, tag): (Value, Value) = (py.intern("bredli").into(), py.intern("bredli-314").into());
    let multiarch: Value = py.intern("x86_64-linux-gnu").into();
    let hexversion = py.new_int(0x030E_00F0);
    for (key, value) in [("name", name), ("cache_tag", tag), ("version", version), ("hexversion", hexversion), ("_multiarch", multiarch)] {
        let key = py.intern(key);
        py.dict_set_str(namespace, key, value)?;
    }
    let implementation = py.new_namespace(namespace);
    py.module_set(module, "implementation", implementation)?;
    for (name, text) in [
        ("version", "3.14.0 (bredli)"),
        ("copyright", "MIT OR Apache-2.0"),
        ("executable", ""),
        ("_base_executable", ""),
        ("prefix", ""),
        ("base_prefix", ""),
        ("exec_prefix", ""),
        ("base_exec_prefix", ""),
        ("abiflags", ""),
    ] {
        let text: Value = py.new_str(text).into();
        py.module_set(module, name, text)?;
    }
    for name in ["argv", "orig_argv"] {
        let list = py.new_list(&[])?;
        py.module_set(module, name, list.into())?;
    }
    Ok(())
}
