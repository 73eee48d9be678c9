//! What CPython 3.14 was seen to do, option by option.

use bredli::config::{HashSeed, Shown};
use bredli::host::{Environment, SystemHost};

use super::*;
use crate::args::{Request, parse};

/// A system host whose environment is exactly `variables`.
fn host(variables: &[(&str, &str)]) -> SystemHost {
    let host = SystemHost::new();
    for (name, _) in host.environ().expect("an environment") {
        host.unsetenv(&name).expect("a valid name");
    }
    for (name, value) in variables {
        host.putenv(name.as_bytes(), value.as_bytes()).expect("a valid name");
    }
    host
}

fn outcome(variables: &[(&str, &str)], line: &[&str]) -> Result<Config, Fatal> {
    let words = ["/usr/bin/bredli"].iter().chain(line).chain(&["-c", "pass"]);
    match parse(words.map(|word| word.as_bytes().to_vec()).collect()) {
        Request::Run(arguments) => configure(&arguments, &host(variables)),
        other => panic!("{line:?} gives {other:?}"),
    }
}

fn config(variables: &[(&str, &str)], line: &[&str]) -> Config {
    outcome(variables, line).expect("a valid configuration")
}

fn error(variables: &[(&str, &str)], line: &[&str]) -> String {
    outcome(variables, line).expect_err("a fatal error").message
}

#[test]
fn levels_take_the_larger_of_option_and_variable() {
    assert_eq!(config(&[("PYTHONOPTIMIZE", "x")], &[]).optimization_level, 1);
    assert_eq!(config(&[("PYTHONOPTIMIZE", "5")], &["-O"]).optimization_level, 5);
    assert_eq!(config(&[("PYTHONOPTIMIZE", "1")], &["-OO"]).optimization_level, 2);
    assert_eq!(config(&[("PYTHONDEBUG", "-1"), ("PYTHONVERBOSE", "0")], &[]).parser_debug, 1);
    assert!(config(&[("PYTHONDONTWRITEBYTECODE", "0"), ("PYTHONNOUSERSITE", "0")], &[]).write_bytecode);
    assert!(config(&[("PYTHONSAFEPATH", "0")], &[]).safe_path);
    assert!(config(&[("PYTHONINSPECT", "0")], &[]).inspect);
    assert!(!config(&[("PYTHONINSPECT", "")], &[]).inspect);
}

#[test]
fn isolation_ignores_the_environment() {
    let isolated = config(&[("PYTHONOPTIMIZE", "1"), ("PYTHONPATH", "/x")], &["-I"]);
    assert_eq!((isolated.optimization_level, isolated.python_path.clone()), (0, None));
    assert!(isolated.safe_path && !isolated.user_site_directory && !isolated.use_environment);
    let environment = config(&[("PYTHONPATH", "/x")], &["-E"]);
    assert!(environment.user_site_directory && !environment.safe_path && environment.python_path.is_none());
}

#[test]
fn warnings_are_ordered_by_importance() {
    let texts = |config: Config| config.warn_options.iter().map(|option| String::from_utf8_lossy(option).into_owned()).collect::<Vec<_>>();
    assert_eq!(texts(config(&[], &["-b", "-W", "error", "-X", "dev"])), ["default", "error", "default::BytesWarning"]);
    let variables = [("PYTHONWARNINGS", "a,b,,c")];
    assert_eq!(texts(config(&variables, &["-bb", "-W", "error,x"])), ["a", "b", "c", "error,x", "error::BytesWarning"]);
}

#[test]
fn locales() {
    let seen = |variables: &[(&str, &str)], line: &[&str]| {
        let config = config(variables, line);
        (config.utf8_mode, config.stdio_encoding, config.stdio_errors)
    };
    let answer = |mode: bool, encoding: &str, errors: &str| (mode, encoding.to_owned(), errors.to_owned());
    assert_eq!(seen(&[("LC_ALL", "C")], &[]), answer(true, "utf-8", "surrogateescape"));
    assert_eq!(seen(&[("LC_ALL", "C")], &["-X", "utf8=0"]), answer(false, "ascii", "surrogateescape"));
    assert_eq!(seen(&[("LC_ALL", "xx_YY.UTF-8")], &[]), answer(true, "utf-8", "surrogateescape"));
    assert_eq!(seen(&[("LC_CTYPE", "C.UTF-8")], &[]), answer(false, "utf-8", "surrogateescape"));
    assert_eq!(seen(&[("PYTHONIOENCODING", "latin-1")], &[]), answer(true, "latin-1", "strict"));
    assert_eq!(seen(&[("PYTHONIOENCODING", ":replace")], &[]), answer(true, "utf-8", "replace"));
}

