//! `_testinternalcapi`: the stages of the compiler, one by one, for CPython's tests of them and for those who work on the compiler.
//!
//! Counterparts: `Modules/_testinternalcapi.c`, `Python/instruction_sequence.c`.

use crate::ast::{constant, is_node};
use crate::frontend::{issue, raise_compile_error, validated};
use bredli_code::{Const, Opcode};
use bredli_compile::instruction::{Instruction, Location};
use bredli_compile::stages::{self, Sequences};
use bredli_compile::unit::{AssembleError, Cell, Table, Unit};
use bredli_compile::{Options, Verdict, to_const};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;
use bredli_runtime::{CompileMode, CompileRequest};
use bredli_syntax::ast::Arena;
use bredli_text::Wtf8Buf;

/// InstructionSequenceType()
/// --
///
/// Create a new InstructionSequence object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "InstructionSequence")]
pub struct InstructionSequence {
    header: Header,
    nested: Option<Gc<List>>,
    #[trace(skip)]
    instructions: Vec<Instruction>,
    /// The positions of labels. Once they have been put in the place of the labels, it is empty.
    #[trace(skip)]
    labels: Vec<Option<u32>>,
    last_label: i32,
}

/// The largest argument of an instruction.
const LARGEST: i32 = (1 << 30) - 1;

/// More labels than a sequence can have.
const LABELS: usize = 1 << 24;

impl InstructionSequence {
    fn new(py: &mut Py, sequences: Sequences) -> Result<Gc<InstructionSequence>> {
        let nested = match sequences.nested.is_empty() {
            true => None,
            false => Some(py.new_list(&[])?),
        };
        for inner in sequences.nested {
            let inner = InstructionSequence::new(py, inner)?;
            nested.map_or(Ok(()), |nested| py.list_push(nested, inner.into()))?;
        }
        let (instructions, labels) = (sequences.instructions, Vec::new());
        Ok(py.alloc(InstructionSequence { header: Header::EMPTY, nested, instructions, labels, last_label: 0 }))
    }

    /// Put positions in the place of labels; then, the instructions.
    fn resolved(this: Gc<Self>, py: &mut Py) -> Vec<Instruction> {
        let this = this.get_mut(py);
        let labels = std::mem::take(&mut this.labels);
        if !labels.is_empty() {
            for instruction in this.instructions.iter_mut().filter(|instruction| instruction.opcode.has_target()) {
                let position = labels.get(instruction.arg as usize).copied().flatten();
                instruction.arg = position.unwrap_or(u32::MAX);
            }
        }
        this.instructions.clone()
    }
}

#[pymethods]
impl InstructionSequence {
    #[no_text_signature]
    #[signature()]
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<InstructionSequence> {
        let (nested, instructions, labels) = (None, Vec::new(), Vec::new());
        py.alloc_as(cls, InstructionSequence { header: Header::EMPTY, nested, instructions, labels, last_label: 0 })
    }

    /// Append an instruction.
    #[signature(self, /, opcode, oparg, lineno, col_offset, end_lineno, end_col_offset)]
    fn addop(
        this: Gc<Self>,
        py: &mut Py,
        opcode: i32,
        oparg: i32,
        lineno: i32,
        col_offset: i32,
        end_lineno: i32,
        end_col_offset: i32,
    ) -> Result<()> {
        let Some(opcode) = u16::try_from(opcode).ok().and_then(Opcode::from_number) else {
            raise!(py, ValueError, "invalid opcode {opcode}");
        };
        if !(0..=LARGEST).contains(&oparg) || (oparg != 0 && !opcode.has_arg() && !opcode.has_target()) {
            raise!(py, ValueError, "invalid argument of {}: {oparg}", opcode.name());
        }
        // CPython takes the four numbers in the order in which it keeps them, whatever they are called.
        let location = Location::new(lineno, col_offset, end_lineno, end_col_offset);
        this.get_mut(py).instructions.push(Instruction { opcode, arg: oparg as u32, location });
        Ok(())
    }

    /// Return a new label.
    fn new_label(this: Gc<Self>, py: &mut Py) -> i32 {
        let this = this.get_mut(py);
        this.last_label = this.last_label.saturating_add(1);
        this.last_label
    }

