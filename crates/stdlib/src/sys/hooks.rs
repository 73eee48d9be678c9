//! What `sys` lets programs set for a thread or read of its frames: hooks of async generators, limits, frames.
//!
//! Counterpart: `Python/sysmodule.c`.

use crate::structseq;
use bredli_runtime::prelude::*;

#[pymodule(name = "sys", part)]
pub mod hooks {
    use super::*;

    /// Return the installed asynchronous generators hooks.
    ///
    /// This returns a namedtuple of the form (firstiter, finalizer).
    #[pyfunction]
    #[signature()]
    fn get_asyncgen_hooks(py: &mut Py) -> Result {
        let hooks = py.async_hooks();
        let class = structseq::new_class(py, "builtins", "asyncgen_hooks", "", &["firstiter", "finalizer"], 2)?;
        let values = [hooks.firstiter.unwrap_or(Value::NONE), hooks.finalizer.unwrap_or(Value::NONE)];
        structseq::new_instance(py, class.into(), &values)
    }

    /// set_asyncgen_hooks([firstiter] [, finalizer])
    ///
    /// Set a finalizer for async generators objects.
    #[pyfunction]
    #[no_text_signature]
    #[signature(firstiter=<unrepresentable>, finalizer=<unrepresentable>)]
    fn set_asyncgen_hooks(py: &mut Py, firstiter: Option<Value>, finalizer: Option<Value>) -> Result<()> {
        let mut hooks = py.async_hooks();
        for (name, given) in [("finalizer", finalizer), ("firstiter", firstiter)] {
            if let Some(given) = given
                && !given.is_none()
                && !py.is_callable(given)
            {
                let class = py.class_name(given);
                raise!(py, TypeError, "callable {name} expected, got {class}");
            }
        }
        if let Some(finalizer) = finalizer {
            py.audit("sys.set_asyncgen_hook_finalizer", &[])?;
            hooks.finalizer = Some(finalizer).filter(|hook| !hook.is_none());
        }
        if let Some(firstiter) = firstiter {
            py.audit("sys.set_asyncgen_hook_firstiter", &[])?;
            hooks.firstiter = Some(firstiter).filter(|hook| !hook.is_none());
        }
        py.set_async_hooks(hooks);
        Ok(())
    }

    /// Check status of origin tracking for coroutine objects in this thread.
    #[pyfunction]
    #[signature()]
    fn get_coroutine_origin_tracking_depth(py: &mut Py) -> u32 {
        py.async_hooks().origin_depth
    }

    /// Enable or disable origin tracking for coroutine objects in this thread.
    ///
    /// Coroutine objects will track 'depth' frames of traceback information
    /// about where they came from, available in their cr_origin attribute.
    ///
    /// Set a depth of 0 to disable.
    #[pyfunction]
    #[signature(depth)]
    fn set_coroutine_origin_tracking_depth(py: &mut Py, depth: i32) -> Result<()> {
        let Ok(depth) = u32::try_from(depth) else { raise!(py, ValueError, "depth must be >= 0") };
        let mut hooks = py.async_hooks();
        hooks.origin_depth = depth;
        py.set_async_hooks(hooks);
        Ok(())
    }

    /// Set the maximum depth of the Python interpreter stack to n.
    ///
    /// This limit prevents infinite recursion from causing an overflow of the C
    /// stack and crashing Python.  The highest possible limit is platform-
    /// dependent.
    #[pyfunction]
    #[signature(limit, /)]
    fn setrecursionlimit(py: &mut Py, limit: i32) -> Result<()> {
        if limit < 1 {
            raise!(py, ValueError, "recursion limit must be greater or equal than 1");
        }
        let depth = py.recursion_depth();
        if depth >= limit as u32 {
            raise!(py, RecursionError, "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low");
        }
        py.set_recursion_limit(limit as u32);
        Ok(())
    }

    /// Return a dict mapping each thread's thread id to its current stack frame.
    ///
    /// This function should be used for specialized purposes only.
    #[pyfunction]
    #[signature()]
    fn _current_frames(py: &mut Py) -> Result {
        py.audit("sys._current_frames", &[])?;
        let frames = py.new_dict();
        for (ident, view) in py.thread_frames() {
            if let Some(view) = view {
                let (ident, frame) = (py.new_int_u64(ident), py.frame_object(view));
                py.dict_set(frames, ident, frame.into())?;
            }
        }
        Ok(frames.into())
    }

    /// Return a dict mapping each thread's identifier to its current raised exception.
    ///
    /// This function should be used for specialized purposes only.
    #[pyfunction]
    #[signature()]
    fn _current_exceptions(py: &mut Py) -> Result {
        py.audit("sys._current_exceptions", &[])?;
        let exceptions = py.new_dict();
        for (ident, exception) in py.thread_exceptions() {
            let ident = py.new_int_u64(ident);
            py.dict_set(exceptions, ident, exception.unwrap_or(Value::NONE))?;
        }
        Ok(exceptions.into())
    }
}
