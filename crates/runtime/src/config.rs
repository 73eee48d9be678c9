//! What an interpreter is told before it starts: the counterpart of CPython's `PyConfig`.
//!
//! The command line fills it from arguments and environment variables; an embedder fills it by hand. Texts that
//! come from outside are operating-system bytes. Nothing here is looked up: paths, the standard library and the
//! environment are the interpreter's business.

/// The Python version this is: major, minor, micro.
pub const PYTHON_VERSION: (i32, i32, i32) = (3, 14, 0);

/// `sys.hexversion`: a final release.
pub const HEX_VERSION: i64 = (PYTHON_VERSION.0 << 24 | PYTHON_VERSION.1 << 16 | PYTHON_VERSION.2 << 8 | 0xF0) as i64;

/// The Python version this is, as `-V` shows it.
pub fn short_version() -> String {
    let (major, minor, micro) = PYTHON_VERSION;
    format!("{major}.{minor}.{micro}")
}

/// Which code objects `-X showexec` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those of the program.
    Program,
    /// Those with this qualified name.
    Named(Vec<u8>),
}

/// `sys.version`.
pub fn version() -> String {
    let own = env!("CARGO_PKG_VERSION");
    format!("{} ({own}) [Bredli {own}]", short_version())
}

/// What to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Run {
    /// `-c`: this program text, with a final newline.
    Command(Vec<u8>),
    /// `-m`: this module.
    Module(Vec<u8>),
    /// This file, or the `__main__` of this directory or archive.
    File(Vec<u8>),
    /// What standard input holds; the interactive shell when it is a terminal.
    #[default]
    Stdin,
}

/// Where string hashes get their seed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashSeed {
    /// The host's entropy.
    #[default]
    Random,
    /// This number; 0 switches randomisation off.
    Fixed(u32),
}

/// How hash-based `.pyc` files are checked against their source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckHashPycs {
    /// As the file itself says.
    #[default]
    Default,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl CheckHashPycs {
    /// The name `_imp.check_hash_based_pycs` has.
    pub fn name(self) -> &'static str {
        match self {
            CheckHashPycs::Default => "default",
            CheckHashPycs::Always => "always",
            CheckHashPycs::Never => "never",
        }
    }
}

/// Everything an interpreter is told before it starts.
///
/// The default is the isolated interpreter an embedder wants: no environment variables, no user site directory, no
/// unsafe path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What to run.
    pub run: Run,
    /// `sys.argv`.
    pub argv: Vec<Vec<u8>>,
    /// `sys.orig_argv`.
    pub orig_argv: Vec<Vec<u8>>,
    /// What the program was called as.
    pub program_name: Vec<u8>,
    /// `sys.executable`.
    pub executable: Vec<u8>,
    /// The `-X` options, in order.
    pub x_options: Vec<Vec<u8>>,
    /// `sys.warnoptions`, least important first.
    pub warn_options: Vec<Vec<u8>>,

    /// `-I`.
    pub isolated: bool,
    /// Whether `PYTHON*` variables count; `-E` clears it.
    pub use_environment: bool,
    /// `-X dev`.
    pub dev_mode: bool,
    /// `-X utf8`.
    pub utf8_mode: bool,
    /// `-i`, or `PYTHONINSPECT`: go on interactively after the program.
    pub inspect: bool,
    /// `-i`: prompt even when standard input is no terminal.
    pub interactive: bool,
    /// How often `-O` was given.
    pub optimization_level: u32,
    /// How often `-d` was given.
    pub parser_debug: u32,
    /// How often `-v` was given.
    pub verbose: u32,
    /// How often `-q` was given.
    pub quiet: u32,
    /// How often `-b` was given.
    pub bytes_warning: u32,
    /// Whether `.pyc` files are written; `-B` clears it.
    pub write_bytecode: bool,
    /// Whether `site` is imported; `-S` clears it.
    pub site_import: bool,
    /// Whether `sys.path` has the user site directory; `-s` clears it.
    pub user_site_directory: bool,
    /// `-P`: `sys.path` does not start with the program's directory.
    pub safe_path: bool,
    /// Whether standard output and error are buffered; `-u` clears it.
    pub buffered_stdio: bool,
    /// `-x`.
    pub skip_source_first_line: bool,
    /// `--check-hash-based-pycs`.
    pub check_hash_pycs: CheckHashPycs,

    /// The seed of string hashes.
    pub hash_seed: HashSeed,
    /// `-X faulthandler`.
    pub faulthandler: bool,
    /// `-X tracemalloc`: how many frames to keep, 0 for not tracing.
    pub tracemalloc: u32,
    /// `-X importtime`: 1 shows imports, 2 also those already done.
    pub import_time: u32,
    /// Whether code objects keep columns; `-X no_debug_ranges` clears it.
    pub code_debug_ranges: bool,
    /// `-X warn_default_encoding`.
    pub warn_default_encoding: bool,
    /// `-X frozen_modules`.
    pub use_frozen_modules: bool,
    /// `-X int_max_str_digits`; 0 is no limit.
    pub int_max_str_digits: u32,
    /// `-X cpu_count`.
    pub cpu_count: Option<u32>,
    /// `-X thread_inherit_context`.
    pub thread_inherit_context: bool,
    /// `-X context_aware_warnings`.
    pub context_aware_warnings: bool,
    /// Whether a debugger may attach; `-X disable-remote-debug` clears it.
    pub remote_debug: bool,
    /// `-X pycache_prefix`.
    pub pycache_prefix: Option<Vec<u8>>,
    /// `-X pycache_tag`: `sys.implementation.cache_tag`.
    pub pycache_tag: Option<Vec<u8>>,
    /// `-X showexec`.
    pub show_exec: Option<Shown>,

    /// `PYTHONPATH`.
    pub python_path: Option<Vec<u8>>,
    /// `PYTHONHOME`.
    pub home: Option<Vec<u8>>,
    /// `sys.platlibdir`.
    pub platlibdir: Vec<u8>,
    /// A `Lib/` directory to use instead of the embedded library: `--stdlib`, or `BREDLIHOME`.
    pub stdlib: Option<Vec<u8>>,

    /// `sys.getfilesystemencoding()`; any name of the codec.
    pub filesystem_encoding: String,
    /// `sys.getfilesystemencodeerrors()`.
    pub filesystem_errors: String,
    /// The encoding of the standard streams; any name of the codec.
    pub stdio_encoding: String,
    /// The error handler of standard input and output (standard error has `backslashreplace`).
    pub stdio_errors: String,

    /// Collects garbage at every Nth allocation and poisons what is freed: `BREDLI_GC_STRESS`.
    pub gc_stress: Option<u32>,
}

