//! `gc`: asking for collections, and looking at what there is.
//!
//! Memory is managed by tracing alone, so switching the collector off could only exhaust it: `disable` is remembered and
//! shown by `isenabled`, and collections go on. Counterpart: `Modules/gcmodule.c`.

use bredli_heap::Kind;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Module, shapes};

const ENABLED: &str = "_enabled";
const THRESHOLD: &str = "_threshold";
const DEBUG: &str = "_debug";
const FOUND: &str = "_found";

fn state(py: &mut Py, name: &str) -> Result {
    let module = py.import_module("gc")?;
    py.get_attr_named(module, name)
}

fn set_state(py: &mut Py, name: &str, value: Value) -> Result<()> {
    let module = py.import_module("gc")?;
    let name = py.intern(name);
    py.set_attr(module, name, Some(value))
}

/// Whether CPython's collector would look at an object: whether it can refer to others.
pub fn tracked(py: &Py, object: Value) -> bool {
    if !object.is_heap() {
        return false;
    }
    let header = object.header();
    match header.shape() {
        shapes::BUFFER | shapes::STR | shapes::BYTES | shapes::INT | shapes::COMPLEX | shapes::CODE => false,
        shapes::TUPLE => Gc::<Tuple>::cast(py, object).is_some_and(|tuple| !tuple.get(py).is_empty()),
        _ => match header.kind() {
            Kind::Leaf | Kind::Buffer => false,
            Kind::Slots => header.aux() > 0,
            Kind::Values | Kind::Custom => true,
        },
    }
}

/// Tell `gc.callbacks` of a collection.
fn tell(py: &mut Py, phase: &str, generation: i32, found: usize) -> Result<()> {
    let callbacks = state(py, "callbacks")?;
    let Some(callbacks) = Gc::<List>::cast(py, callbacks) else { return Ok(()) };
    if callbacks.get(py).items().is_empty() {
        return Ok(());
    }
    let info = py.new_dict();
    let (generation, found) = (Value::small(generation), py.new_int(found as i64));
    for (name, value) in [("generation", generation), ("collected", found), ("uncollectable", Value::small(0))] {
        let name = py.intern(name);
        py.dict_set_str(info, name, value)?;
    }
    let phase = py.intern(phase);
    let mut index = 0;
    while let Some(callback) = callbacks.get(py).items().get(index).copied() {
        if py.call(callback, &[phase.into(), info.into()]).is_err() {
            let exception = py.take_exception();
            let shown = py.repr_text(callback)?;
            let _ = py.restore_exception(exception);
            py.report_unraisable(&format!("Exception ignored while calling GC callback {shown}"), None);
        }
        index += 1;
    }
    Ok(())
}

/// The objects that `keep` says yes to, as a list.
fn listed(py: &mut Py, objects: &[Value], keep: impl Fn(&Py, Value) -> bool) -> Result<Gc<List>> {
    let mut kept = RootVec::new(&mut py.heap);
    kept.extend(objects.iter().copied().filter(|object| keep(py, *object)));
    py.new_list(&kept)
}

/// This module provides access to the garbage collector for reference cycles.
///
/// enable() -- Enable automatic garbage collection.
/// disable() -- Disable automatic garbage collection.
/// isenabled() -- Returns true if automatic collection is enabled.
/// collect() -- Do a full collection right now.
/// get_count() -- Return the current collection counts.
/// get_stats() -- Return list of dictionaries containing per-generation stats.
/// set_debug() -- Set debugging flags.
/// get_debug() -- Get debugging flags.
/// set_threshold() -- Set the collection thresholds.
/// get_threshold() -- Return the current collection thresholds.
/// get_objects() -- Return a list of all objects tracked by the collector.
/// is_tracked() -- Returns true if a given object is tracked.
/// is_finalized() -- Returns true if a given object has been already finalized.
/// get_referrers() -- Return the list of objects that refer to an object.
/// get_referents() -- Return the list of objects that an object refers to.
/// freeze() -- Freeze all tracked objects and ignore them for future collections.
/// unfreeze() -- Unfreeze all objects in the permanent generation.
/// get_freeze_count() -- Return the number of objects in the permanent generation.
#[pymodule(name = "gc")]
pub mod gc {
    use super::*;

    pub const DEBUG_STATS: i64 = 1;
    pub const DEBUG_COLLECTABLE: i64 = 2;
    pub const DEBUG_UNCOLLECTABLE: i64 = 4;
    pub const DEBUG_SAVEALL: i64 = 32;
    pub const DEBUG_LEAK: i64 = 38;

