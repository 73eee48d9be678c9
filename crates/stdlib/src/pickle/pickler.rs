//! `Pickler`: settings, memo and file of something that writes pickles.

use super::memo::Memo;
use super::opcode;
use super::proxies::PicklerMemoProxy;
use super::save::Save;
use super::state::pickling_error;
use bredli_runtime::object::{object_getattribute, object_setattr};
use bredli_runtime::prelude::*;

/// This takes a binary file for writing a pickle data stream.
///
/// The optional *protocol* argument tells the pickler to use the given
/// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
/// protocol is 5. It was introduced in Python 3.8, and is incompatible
/// with previous versions.
///
/// Specifying a negative protocol version selects the highest protocol
/// version supported.  The higher the protocol used, the more recent the
/// version of Python needed to read the pickle produced.
///
/// The *file* argument must have a write() method that accepts a single
/// bytes argument. It can thus be a file object opened for binary
/// writing, an io.BytesIO instance, or any other custom object that meets
/// this interface.
///
/// If *fix_imports* is True and protocol is less than 3, pickle will try
/// to map the new Python 3 names to the old module names used in Python
/// 2, so that the pickle data stream is readable with Python 2.
///
/// If *buffer_callback* is None (the default), buffer views are
/// serialized into *file* as part of the pickle stream.
///
/// If *buffer_callback* is not None, then it can be called any number
/// of times with a buffer view.  If the callback returns a false value
/// (such as None), the given buffer is out-of-band; otherwise the
/// buffer is serialized in-band, i.e. inside the pickle stream.
///
/// It is an error if *buffer_callback* is not None and *protocol*
/// is None or smaller than 5.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Pickler", module = "_pickle", flags(BASETYPE))]
pub struct Pickler {
    header: Header,
    /// The method of the file; none before `__init__` and for pickles that stay in memory.
    pub(super) write: Option<Value>,
    pub(super) memo: Memo,
    pub(super) proto: u8,
    pub(super) fix_imports: bool,
    initialised: bool,
    running: bool,
    fast: i32,
    bin: i32,
    pub(super) dispatch_table: Option<Value>,
    pub(super) buffer_callback: Option<Value>,
    /// The attribute, where an instance has been given one.
    persistent_id: Option<Value>,
}

/// What `protocol` and `buffer_callback` say.
fn settings(py: &mut Py, protocol: Value, fix_imports: bool, buffer_callback: Value) -> Result<Pickler> {
    let proto = if protocol.is_none() {
        opcode::DEFAULT
    } else {
        let index = py.index(protocol)?;
        match py.int_to_i64(index).and_then(|proto| i32::try_from(proto).ok()) {
            Some(proto) if proto < 0 => opcode::HIGHEST,
            Some(proto) if proto <= i32::from(opcode::HIGHEST) => proto as u8,
            Some(_) => raise!(py, ValueError, "pickle protocol must be <= {}", opcode::HIGHEST),
            None => raise!(py, OverflowError, "Python int too large to convert to C int"),
        }
    };
    let buffer_callback = Some(buffer_callback).filter(|callback| !callback.is_none());
    if buffer_callback.is_some() && proto < 5 {
        raise!(py, ValueError, "buffer_callback needs protocol >= 5");
    }
    Ok(Pickler {
        header: Header::EMPTY,
        write: None,
        memo: Memo::EMPTY,
        proto,
        fix_imports: fix_imports && proto < 3,
        initialised: true,
        running: false,
        fast: 0,
        bin: i32::from(proto > 0),
        dispatch_table: None,
        buffer_callback,
        persistent_id: None,
    })
}

fn write_method(py: &mut Py, file: Value) -> Result {
    let name = py.names.write;
    match py.lookup_attr(file, name)? {
        Some(write) => Ok(write),
        None => raise!(py, TypeError, "file must have a 'write' attribute"),
    }
}

impl Pickler {
    /// A pickler for one object, whose pickle goes to a file or stays in memory.
    pub fn create(py: &mut Py, file: Option<Value>, protocol: Value, fix_imports: bool, buffer_callback: Value) -> Result<Gc<Pickler>> {
        let mut pickler = settings(py, protocol, fix_imports, buffer_callback)?;
        if let Some(file) = file {
            pickler.write = Some(write_method(py, file)?);
        }
        Ok(py.alloc(pickler))
    }

