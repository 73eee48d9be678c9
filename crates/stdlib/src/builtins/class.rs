//! `__build_class__`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::{Cell, Function};

#[pymodule(name = "builtins", part)]
pub mod builtins {
    use super::*;

    /// __build_class__(func, name, /, *bases, [metaclass], **kwds) -> class
    ///
    /// Internal helper function used by the class statement.
    #[pyfunction]
    #[no_text_signature]
    fn __build_class__(py: &mut Py, args: Args) -> Result {
        let given = args.positional();
        let [function, name, bases @ ..] = given else {
            raise!(py, TypeError, "__build_class__: not enough arguments");
        };
        let Some(function) = Gc::<Function>::cast(py, *function) else {
            raise!(py, TypeError, "__build_class__: func must be a function");
        };
        if !py.is_str(*name) {
            raise!(py, TypeError, "__build_class__: name is not a string");
        }
        let original = py.new_tuple(bases);
        let resolved = resolve_bases(py, original)?;
        let keywords = py.kwargs_dict(args)?;
        let key = py.names.metaclass;
        let given_meta = py.dict_remove_str(keywords, key);
        let mut meta = match given_meta {
            Some(meta) => meta,
            None => match resolved.get(py).items().first().copied() {
                Some(base) => py.class_of(base).into(),
                None => py.types.r#type.into(),
            },
        };
        if let Some(class) = Gc::<Class>::cast(py, meta) {
            let bases = RootVec::from_slice(&mut py.heap, &[]);
            let mut bases = bases;
            bases.extend_from_slice(resolved.get(py).items());
            meta = py.calculate_metaclass(class, &bases)?.into();
        }
        let prepare = py.names.__prepare__;
        let namespace = match py.lookup_attr(meta, prepare)? {
            Some(prepare) => call_with(py, prepare, &[*name, resolved.into()], keywords)?,
            None => py.new_dict().into(),
        };
        if !py.is_mapping(namespace) {
            let class = match Gc::<Class>::cast(py, meta) {
                Some(class) => class.get(py).name.get(py).lossy(),
                None => "<metaclass>".to_string(),
            };
            let given = py.class_name(namespace);
            raise!(py, TypeError, "{class}.__prepare__() must return a mapping, not {given}");
        }
        let cell = py.run_function(function, Args::EMPTY, Some(namespace))?;
        if original != resolved {
            let key: Value = py.intern("__orig_bases__").into();
            py.set_item(namespace, key, original.into())?;
        }
        let class = call_with(py, meta, &[*name, resolved.into(), namespace], keywords)?;
        if let Some(cell) = Gc::<Cell>::cast(py, cell)
            && Gc::<Class>::cast(py, class).is_some()
        {
            let text = py.str_text(*name)?;
            match cell.get(py).content() {
                None => raise!(
                    py,
                    RuntimeError,
                    "__class__ not set defining '{text}' as {}. Was __classcell__ propagated to type.__new__?",
                    py.repr_text(class)?
                ),
                Some(found) if found != class => {
                    let (found, class) = (py.repr_text(found)?, py.repr_text(class)?);
                    raise!(py, TypeError, "__class__ set to {found} defining '{text}' as {class}")
                }
                Some(_) => {}
            }
        }
        Ok(class)
    }

    fn call_with(py: &mut Py, callable: Value, positional: &[Value], keywords: Gc<Dict>) -> Result {
        let mut values = RootVec::from_slice(&mut py.heap, positional);
        let mut names = RootVec::new(&mut py.heap);
        let mut at = 0;
        while let Some((position, key, value)) = keywords.get(py).entry_from(at) {
            names.push(key);
            values.push(value);
            at = position + 1;
        }
        let names = py.new_tuple(&names);
        let args = Args::with_keywords(py, &values, Some(names));
        py.call_args(callable, args)
    }

    /// PEP 560: bases that are not classes may say what stands for them.
    fn resolve_bases(py: &mut Py, bases: Gc<Tuple>) -> Result<Gc<Tuple>> {
        let mut changed = false;
        let mut resolved = RootVec::new(&mut py.heap);
        let name = py.names.__mro_entries__;
        for index in 0..bases.get(py).len() {
            let base = bases.get(py).items()[index];
            if Gc::<Class>::cast(py, base).is_some() {
                resolved.push(base);
                continue;
            }
            let Some(method) = py.lookup_attr(base, name)? else {
                resolved.push(base);
                continue;
            };
            let entries = py.call(method, &[bases.into()])?;
            let Some(entries) = Gc::<Tuple>::cast(py, entries) else {
                raise!(py, TypeError, "__mro_entries__ must return a tuple");
            };
            changed = true;
            resolved.extend_from_slice(entries.get(py).items());
        }
        if changed { Ok(py.new_tuple(&resolved)) } else { Ok(bases) }
    }
}