#[test]
fn coercion_sets_the_locale_for_children() {
    for (variables, expected) in [
        (&[("LANG", "C")][..], Some(b"C.UTF-8".to_vec())),
        (&[("LANG", "C"), ("PYTHONCOERCECLOCALE", "0")], None),
        (&[("LC_ALL", "C")], None),
    ] {
        let host = host(variables);
        let Request::Run(arguments) = parse(vec![b"bredli".to_vec()]) else { panic!("not a run") };
        configure(&arguments, &host).expect("a valid configuration");
        assert_eq!(host.getenv(b"LC_CTYPE"), Ok(expected), "{variables:?}");
    }
}

#[test]
fn implementation_options() {
    assert_eq!(config(&[], &["-X", "int_max_str_digits=0", "-X", "int_max_str_digits=700"]).int_max_str_digits, 0);
    assert_eq!(config(&[("PYTHONINTMAXSTRDIGITS", "640")], &[]).int_max_str_digits, 640);
    assert_eq!(config(&[], &["-X", "tracemalloc"]).tracemalloc, 1);
    assert_eq!(config(&[("PYTHONTRACEMALLOC", "7")], &[]).tracemalloc, 7);
    assert_eq!(config(&[], &["-X", "importtime=2"]).import_time, 2);
    assert_eq!(config(&[("PYTHON_CPU_COUNT", "3")], &["-X", "cpu_count=default"]).cpu_count, None);
    assert_eq!(config(&[("PYTHON_CPU_COUNT", "3")], &[]).cpu_count, Some(3));
    assert!(!config(&[], &["-X", "frozen_modules=off"]).use_frozen_modules);
    assert!(config(&[], &["-X", "thread_inherit_context=1"]).thread_inherit_context);
    assert!(config(&[("PYTHONDEVMODE", "0")], &[]).dev_mode);
    assert_eq!(config(&[("PYTHONPYCACHEPREFIX", "/a")], &["-X", "pycache_prefix=/b"]).pycache_prefix, Some(b"/b".to_vec()));
    assert_eq!(config(&[], &["-X", "pycache_tag=cpython-314"]).pycache_tag, Some(b"cpython-314".to_vec()));
    assert_eq!(config(&[], &["-X", "showexec"]).show_exec, Some(Shown::Program));
    assert_eq!(config(&[], &["-X", "showexec=f"]).show_exec, Some(Shown::Named(b"f".to_vec())));
}

#[test]
fn hash_seeds() {
    assert_eq!(config(&[("PYTHONHASHSEED", "0")], &[]).hash_seed, HashSeed::Fixed(0));
    assert_eq!(config(&[("PYTHONHASHSEED", " 5")], &[]).hash_seed, HashSeed::Fixed(5));
    assert_eq!(config(&[("PYTHONHASHSEED", "+5")], &["-R"]).hash_seed, HashSeed::Random);
    assert_eq!(config(&[("PYTHONHASHSEED", "random")], &[]).hash_seed, HashSeed::Random);
    assert!(error(&[("PYTHONHASHSEED", "4294967296")], &[]).starts_with("config_init_hash_seed: PYTHONHASHSEED must be"));
}

#[test]
fn bad_values_are_fatal() {
    for (option, place) in [
        ("int_max_str_digits", "config_init_int_max_str_digits: -X int_max_str_digits: invalid limit"),
        ("int_max_str_digits=5", "config_init_int_max_str_digits: -X int_max_str_digits: invalid limit"),
        ("tracemalloc=x", "config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames"),
        ("tracemalloc=-1", "config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames"),
        ("utf8=2", "preconfig_init_utf8_mode: invalid -X utf8 option value"),
        ("utf8=", "preconfig_init_utf8_mode: invalid -X utf8 option value"),
        ("frozen_modules=x", "bad value for option -X frozen_modules (expected \"on\" or \"off\")"),
        ("cpu_count", "config_init_cpu_count: -X cpu_count=n option: n is missing"),
        ("cpu_count=0", "config_init_cpu_count: -X cpu_count=n option: n is missing"),
        ("importtime=3", "config_init_import_time: -X importtime: values other than 1 and 2"),
        ("thread_inherit_context=2", "config_init_thread_inherit_context: -X thread_inherit_context=n: n is missing"),
        ("gil=0", "config_read_gil: Disabling the GIL is not supported by this build"),
    ] {
        let message = error(&[], &["-X", option]);
        assert!(message.starts_with(place), "{option}: {message}");
    }
    assert!(error(&[("PYTHONMALLOC", "foo")], &[]).contains("unknown allocator"));
    let text = outcome(&[("PYTHONUTF8", "2")], &[]).expect_err("a fatal error").text();
    assert_eq!(
        text,
        "Fatal Python error: preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value\nPython runtime state: preinitializing\n\n"
    );
}

#[test]
fn executables() {
    assert_eq!(config(&[], &[]).executable, b"/usr/bin/bredli");
    assert_eq!(find_executable(&host(&[("PATH", "/nonexistent:/bin")]), b"sh"), b"/bin/sh");
    let directory = bredli::host::Tree::getcwd(&host(&[])).expect("a directory");
    assert_eq!(find_executable(&host(&[]), b"./x"), [directory.as_slice(), b"/x"].concat());
}