    /// Place label at current location.
    #[signature(self, /, label)]
    fn use_label(this: Gc<Self>, py: &mut Py, label: i32) -> Result<()> {
        let Some(label) = usize::try_from(label).ok().filter(|label| *label < LABELS) else {
            raise!(py, ValueError, "invalid label {label}");
        };
        let this = this.get_mut(py);
        if this.labels.len() <= label {
            this.labels.resize(label + 1, None);
        }
        this.labels[label] = Some(this.instructions.len() as u32);
        Ok(())
    }

    /// Add a nested sequence.
    #[signature(self, /, nested)]
    fn add_nested(this: Gc<Self>, py: &mut Py, nested: Value) -> Result<()> {
        if Gc::<InstructionSequence>::cast(py, nested).is_none() {
            raise!(py, TypeError, "expected an instruction sequence, not type");
        }
        let list = match this.get(py).nested {
            Some(list) => list,
            None => py.new_list(&[])?,
        };
        this.get_mut(py).nested = Some(list);
        py.list_push(list, nested)
    }

    /// Add a nested sequence.
    fn get_nested(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        match this.get(py).nested {
            Some(list) => Ok(list),
            None => py.new_list(&[]),
        }
    }

    /// Return the instructions as a list of tuples or labels.
    fn get_instructions(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let list = py.new_list(&[])?;
        for Instruction { opcode, arg, location } in InstructionSequence::resolved(this, py) {
            let arg = if opcode.has_arg() || opcode.has_target() { py.new_int(arg.into()) } else { Value::NONE };
            let Location { line, end_line, column, end_column } = location;
            let [line, end_line, column, end_column] = [line, end_line, column, end_column].map(Value::small);
            let row = py.new_tuple(&[Value::small(opcode.number().into()), arg, line, end_line, column, end_column]);
            py.list_push(list, row.into())?;
        }
        Ok(list)
    }
}

/// The constant of a code object for a value.
fn constant_of(py: &mut Py, value: Value) -> Result<Const> {
    if let Some(code) = Gc::<Code>::cast(py, value) {
        return Ok(Const::Code(code.get(py).code().clone()));
    }
    match constant::from_value(py, value, &Arena::default())? {
        Ok(constant) => Ok(to_const(constant)),
        Err(culprit) => {
            let class = py.class_name(culprit);
            raise!(py, TypeError, "no constant of code objects: {class}")
        }
    }
}

fn malformed(py: &mut Py, error: AssembleError) -> Raised {
    error!(py, ValueError, "{}", error.message)
}

/// What `assemble_code_object` is told of a code object, besides its instructions.
struct Metadata(Gc<Dict>);

impl Metadata {
    fn get(&self, py: &mut Py, key: &str) -> Result {
        let name = py.intern(key);
        match py.dict_get_str(self.0, name) {
            Some(value) => Ok(value),
            None => raise!(py, KeyError, "{key}"),
        }
    }

    fn number(&self, py: &mut Py, key: &str) -> Result<i32> {
        let value = self.get(py, key)?;
        match i32::try_from(py.to_isize(value)?) {
            Ok(number) => Ok(number),
            Err(_) => raise!(py, ValueError, "{key} out of range"),
        }
    }

    fn count(&self, py: &mut Py, key: &str) -> Result<u32> {
        match u32::try_from(self.number(py, key)?) {
            Ok(count) if count <= LARGEST as u32 => Ok(count),
            _ => raise!(py, ValueError, "{key} out of range"),
        }
    }

    fn text(&self, py: &mut Py, key: &str) -> Result<Wtf8Buf> {
        let value = self.get(py, key)?;
        text_of(py, value, key)
    }