/// The limit on the digits of int/str conversions unless told otherwise.
pub const DEFAULT_MAX_STR_DIGITS: u32 = 4300;

impl Default for Config {
    fn default() -> Self {
        Config {
            run: Run::default(),
            argv: Vec::new(),
            orig_argv: Vec::new(),
            program_name: b"bredli".to_vec(),
            executable: Vec::new(),
            x_options: Vec::new(),
            warn_options: Vec::new(),
            isolated: true,
            use_environment: false,
            dev_mode: false,
            utf8_mode: false,
            inspect: false,
            interactive: false,
            optimization_level: 0,
            parser_debug: 0,
            verbose: 0,
            quiet: 0,
            bytes_warning: 0,
            write_bytecode: true,
            site_import: true,
            user_site_directory: false,
            safe_path: true,
            buffered_stdio: true,
            skip_source_first_line: false,
            check_hash_pycs: CheckHashPycs::Default,
            hash_seed: HashSeed::Random,
            faulthandler: false,
            tracemalloc: 0,
            import_time: 0,
            code_debug_ranges: true,
            warn_default_encoding: false,
            use_frozen_modules: true,
            int_max_str_digits: DEFAULT_MAX_STR_DIGITS,
            cpu_count: None,
            thread_inherit_context: false,
            context_aware_warnings: false,
            remote_debug: true,
            pycache_prefix: None,
            pycache_tag: None,
            show_exec: None,
            python_path: None,
            home: None,
            platlibdir: b"lib".to_vec(),
            stdlib: None,
            filesystem_encoding: "utf-8".to_owned(),
            filesystem_errors: "surrogateescape".to_owned(),
            stdio_encoding: "utf-8".to_owned(),
            stdio_errors: "strict".to_owned(),
            gc_stress: None,
        }
    }
}

impl Config {
    /// The value of the first `-X name` or `-X name=value`; empty when there is no `=`.
    pub fn x_option(&self, name: &str) -> Option<&[u8]> {
        self.x_options.iter().find_map(|option| {
            let (key, value) = match option.iter().position(|byte| *byte == b'=') {
                Some(place) => (&option[..place], &option[place + 1..]),
                None => (&option[..], &b""[..]),
            };
            (key == name.as_bytes()).then_some(value)
        })
    }

    /// Whether string hashes differ from run to run (`sys.flags.hash_randomization`).
    pub fn hash_randomization(&self) -> bool {
        self.hash_seed != HashSeed::Fixed(0)
    }
}
