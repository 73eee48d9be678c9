//! The table of options, `-X` options and environment variables, and the help texts made from it.
//!
//! The argument parser takes from here which letters exist and which of them have an argument.

use bredli::config::{short_version, version};

/// One option with a single letter.
pub struct Letter {
    /// The letter.
    pub letter: u8,
    /// What its argument is called, if it has one.
    pub argument: Option<&'static str>,
    /// What `-h` says; nothing for those it does not mention.
    help: &'static str,
}

const fn flag(letter: u8, help: &'static str) -> Letter {
    Letter { letter, argument: None, help }
}

const fn with(letter: u8, argument: &'static str, help: &'static str) -> Letter {
    Letter { letter, argument: Some(argument), help }
}

/// Every option with a single letter, in the order of `-h`.
pub const LETTERS: &[Letter] = &[
    flag(b'b', "warn when bytes or bytearray meet str, or bytes meet int, in\nstr() or a comparison (-bb: make it an error)"),
    flag(b'B', "write no .pyc files; also PYTHONDONTWRITEBYTECODE=x"),
    with(b'c', "cmd", "run this program text (ends the options)"),
    flag(b'd', "accepted for compatibility; also PYTHONDEBUG=x"),
    flag(b'E', "ignore PYTHON* environment variables"),
    flag(b'h', "print this text and exit (also -? or --help)"),
    flag(b'i', "go on interactively after the program, and prompt even if\nstdin is not a terminal; also PYTHONINSPECT=x"),
    flag(b'I', "isolate from the user's environment (-E, -P and -s together)"),
    with(b'm', "mod", "run this library module as a script (ends the options)"),
    flag(
        b'O',
        "leave out assert and code that depends on __debug__, and use\n.opt-1.pyc files; also PYTHONOPTIMIZE=x\ngiven twice, drop docstrings too, and use .opt-2.pyc files",
    ),
    flag(b'P', "do not put an unsafe path in front of sys.path; also\nPYTHONSAFEPATH"),
    flag(b'q', "no version and copyright lines when starting interactively"),
    flag(b's', "leave the user site directory out of sys.path; also\nPYTHONNOUSERSITE=x"),
    flag(b'S', "do not import site at start"),
    flag(b'u', "do not buffer stdout and stderr; also PYTHONUNBUFFERED=x"),
    flag(b'v', "trace imports, more the more often it is given; also\nPYTHONVERBOSE=x"),
    flag(b'V', "print the Python version and exit (also --version)\ngiven twice, print more about the build"),
    with(b'W', "arg", "what to do with warnings, as\naction:message:category:module:lineno; also PYTHONWARNINGS=arg"),
    flag(b'x', "skip the first line of the program, for foreign #! lines"),
    with(b'X', "opt", "set an option of the implementation"),
    flag(b'?', ""),
    flag(b'R', ""),
    flag(b't', ""),
];

const LONG: &[(&str, &str)] = &[
    ("--check-hash-based-pycs always|default|never:", "how hash-based .pyc files are checked against their source"),
    ("--stdlib dir:", "use this Lib directory instead of the built-in standard\nlibrary; also BREDLIHOME=dir"),
    ("--help-env:", "print the environment variables and exit"),
    ("--help-xoptions:", "print the -X options and exit"),
    ("--help-all:", "print all of this and exit"),
];

const ARGUMENTS: &[(&str, &str)] = &[
    ("file", "run this script"),
    ("-", "run stdin (the default; interactively if it is a terminal)"),
    ("arg ...", "passed on to the program in sys.argv[1:]"),
];