    /// The keys of a dict that numbers them, in the order of the numbers.
    fn numbered(&self, py: &mut Py, key: &str) -> Result<RootVec> {
        let value = self.get(py, key)?;
        let Some(dict) = Gc::<Dict>::cast(py, value) else { raise!(py, TypeError, "{key} must be a dict") };
        let mut keys = RootVec::new(&mut py.heap);
        keys.extend(std::iter::repeat_n(Value::UNSET, dict.get(py).len()));
        let mut at = 0;
        while let Some((position, item, number)) = dict.get(py).entry_from(at) {
            at = position + 1;
            match py.int_to_i64(number).and_then(|number| usize::try_from(number).ok()).filter(|number| *number < keys.len()) {
                Some(number) if keys[number] == Value::UNSET => keys[number] = item,
                _ => raise!(py, ValueError, "{key} must number its keys"),
            }
        }
        Ok(keys)
    }

    fn names(&self, py: &mut Py, key: &str) -> Result<Vec<Wtf8Buf>> {
        let names = self.numbered(py, key)?;
        names.iter().map(|name| text_of(py, *name, key)).collect()
    }

    /// The constants. A key can be a tuple of something that makes it unique, and the constant.
    fn constants(&self, py: &mut Py) -> Result<Vec<Const>> {
        let keys = self.numbered(py, "consts")?;
        let mut constants = Vec::new();
        for key in keys.iter() {
            let pair = Gc::<Tuple>::cast(py, *key).and_then(|pair| pair.get(py).items().get(1).copied());
            constants.push(constant_of(py, pair.unwrap_or(*key))?);
        }
        Ok(constants)
    }

    fn unit(&self, py: &mut Py) -> Result<Unit> {
        let varnames = self.names(py, "varnames")?;
        let local = |name: &Wtf8Buf| varnames.iter().position(|other| other == name).map(|index| index as u32);
        let cellvars = self.names(py, "cellvars")?.into_iter().map(|name| Cell { local: local(&name), name }).collect();
        let hidden_locals = self.names(py, "fasthidden")?.iter().filter_map(local).collect();
        Ok(Unit {
            name: self.text(py, "name")?,
            qualname: self.text(py, "qualname")?,
            consts: Table::default(),
            names: self.names(py, "names")?,
            cellvars,
            hidden_locals,
            varnames,
            freevars: self.names(py, "freevars")?,
            argcount: self.count(py, "argcount")?,
            posonlyargcount: self.count(py, "posonlyargcount")?,
            kwonlyargcount: self.count(py, "kwonlyargcount")?,
            firstlineno: self.number(py, "firstlineno")?,
            flags: 0,
        })
    }
}

fn text_of(py: &mut Py, value: Value, what: &str) -> Result<Wtf8Buf> {
    match Gc::<Str>::cast(py, value).and_then(|text| Wtf8Buf::from_bytes(text.get(py).bytes().to_vec())) {
        Some(text) => Ok(text),
        None => raise!(py, TypeError, "{what} must be str"),
    }
}

#[pymodule(
    name = "_testinternalcapi",
    classes(InstructionSequence),
    parts(bredli_stdlib::testsupport::INTERNAL, bredli_stdlib::testsupport::CODE)
)]
pub mod internal {
    use super::*;

    /// Return a new, empty InstructionSequence.
    #[pyfunction]
    #[signature()]
    fn new_instruction_sequence(py: &mut Py) -> Result<Gc<InstructionSequence>> {
        InstructionSequence::new(py, Sequences { instructions: Vec::new(), nested: Vec::new() })
    }