    /// Enable automatic garbage collection.
    #[pyfunction]
    #[signature()]
    fn enable(py: &mut Py) -> Result<()> {
        set_state(py, ENABLED, Value::TRUE)
    }

    /// Disable automatic garbage collection.
    #[pyfunction]
    #[signature()]
    fn disable(py: &mut Py) -> Result<()> {
        set_state(py, ENABLED, Value::FALSE)
    }

    /// Returns true if automatic garbage collection is enabled.
    #[pyfunction]
    #[signature()]
    fn isenabled(py: &mut Py) -> Result<bool> {
        let enabled = state(py, ENABLED)?;
        py.truth(enabled)
    }

    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[pyfunction]
    #[collects]
    #[signature(generation = 2)]
    fn collect(py: &mut Py, generation: i32) -> Result<usize> {
        let Some(number) = u8::try_from(generation).ok().filter(|number| *number <= 2) else {
            raise!(py, ValueError, "invalid generation");
        };
        tell(py, "start", generation, 0)?;
        let found = py.collect_garbage(number);
        let total = state(py, FOUND)?;
        let total = py.to_isize(total)?.saturating_add(found as isize);
        let total = py.new_int(total as i64);
        set_state(py, FOUND, total)?;
        tell(py, "stop", generation, found)?;
        py.poll()?;
        Ok(found)
    }

    /// Return a three-tuple of the current collection counts.
    #[pyfunction]
    #[signature()]
    fn get_count(py: &mut Py) -> (usize, usize, usize) {
        let stats = py.heap.stats();
        (py.heap.count_young(), stats.minors % 10, stats.majors % 10)
    }

    /// Return the current collection thresholds.
    #[pyfunction]
    #[signature()]
    fn get_threshold(py: &mut Py) -> Result {
        state(py, THRESHOLD)
    }

    /// set_threshold(threshold0, [threshold1, [threshold2]])
    /// Set the collection thresholds (the collection frequency).
    ///
    /// Setting 'threshold0' to zero disables collection.
    #[pyfunction]
    #[no_text_signature]
    #[signature(threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)]
    fn set_threshold(py: &mut Py, threshold0: i32, threshold1: Option<i32>, threshold2: Option<i32>) -> Result<()> {
        let former = state(py, THRESHOLD)?;
        let former = Gc::<Tuple>::known(py, former).get(py).items();
        let (second, third) = (former[1], former[2]);
        let second = threshold1.map_or(second, Value::small);
        let third = threshold2.map_or(third, Value::small);
        let threshold = py.new_tuple(&[Value::small(threshold0), second, third]);
        set_state(py, THRESHOLD, threshold.into())
    }

    /// Set the garbage collection debugging flags.
    ///
    ///   flags
    ///     An integer that can have the following bits turned on:
    ///       DEBUG_STATS - Print statistics during collection.
    ///       DEBUG_COLLECTABLE - Print collectable objects found.
    ///       DEBUG_UNCOLLECTABLE - Print unreachable but uncollectable objects
    ///         found.
    ///       DEBUG_SAVEALL - Save objects to gc.garbage rather than freeing them.
    ///       DEBUG_LEAK - Debug leaking programs (everything but STATS).
    ///
    /// Debugging information is written to sys.stderr.
    #[pyfunction]
    #[signature(flags, /)]
    fn set_debug(py: &mut Py, flags: i32) -> Result<()> {
        py.show_collections(i64::from(flags) & DEBUG_STATS != 0);
        set_state(py, DEBUG, Value::small(flags))
    }

    /// Get the garbage collection debugging flags.
    #[pyfunction]
    #[signature()]
    fn get_debug(py: &mut Py) -> Result {
        state(py, DEBUG)
    }

    /// Return a list of dictionaries containing per-generation statistics.
    #[pyfunction]
    #[signature()]
    fn get_stats(py: &mut Py) -> Result<Gc<List>> {
        let stats = py.heap.stats();
        let found = state(py, FOUND)?;
        let mut list = RootVec::new(&mut py.heap);
        for (collections, collected) in [(stats.minors, Value::small(0)), (0, Value::small(0)), (stats.majors, found)] {
            let entry = py.new_dict();
            list.push(entry.into());
            let collections = py.new_int(collections as i64);
            for (name, value) in [("collections", collections), ("collected", collected), ("uncollectable", Value::small(0))] {
                let name = py.intern(name);
                py.dict_set_str(entry, name, value)?;
            }
        }
        py.new_list(&list)
    }