const VARIABLES: &[(&str, &str)] = &[
    ("PYTHONASYNCIODEBUG", "asyncio's debug mode"),
    ("PYTHON_BASIC_REPL", "use the plain interactive shell"),
    ("PYTHONBREAKPOINT", "what breakpoint() calls; 0 makes it do nothing"),
    ("PYTHONCASEOK", "ignore case when importing (Windows)"),
    ("PYTHONCOERCECLOCALE", "0: leave the C locale as it is instead of taking a UTF-8\none; warn: say so when it happens"),
    ("PYTHON_COLORS", "1: colour the output, 0: do not"),
    ("PYTHONHASHSEED", "seed of the hashes of str and bytes: random, or an integer\nin the range [0,4294967295]"),
    ("PYTHON_HISTORY", "where the interactive shell keeps its history"),
    ("PYTHONHOME", "another <prefix> directory (or <prefix>:<exec_prefix>)"),
    ("PYTHONIOENCODING", "encoding[:errors] of stdin, stdout and stderr"),
    ("PYTHONMALLOC", "accepted for compatibility"),
    ("PYTHONMALLOCSTATS", "accepted for compatibility"),
    ("PYTHONPATH", "directories that come first in sys.path, separated by ':'"),
    ("PYTHONPLATLIBDIR", "another sys.platlibdir"),
    ("PYTHONSTARTUP", "file to run when starting interactively"),
    ("PYTHONUSERBASE", "the user base directory (site.USER_BASE)"),
];

const OPTION_VARIABLES: &[(&str, &str)] = &[
    ("PYTHON_CONTEXT_AWARE_WARNINGS", "-X context_aware_warnings"),
    ("PYTHON_CPU_COUNT", "-X cpu_count"),
    ("PYTHONDEBUG", "-d"),
    ("PYTHONDEVMODE", "-X dev"),
    ("PYTHON_DISABLE_REMOTE_DEBUG", "-X disable-remote-debug"),
    ("PYTHONDONTWRITEBYTECODE", "-B"),
    ("PYTHONFAULTHANDLER", "-X faulthandler"),
    ("PYTHON_FROZEN_MODULES", "-X frozen_modules"),
    ("PYTHONINSPECT", "-i"),
    ("PYTHONINTMAXSTRDIGITS", "-X int_max_str_digits"),
    ("PYTHONNODEBUGRANGES", "-X no_debug_ranges"),
    ("PYTHONNOUSERSITE", "-s"),
    ("PYTHONOPTIMIZE", "-O"),
    ("PYTHON_PERF_JIT_SUPPORT", "-X perf_jit"),
    ("PYTHONPERFSUPPORT", "-X perf"),
    ("PYTHONPROFILEIMPORTTIME", "-X importtime"),
    ("PYTHONPYCACHEPREFIX", "-X pycache_prefix"),
    ("PYTHONSAFEPATH", "-P"),
    ("PYTHON_THREAD_INHERIT_CONTEXT", "-X thread_inherit_context"),
    ("PYTHONTRACEMALLOC", "-X tracemalloc"),
    ("PYTHONUNBUFFERED", "-u"),
    ("PYTHONUTF8", "-X utf8"),
    ("PYTHONVERBOSE", "-v"),
    ("PYTHONWARNDEFAULTENCODING", "-X warn_default_encoding"),
    ("PYTHONWARNINGS", "-W"),
];

const X_OPTIONS: &[(&str, &str)] = &[
    ("context_aware_warnings=[0|1]", "whether the warnings module keeps its filters in a\ncontext variable"),
    ("cpu_count=N", "what os.cpu_count() gives; default cancels it"),
    ("dev", "development mode: more checks and warnings"),
    ("disable-remote-debug", "let no debugger attach"),
    ("faulthandler", "dump the traceback on fatal errors"),
    ("frozen_modules=[on|off]", "whether frozen modules are used"),
    ("importtime[=2]", "show how long each import takes; with 2 also those\nalready done"),
    ("int_max_str_digits=N", "limit of int<->str conversions; 0 is no limit"),
    ("no_debug_ranges", "keep no columns in code objects"),
    ("perf", "accepted for compatibility"),
    ("perf_jit", "accepted for compatibility"),
    ("pycache_prefix=PATH", "keep .pyc files in a tree of their own"),
    (
        "pycache_tag=TAG",
        "the tag in the names of .pyc files (default: bredli-314);\ncpython-314 shares them with CPython, which has the same\nformat",
    ),
    (
        "showexec[=NAME]",
        "at the end, show the bytecode and the exec code of the\nprogram's code objects that have run, or of those with\nthis qualified name (see docs/bytecode.md)",
    ),
    ("showrefcount", "accepted for compatibility"),
    ("thread_inherit_context=[0|1]", "whether threads start with a copy of the context"),
    ("tracemalloc[=N]", "trace memory allocations with N frames each (default: 1)"),
    ("utf8[=0|1]", "UTF-8 mode"),
    ("warn_default_encoding", "warn where encoding=None is relied on"),
];

