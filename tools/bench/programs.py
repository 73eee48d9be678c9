"""The programs there are, and the sets they make up."""
import ast
import collections
import os

HERE = os.path.dirname(os.path.abspath(__file__))

# folder: below pyperformance's benchmarks, or absolute for our own; result: the name the program itself reports.
# A program with a command is started anew for each sample, with these arguments.
Program = collections.namedtuple("Program", "name folder arguments about result command")
PROGRAMS = {}


def program(name, folder, about, arguments=(), result=None, command=()):
    PROGRAMS[name] = Program(name, folder, list(arguments), about, result or name, list(command))


# --- pyperformance, without third-party packages -----------------------------
program("barnes_hut", "bm_barnes_hut", "float attributes, tree of objects, recursion", result="quadtree_nbody")
program("btree", "bm_btree", "large object graph, search, gc")
program("chaos", "bm_chaos", "float objects, operator overloading")
program("comprehensions", "bm_comprehensions", "list and dict comprehensions, dataclasses, enums")
program("coroutines", "bm_coroutines", "chains of await without an event loop")
program("deltablue", "bm_deltablue", "polymorphism, method calls")
program("fannkuch", "bm_fannkuch", "list index and slice, int loops")
program("float", "bm_float", "float attributes in slots, math.sin and cos")
program("gc_collect", "bm_gc_collect", "gc.collect over cycles", result="create_gc_cycles")
program("gc_traversal", "bm_gc_traversal", "gc.collect over deep lists")
program("generators", "bm_generators", "recursive yield from")
program("go", "bm_go", "Monte Carlo board game, lists and sets")
program("hexiom", "bm_hexiom", "backtracking, small ints and lists")
program("mdp", "bm_mdp", "dicts keyed by tuples, fractions")
program("meteor_contest", "bm_meteor_contest", "set and frozenset algebra")
program("nbody", "bm_nbody", "float arithmetic on lists and tuples")
program("nqueens", "bm_nqueens", "generators, permutations, sets")
program("pidigits", "bm_pidigits", "arithmetic of long ints")
program("pyflate", "bm_pyflate", "a bzip2 decoder: bits, bytes, str")
program("raytrace", "bm_raytrace", "float objects, special methods")
program("richards", "bm_richards", "scheduler of objects, attributes")
program("richards_super", "bm_richards_super", "richards through super()")
for part in ("fft", "lu", "monte_carlo", "sor", "sparse_mat_mult"):
    program("scimark_" + part, "bm_scimark", "numeric kernel " + part, [part])
program("spectral_norm", "bm_spectral_norm", "float loops, generators, zip")
program("unpack_sequence", "bm_unpack_sequence", "unpacking alone")
program("async_generators", "bm_async_generators", "async for over nested async generators")
program("async_tree_none", "bm_async_tree", "tasks and gather", ["none"])
program("async_tree_cpu_io_mixed", "bm_async_tree", "tasks, math.factorial, sleep", ["cpu_io_mixed"])
program("async_tree_memoization", "bm_async_tree", "tasks, sleep, a cache in a dict", ["memoization"])
program("async_tree_none_tg", "bm_async_tree", "task groups", ["none", "--task-groups"])
program("async_tree_eager", "bm_async_tree", "eager tasks", ["eager"])
program("asyncio_tcp", "bm_asyncio_tcp", "streams over loopback")
program("argparse", "bm_argparse", "library code with str and dict", ["many_optionals"], result="many_optionals")
program("argparse_subparsers", "bm_argparse", "argparse with sub-commands", ["subparsers"], result="subparsers")
program("base64_small", "bm_base64", "binascii on small inputs")
program("ascii85_large", "bm_base64", "struct and bytes loops of base64.py")
program("bpe_tokeniser", "bm_bpe_tokeniser", "counting in dicts, bytes, re")
program("decimal_factorial", "bm_decimal_factorial", "products of long Decimals")
program("decimal_pi", "bm_decimal_pi", "arithmetic of short Decimals")
for part in ("deepcopy", "deepcopy_reduce", "deepcopy_memo"):
    program(part, "bm_deepcopy", part.replace("_", " "))
program("json_dumps", "bm_json_dumps", "json encoder")
program("json_loads", "bm_json_loads", "json decoder")
for part in ("format", "silent", "simple"):
    program("logging_" + part, "bm_logging", "logging, " + part, [part])
program("pathlib", "bm_pathlib", "pathlib: iterdir, glob, stat")
for part in ("pickle", "pickle_dict", "pickle_list", "unpickle", "unpickle_list"):
    program(part, "bm_pickle", "native pickle: " + part, [part])
for part in ("pickle", "unpickle"):
    program(part + "_pure_python", "bm_pickle", "pickle.py as Python code", ["--pure-python", part])
program("pprint_pformat", "bm_pprint", "building strings, recursion")
program("pprint_safe_repr", "bm_pprint", "building strings, recursion")
program("regex_compile", "bm_regex_compile", "re's compiler, written in Python")
for part in ("dna", "effbot", "v8"):
    program("regex_" + part, "bm_regex_" + part, "the re engine")
program("sqlite_synth", "bm_sqlite_synth", "sqlite3 with Python callbacks")
program("telco", "bm_telco", "Decimal, struct, files")
program("typing_runtime_protocols", "bm_typing_runtime_protocols", "isinstance with protocols")
for part in ("parse", "iterparse", "generate", "process"):
    program("xml_etree_" + part, "bm_xml_etree", "ElementTree: " + part, [part])


# --- our own -------------------------------------------------------------------
def own(folder):
    """The names in the list PROGRAMS of FOLDER/run_benchmark.py."""
    with open(os.path.join(HERE, folder, "run_benchmark.py"), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    lists = [node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "PROGRAMS"]
    return [element.id for element in lists[0].elts]


for folder in ("micro", "native"):
    for name in own(folder):
        program(folder + "_" + name, os.path.join(HERE, folder), name.replace("_", " "))

program("start", "", "start and end of an empty program", command=["-c", "pass"])
program("start_without_site", "", "the same without site", command=["-S", "-c", "pass"])
program("start_imports", "", "a start with many imports", command=["-c", "import json, re, argparse, dataclasses, asyncio"])

# The programs to tune on.
DEV = """nbody spectral_norm float scimark_lu scimark_monte_carlo fannkuch hexiom nqueens go richards deltablue raytrace chaos
generators coroutines async_tree_none pyflate json_loads regex_compile pickle_pure_python logging_format deepcopy comprehensions
mdp pidigits""".split()
SETS = {
    "dev": DEV,
    "micro": [name for name in PROGRAMS if name.startswith("micro_")],
    "native": [name for name in PROGRAMS if name.startswith("native_")],
    "startup": [name for name, item in PROGRAMS.items() if item.command],
}
ABOUT = {
    "dev": "25 programs of pyperformance",
    "micro": "small programs, one mechanism each",
    "native": "small programs on the library's native half",
    "startup": "starts of the interpreter",
}

# Kept out of every mean: a JIT deletes the loop, or the library was rewritten in C between versions.
NO_MEAN = {"unpack_sequence", "logging_silent", "ascii85_large"}
# These sleep: CPU time would say nothing.
WALL_ONLY = {"async_tree_cpu_io_mixed", "async_tree_memoization", "asyncio_tcp"}