    /// Write an object; what is left of the pickle in memory is returned.
    pub fn run(py: &mut Py, this: Gc<Pickler>, object: Value) -> Result<Vec<u8>> {
        Pickler::check_idle(py, this)?;
        let persistent_id = Pickler::persistent_id_method(py, this)?;
        let reducer_override = if py.class_of(this.into()) == py.class::<Pickler>() {
            None
        } else {
            let name = py.intern("reducer_override");
            py.lookup_attr(this.into(), name)?
        };
        let Pickler { proto, bin, fast, write, .. } = *this.get(py);
        let mut save = Save::new(this, proto, bin != 0, fast != 0, write);
        save.persistent_id = persistent_id;
        save.reducer_override = reducer_override;
        this.get_mut(py).running = true;
        let outcome = save.run(py, object);
        this.get_mut(py).running = false;
        outcome?;
        Ok(save.out)
    }

    fn check_idle(py: &mut Py, this: Gc<Pickler>) -> Result<()> {
        if this.get(py).running {
            raise!(py, RuntimeError, "Pickler object is already used");
        }
        Ok(())
    }

    /// The method that a subclass or an instance defines.
    fn persistent_id_method(py: &mut Py, this: Gc<Pickler>) -> Result<Option<Value>> {
        if let Some(method) = this.get(py).persistent_id {
            return Ok(Some(method));
        }
        let (class, base) = (py.class_of(this.into()), py.class::<Pickler>());
        if class == base {
            return Ok(None);
        }
        let name = py.intern("persistent_id");
        if py.type_lookup(class, name) == py.type_lookup(base, name) && py.instance_get(this.into(), name).is_none() {
            return Ok(None);
        }
        py.get_attr(this.into(), name).map(Some)
    }

    /// Forget the objects that have been written.
    pub fn forget(py: &mut Py, this: Gc<Pickler>) {
        this.get_mut(py).memo = Memo::EMPTY;
    }

    /// The memo as `{id: (number, object)}`.
    pub fn memo_dict(py: &mut Py, this: Gc<Pickler>) -> Result<Gc<Dict>> {
        let dict = py.new_dict();
        let (objects, numbers) = Pickler::memo_entries(py, this);
        for (object, number) in objects.iter().zip(numbers) {
            let key = py.call_builtin("id", &[*object])?;
            let number = py.new_int(number);
            let entry = py.new_tuple(&[number, *object]);
            py.dict_set(dict, key, entry.into())?;
        }
        Ok(dict)
    }

    fn memo_entries(py: &mut Py, this: Gc<Pickler>) -> (RootVec, Vec<i64>) {
        let mut objects = RootVec::new(&mut py.heap);
        objects.extend(this.get(py).memo.entries().map(|(object, _)| object));
        (objects, this.get(py).memo.entries().map(|(_, number)| number).collect())
    }

    fn replace_memo(py: &mut Py, this: Gc<Pickler>, objects: &RootVec, numbers: &[i64]) -> Result<()> {
        Pickler::forget(py, this);
        objects.iter().zip(numbers).try_for_each(|(object, number)| Pickler::memo_set(py, this, *object, *number))
    }
}

#[pymethods]
impl Pickler {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<Gc<Pickler>> {
        let _ = args;
        let mut empty = settings(py, Value::NONE, true, Value::NONE)?;
        empty.initialised = false;
        Ok(py.alloc_as(cls, empty))
    }

    #[signature(file, protocol=None, fix_imports=True, buffer_callback=None)]
    fn __init__(this: Gc<Self>, py: &mut Py, file: Value, protocol: Value, fix_imports: bool, buffer_callback: Value) -> Result<()> {
        Pickler::check_idle(py, this)?;
        let fresh = settings(py, protocol, fix_imports, buffer_callback)?;
        let write = write_method(py, file)?;
        let pickler = this.get_mut(py);
        (pickler.proto, pickler.bin, pickler.fix_imports) = (fresh.proto, fresh.bin, fresh.fix_imports);
        (pickler.write, pickler.buffer_callback) = (Some(write), fresh.buffer_callback);
        (pickler.memo, pickler.fast, pickler.initialised) = (Memo::EMPTY, 0, true);
        let name = py.intern("dispatch_table");
        let table = py.lookup_attr(this.into(), name)?;
        this.get_mut(py).dispatch_table = table;
        Ok(())
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        if let Some(method) = this.get(py).persistent_id
            && name.get(py).bytes() == b"persistent_id"
        {
            return Ok(method);
        }
        object_getattribute(py, this.into(), name)
    }