    /// Apply compiler code generation to an AST.
    ///
    /// Return (instruction_sequence, metadata).  metadata maps "argcount",
    /// "posonlyargcount", "kwonlyargcount" to ints and "consts" to the list of
    /// constants in LOAD_CONST index order (for use with optimize_cfg).
    #[pyfunction]
    #[signature(ast, filename, optimize, compile_mode = 0)]
    fn compiler_codegen(py: &mut Py, ast: Value, filename: Value, optimize: i32, compile_mode: i32) -> Result {
        if !is_node(py, ast) {
            raise!(py, TypeError, "expected an AST");
        }
        let filename = py.path_text(filename)?;
        let mode = match compile_mode {
            1 => CompileMode::Eval,
            2 => CompileMode::Single,
            _ => CompileMode::Exec,
        };
        let optimize = u8::try_from(optimize).map_or(py.optimize, |level| level.min(2));
        let request = CompileRequest { source: &[], filename: &filename, mode, flags: 0, optimize, feature_version: -1 };
        let arena = Arena::default();
        let tree = validated(py, ast, &request, &arena)?;
        let options = Options { optimize, flags: 0 };
        let mut warnings = Vec::new();
        let outcome = stages::generate(tree, &Wtf8Buf::from(&*filename), options, &mut |warning| {
            warnings.push(warning.clone());
            Verdict::Shown
        });
        issue(py, &request, &warnings)?;
        let (unit, sequences) = outcome.map_err(|error| raise_compile_error(py, &request, error))?;
        let metadata = py.new_dict();
        let counts = [("argcount", unit.argcount), ("posonlyargcount", unit.posonlyargcount), ("kwonlyargcount", unit.kwonlyargcount)];
        for (key, count) in counts {
            let (key, count) = (py.intern(key), py.new_int(count.into()));
            py.dict_set_str(metadata, key, count)?;
        }
        let constants = py.new_list(&[])?;
        for constant in unit.consts.items() {
            let constant = py.constant(constant)?;
            py.list_push(constants, constant)?;
        }
        let key = py.intern("consts");
        py.dict_set_str(metadata, key, constants.into())?;
        let sequence = InstructionSequence::new(py, sequences)?;
        Ok(py.new_tuple(&[sequence.into(), metadata.into()]).into())
    }

    /// Apply compiler optimizations to an instruction list.
    ///
    /// consts must be a list aligned with LOAD_CONST opargs (the "consts" entry
    /// from the metadata dict returned by compiler_codegen for the same unit).
    #[pyfunction]
    #[signature(instructions, consts, nlocals)]
    fn optimize_cfg(py: &mut Py, instructions: Value, consts: Value, nlocals: i32) -> Result<Gc<InstructionSequence>> {
        let Some(sequence) = Gc::<InstructionSequence>::cast(py, instructions) else {
            raise!(py, ValueError, "expected an instruction sequence");
        };
        let Some(list) = Gc::<List>::cast(py, consts) else { raise!(py, TypeError, "consts must be a list") };
        let Ok(locals) = usize::try_from(nlocals) else { raise!(py, ValueError, "nlocals must not be negative") };
        let items = py.collect_iterable(consts)?;
        let constants = items.iter().map(|item| constant_of(py, *item)).collect::<Result<Vec<_>>>()?;
        let resolved = InstructionSequence::resolved(sequence, py);
        let known = constants.len();
        let outside = resolved.iter().find(|instruction| instruction.opcode.has_const() && instruction.arg as usize >= known);
        if let Some(Instruction { opcode, arg, .. }) = outside {
            raise!(py, ValueError, "{} index {arg} is out of range for consts (len={known})", opcode.name());
        }
        let (instructions, constants) = stages::optimize(resolved, constants, locals).map_err(|error| malformed(py, error))?;
        let mut values = RootVec::new(&mut py.heap);
        for constant in &constants {
            values.push(py.constant(constant)?);
        }
        let values = py.new_list(&values)?;
        let whole = py.new_slice(Value::NONE, Value::NONE, Value::NONE);
        py.set_item(list.into(), whole.into(), values.into())?;
        InstructionSequence::new(py, Sequences { instructions, nested: Vec::new() })
    }

    /// Create a code object for the given instructions.
    #[pyfunction]
    #[signature(filename, instructions, metadata)]
    fn assemble_code_object(py: &mut Py, filename: Value, instructions: Value, metadata: Value) -> Result<Gc<Code>> {
        let filename = text_of(py, filename, "filename")?;
        let Some(sequence) = Gc::<InstructionSequence>::cast(py, instructions) else {
            raise!(py, TypeError, "expected an instruction sequence");
        };
        let Some(metadata) = Gc::<Dict>::cast(py, metadata) else { raise!(py, TypeError, "metadata must be a dict") };
        let metadata = Metadata(metadata);
        let (unit, constants) = (metadata.unit(py)?, metadata.constants(py)?);
        let resolved = InstructionSequence::resolved(sequence, py);
        match stages::assemble(unit, resolved, constants, &filename) {
            Ok(code) => Ok(py.new_code(code.into())),
            Err(error) => Err(malformed(py, error)),
        }
    }
}
