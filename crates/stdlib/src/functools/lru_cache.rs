//! `_lru_cache_wrapper`: a function with a cache of its results.
//!
//! The cache is a dictionary from arguments to results; for a bounded cache its order is the order of use, kept by moving what was
//! used to the end.

use bredli_runtime::prelude::*;

/// Create a cached callable that wraps another function.
///
/// user_function:      the function being cached
///
/// maxsize:  0         for no caching
///           None      for unlimited cache size
///           n         for a bounded cache
///
/// typed:    False     cache f(3) and f(3.0) as identical calls
///           True      cache f(3) and f(3.0) as distinct calls
///
/// cache_info_type:    namedtuple class with the fields:
///                         hits misses currsize maxsize
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_lru_cache_wrapper", module = "functools", flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct LruCache {
    header: Header,
    dict: Option<Gc<Dict>>,
    function: Value,
    info_type: Value,
    cache: Gc<Dict>,
    /// Nothing: unbounded.
    maxsize: Option<usize>,
    typed: bool,
    hits: usize,
    misses: usize,
}

#[pymethods]
impl LruCache {
    #[signature(user_function, maxsize, typed, cache_info_type)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, user_function: Value, maxsize: Value, typed: bool, cache_info_type: Value) -> Result {
        if !py.is_callable(user_function) {
            raise!(py, TypeError, "the first argument must be callable");
        }
        let maxsize = match maxsize.is_none() {
            true => None,
            false if !py.has_index(maxsize) => raise!(py, TypeError, "maxsize should be integer or None"),
            false => Some(py.to_isize(maxsize)?.max(0) as usize),
        };
        let cache = py.new_dict();
        let payload = LruCache {
            header: Header::EMPTY,
            dict: None,
            function: user_function,
            info_type: cache_info_type,
            cache,
            maxsize,
            typed,
            hits: 0,
            misses: 0,
        };
        Ok(py.alloc_as(cls, payload).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let LruCache { function, cache, maxsize, .. } = *this.get(py);
        if maxsize == Some(0) {
            this.get_mut(py).misses += 1;
            return py.call_args(function, args);
        }
        let key = LruCache::key(this, py, args)?;
        let hash = py.hash(key)?;
        if let Some(found) = py.dict_get_hashed(cache, hash, key)? {
            this.get_mut(py).hits += 1;
            if maxsize.is_some()
                && let Some((key, value)) = py.dict_remove_hashed(cache, hash, key)?
            {
                py.dict_set_hashed(cache, hash, key, value)?;
            }
            return Ok(found);
        }
        this.get_mut(py).misses += 1;
        let result = py.call_args(function, args)?;
        let cache = this.get(py).cache;
        if py.dict_get_hashed(cache, hash, key)?.is_some() {
            return Ok(result);
        }
        if maxsize.is_some_and(|maxsize| cache.get(py).len() >= maxsize)
            && let Some((oldest, _, _)) = cache.get(py).entry_from(0)
        {
            py.dict_remove_entry(cache, oldest);
        }
        py.dict_set_hashed(cache, hash, key, result)?;
        Ok(result)
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, class: Option<Value>) -> Value {
        let _ = class;
        match object {
            Some(object) if !object.is_none() => py.new_method(this.into(), object),
            _ => this.into(),
        }
    }

    /// Report cache statistics
    #[signature(self, /)]
    fn cache_info(this: Gc<Self>, py: &mut Py) -> Result {
        let LruCache { info_type, cache, maxsize, hits, misses, .. } = *this.get(py);
        let size = cache.get(py).len();
        let maxsize = match maxsize {
            Some(maxsize) => py.new_int(maxsize as i64),
            None => Value::NONE,
        };
        let (hits, misses, size) = (py.new_int(hits as i64), py.new_int(misses as i64), py.new_int(size as i64));
        py.call(info_type, &[hits, misses, maxsize, size])
    }

    /// Clear the cache and cache statistics
    #[signature(self, /)]
    fn cache_clear(this: Gc<Self>, py: &mut Py) {
        let cache = this.get(py).cache;
        py.dict_clear(cache);
        let this = this.get_mut(py);
        (this.hits, this.misses) = (0, 0);
    }

    #[no_text_signature]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        py.get_attr_named(this.into(), "__qualname__")
    }

    #[no_text_signature]
    fn __copy__(this: Gc<Self>) -> Value {
        this.into()
    }

    #[no_text_signature]
    fn __deepcopy__(this: Gc<Self>, _memo: Value) -> Value {
        this.into()
    }
}

impl LruCache {
    /// What the arguments of a call are cached under: a single plain argument itself, else a tuple.
    fn key(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let typed = this.get(py).typed;
        if let ([single], false, false) = (args.values(), args.has_keywords(), typed)
            && (single.is_int() || py.is_exact_str(*single))
        {
            return Ok(*single);
        }
        let mut parts = RootVec::new(&mut py.heap);
        parts.extend_from_slice(args.positional());
        if args.has_keywords() {
            // The wrapper itself separates positional arguments from keywords: it is never passed by accident.
            let mark = py.new_int(this.address() as i64 >> 4);
            let mark = py.new_tuple(&[Value::ELLIPSIS, mark]);
            parts.push(mark.into());
            for index in 0..args.keyword_count() {
                let (name, value) = args.keyword(py, index);
                parts.extend_from_slice(&[name.into(), value]);
            }
        }
        if typed {
            for value in args.values() {
                parts.push(py.class_of(*value).into());
            }
        }
        Ok(py.new_tuple(&parts).into())
    }
}
