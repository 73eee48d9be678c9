//! `_thread._local`: attributes of which every thread has its own.
//!
//! The object holds a namespace for each thread that has used it. Before an attribute is looked at, the running thread's one is put in the
//! place where attributes are looked up. A thread that ends takes its namespaces with it.

use bredli_runtime::prelude::*;

/// Thread-local data
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_local", module = "_thread", flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct Local {
    header: Header,
    dict: Option<Gc<Dict>>,
    spaces: HeapVec<(u64, Gc<Dict>)>,
    args: Gc<Tuple>,
    names: Option<Gc<Tuple>>,
}

impl Local {
    /// Make the namespace of the running thread the one in use.
    fn select(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let serial = py.thread_serial();
        if let Some((_, dict)) = this.get(py).spaces.iter().find(|(of, _)| *of == serial).copied() {
            this.get_mut(py).dict = Some(dict);
            return Ok(());
        }
        Local::add_space(this, py)?;
        let class = py.class_of(this.into());
        let init = py.names.__init__;
        let (own, plain) = (py.type_lookup(class, init), py.type_lookup(py.types.object, init));
        if own == plain {
            return Ok(());
        }
        let Some(init) = own else { return Ok(()) };
        let (args, names) = (this.get(py).args, this.get(py).names);
        let mut values = RootVec::from_slice(&mut py.heap, &[this.into()]);
        values.extend_from_slice(args.get(py).items());
        let args = Args::with_keywords(py, &values, names);
        if let Err(raised) = py.call_args(init, args) {
            this.get_mut(py).spaces.pop();
            this.get_mut(py).dict = None;
            return Err(raised);
        }
        Local::select(this, py)
    }

    fn add_space(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (serial, dict) = (py.thread_serial(), py.new_dict());
        if py.heap.vec_push(this, |local| &mut local.spaces, (serial, dict)).is_err() {
            return Err(py.no_memory());
        }
        this.get_mut(py).dict = Some(dict);
        py.thread().locals.push(this.into());
        Ok(())
    }

    /// The running thread ends: its namespaces go.
    pub fn leave(py: &mut Py) {
        let serial = py.thread_serial();
        while let Some(local) = py.thread().locals.pop() {
            let Some(local) = Gc::<Local>::cast(py, local) else { continue };
            let local = local.get_mut(py);
            local.dict = None;
            if let Some(index) = local.spaces.iter().position(|(of, _)| *of == serial) {
                local.spaces.remove(index);
            }
        }
    }
}

#[pymethods]
impl Local {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<Gc<Local>> {
        let init = py.names.__init__;
        if !args.is_empty() && py.type_lookup(cls, init) == py.type_lookup(py.types.object, init) {
            raise!(py, TypeError, "Initialization arguments are not supported");
        }
        let names = args.kwnames();
        let args = py.new_tuple(args.values());
        let this = py.alloc_as(cls, Local { header: Header::EMPTY, dict: None, spaces: HeapVec::EMPTY, args, names });
        Local::add_space(this, py)?;
        Ok(this)
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        Local::select(this, py)?;
        if name.get(py).bytes() == b"__dict__"
            && let Some(dict) = this.get(py).dict
        {
            return Ok(dict.into());
        }
        match py.generic_lookup_attr(this.into(), name)? {
            Some(value) => Ok(value),
            None => Err(py.no_attribute(this.into(), name)),
        }
    }

    fn __setattr__(this: Gc<Self>, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        if name.get(py).bytes() == b"__dict__" {
            let class = py.class_name(this.into());
            raise!(py, AttributeError, "'{class}' object attribute '__dict__' is read-only");
        }
        Local::select(this, py)?;
        py.generic_set_attr(this.into(), name, value)
    }
}