/// A text to print before exiting with success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Information {
    /// `-h`.
    Usage,
    /// `--help-env`.
    Variables,
    /// `--help-xoptions`.
    XOptions,
    /// `--help-all`.
    All,
    /// `-V`.
    Version,
    /// `-VV`.
    FullVersion,
}

impl Information {
    /// The text.
    pub fn text(self, program: &str) -> String {
        match self {
            Information::Usage => usage(program),
            Information::Variables => variables(),
            Information::XOptions => x_options(),
            Information::All => [usage(program), variables(), x_options()].join("\n"),
            Information::Version => format!("Python {}\n", short_version()),
            Information::FullVersion => format!("Python {}\n", version()),
        }
    }
}

/// The first line of the help and of a complaint.
pub fn usage_line(program: &str) -> String {
    format!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
}

/// Writes `head` padded to `width` and `: text`, further lines of the text indented.
fn item(out: &mut String, head: &str, width: usize, text: &str) {
    let indent = " ".repeat(width + 2);
    *out += &format!("{head:width$}: {}\n", text.replace('\n', &format!("\n{indent}")));
}

/// Writes `head text`, the text on an indented line of its own when it does not fit.
fn paragraph(out: &mut String, head: &str, text: &str, indent: usize) {
    let indent = " ".repeat(indent);
    let separator = if head.len() + 1 + text.lines().next().map_or(0, str::len) > 79 { format!("\n{indent}") } else { " ".to_owned() };
    *out += &format!("{head}{separator}{}\n", text.replace('\n', &format!("\n{indent}")));
}

fn usage(program: &str) -> String {
    let mut out = usage_line(program);
    out += "Options (and corresponding environment variables):\n";
    for letter in LETTERS.iter().filter(|letter| !letter.help.is_empty()) {
        let head = format!("-{} {}", letter.letter as char, letter.argument.unwrap_or_default());
        item(&mut out, head.trim_end(), 7, letter.help);
    }
    for (head, text) in LONG {
        paragraph(&mut out, head, text, 9);
    }
    out += "\nArguments:\n";
    for (head, text) in ARGUMENTS {
        item(&mut out, head, 7, text);
    }
    out
}

fn variables() -> String {
    let mut out = "Environment variables that change behavior:\n".to_owned();
    for (name, text) in VARIABLES {
        item(&mut out, name, 16, text);
    }
    out += "\nThese variables have equivalent command-line options (see --help for details):\n";
    for (name, option) in OPTION_VARIABLES {
        item(&mut out, name, 16, option);
    }
    out
}

fn x_options() -> String {
    let mut out = "The following implementation-specific options are available:\n".to_owned();
    for (name, text) in X_OPTIONS {
        paragraph(&mut out, &format!("-X {name}:"), text, 9);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_a_terminal_and_are_sorted() {
        let text = Information::All.text("bredli");
        assert!(text.starts_with("usage: bredli [option]"));
        assert!(text.is_ascii() && text.lines().all(|line| line.len() < 80));
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        for names in [VARIABLES, OPTION_VARIABLES] {
            assert!(names.is_sorted_by_key(|(name, _)| plain(name)));
        }
        assert!(X_OPTIONS.is_sorted());
        assert_eq!(Information::Version.text(""), format!("Python {}\n", short_version()));
    }
}