    fn __setattr__(this: Gc<Self>, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        if name.get(py).bytes() == b"persistent_id" && (value.is_some() || this.get(py).persistent_id.is_some()) {
            this.get_mut(py).persistent_id = value;
            return Ok(());
        }
        object_setattr(py, this.into(), name, value)
    }

    /// Write a pickled representation of the given object to the open file.
    #[signature(self, obj, /)]
    fn dump(this: Gc<Self>, py: &mut Py, obj: Value) -> Result<()> {
        if !this.get(py).initialised {
            let class = py.qualified_class_name(this.into())?;
            return Err(pickling_error(py, &format!("Pickler.__init__() was not called by {class}.__init__()")));
        }
        let rest = Pickler::run(py, this, obj)?;
        let Some(write) = this.get(py).write else { return Ok(()) };
        let rest = py.new_bytes(&rest);
        py.call(write, &[rest.into()])?;
        Ok(())
    }

    /// Clears the pickler's "memo".
    ///
    /// The memo is the data structure that remembers which objects the
    /// pickler has already seen, so that shared or recursive objects are
    /// pickled by reference and not by value.  This method is useful when
    /// re-using picklers.
    #[signature(self, /)]
    fn clear_memo(this: Gc<Self>, py: &mut Py) {
        Pickler::forget(py, this);
    }

    #[signature(self, obj, /)]
    fn persistent_id(_this: Gc<Self>, obj: Value) {
        let _ = obj;
    }

    #[getter]
    fn memo(this: Gc<Self>, py: &mut Py) -> Gc<PicklerMemoProxy> {
        PicklerMemoProxy::create(py, this)
    }

    #[setter]
    fn set_memo(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        if let Some(proxy) = Gc::<PicklerMemoProxy>::cast(py, value) {
            let other = proxy.get(py).owner;
            if other == this {
                return Ok(());
            }
            let (objects, numbers) = Pickler::memo_entries(py, other);
            return Pickler::replace_memo(py, this, &objects, &numbers);
        }
        let Some(dict) = Gc::<Dict>::cast(py, value) else {
            let class = py.class_name(value);
            raise!(py, TypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not {class}");
        };
        let mut objects = RootVec::new(&mut py.heap);
        let mut numbers = Vec::new();
        let mut at = 0;
        while let Some((position, _, entry)) = dict.get(py).entry_from(at) {
            at = position + 1;
            let Some(&[number, object]) = Gc::<Tuple>::cast(py, entry).map(|entry| entry.get(py).items()) else {
                raise!(py, TypeError, "'memo' values must be 2-item tuples");
            };
            match py.is_int(number).then(|| py.int_to_i64(number)).flatten() {
                Some(number) => numbers.push(number),
                None => raise!(py, TypeError, "an integer is required"),
            }
            objects.push(object);
        }
        Pickler::replace_memo(py, this, &objects, &numbers)
    }

    #[deleter]
    fn delete_memo(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let _ = this;
        raise!(py, TypeError, "attribute deletion is not supported")
    }

    #[getter]
    fn bin(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).bin
    }

    #[setter]
    fn set_bin(this: Gc<Self>, py: &mut Py, value: i32) {
        this.get_mut(py).bin = value;
    }

    #[deleter]
    fn delete_bin(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let _ = this;
        raise!(py, TypeError, "can't delete numeric/char attribute")
    }

    #[getter]
    fn fast(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).fast
    }

    #[setter]
    fn set_fast(this: Gc<Self>, py: &mut Py, value: i32) {
        this.get_mut(py).fast = value;
    }

    #[deleter]
    fn delete_fast(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let _ = this;
        raise!(py, TypeError, "can't delete numeric/char attribute")
    }

    #[getter]
    fn dispatch_table(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).dispatch_table {
            Some(table) => Ok(table),
            None => {
                let name = py.intern("dispatch_table");
                Err(py.no_attribute(this.into(), name))
            }
        }
    }

    #[setter]
    fn set_dispatch_table(this: Gc<Self>, py: &mut Py, value: Value) {
        this.get_mut(py).dispatch_table = Some(value);
    }

    #[deleter]
    fn delete_dispatch_table(this: Gc<Self>, py: &mut Py) -> Result<()> {
        Pickler::dispatch_table(this, py)?;
        this.get_mut(py).dispatch_table = None;
        Ok(())
    }
}