    /// Return a list of objects tracked by the collector (excluding the list returned).
    ///
    ///   generation
    ///     Generation to extract the objects from.
    ///
    /// If generation is not None, return only the objects tracked by the
    /// collector that are in that generation.
    #[pyfunction]
    #[signature(generation=None)]
    fn get_objects(py: &mut Py, generation: Value) -> Result<Gc<List>> {
        let generation = if generation.is_none() { None } else { Some(py.to_isize(generation)?) };
        py.audit("gc.get_objects", &[Value::small(generation.map_or(-1, |generation| generation as i32))])?;
        let objects = match generation {
            Some(generation) if generation > 2 => {
                raise!(py, ValueError, "generation parameter must be less than the number of available generations (3)")
            }
            Some(generation) if generation < 0 => raise!(py, ValueError, "generation parameter cannot be negative"),
            Some(1) => return py.new_list(&[]),
            _ => py.heap.objects(),
        };
        listed(py, &objects, |py, object| {
            let young = object.header().log() == 0;
            tracked(py, object) && !py.is_audit_list(object) && generation.is_none_or(|generation| young == (generation == 0))
        })
    }

    /// Returns true if the object is tracked by the garbage collector.
    ///
    /// Simple atomic objects will return false.
    #[pyfunction]
    #[signature(obj, /)]
    fn is_tracked(py: &Py, obj: Value) -> bool {
        tracked(py, obj)
    }

    /// Returns true if the object has been already finalized by the GC.
    #[pyfunction]
    #[signature(obj, /)]
    fn is_finalized(py: &Py, obj: Value) -> bool {
        py.heap.is_finalized(obj)
    }

    /// Return the list of objects that directly refer to any of 'objs'.
    #[pyfunction]
    #[signature(*objs)]
    fn get_referrers(py: &mut Py, objs: &[Value]) -> Result<Gc<List>> {
        if py.is_audited() {
            let objects = py.new_tuple(objs).into();
            py.audit("gc.get_referrers", &[objects])?;
        }
        let targets = RootVec::from_slice(&mut py.heap, objs);
        let found = py.heap.referrers(&targets);
        listed(py, &found, tracked)
    }

    /// Return the list of objects that are directly referred to by 'objs'.
    #[pyfunction]
    #[signature(*objs)]
    fn get_referents(py: &mut Py, objs: &[Value]) -> Result<Gc<List>> {
        if py.is_audited() {
            let objects = py.new_tuple(objs).into();
            py.audit("gc.get_referents", &[objects])?;
        }
        let objects = RootVec::from_slice(&mut py.heap, objs);
        let mut found = RootVec::new(&mut py.heap);
        for object in &objects {
            let referents = py.heap.referents(*object);
            found.extend(referents.iter().copied().filter(|referent| referent.header().shape() != shapes::BUFFER));
        }
        py.new_list(&found)
    }

    /// Freeze all current tracked objects and ignore them for future collections.
    ///
    /// This can be used before a POSIX fork() call to make the gc copy-on-write
    /// friendly.
    /// Note: collection before a POSIX fork() call may free pages for future
    /// allocation which can cause copy-on-write.
    #[pyfunction]
    #[signature()]
    fn freeze(py: &mut Py) {
        py.heap.freeze();
    }

    /// Unfreeze all objects in the permanent generation.
    ///
    /// Put all objects in the permanent generation back into oldest generation.
    #[pyfunction]
    #[signature()]
    fn unfreeze(py: &mut Py) {
        py.heap.unfreeze();
    }

    /// Return the number of objects in the permanent generation.
    #[pyfunction]
    #[signature()]
    fn get_freeze_count(py: &Py) -> usize {
        py.heap.frozen()
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let threshold = py.new_tuple(&[Value::small(2000), Value::small(10), Value::small(10)]);
        for (name, value) in [(ENABLED, Value::TRUE), (DEBUG, Value::small(0)), (FOUND, Value::small(0)), (THRESHOLD, threshold.into())] {
            py.module_set(module, name, value)?;
        }
        for name in ["garbage", "callbacks"] {
            let list = py.new_list(&[])?;
            py.module_set(module, name, list.into())?;
        }
        Ok(())
    }
}
