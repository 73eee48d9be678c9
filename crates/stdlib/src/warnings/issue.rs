//! Issuing a warning: it is ignored, raised or shown, as the filters say.

use super::filters::{self, Question};
use super::place::Place;
use bredli_runtime::prelude::*;

/// A warning.
pub struct Warned {
    /// An instance of a warning class, or what one is made with.
    pub message: Value,
    /// The class.
    pub category: Value,
    /// The object that was destroyed.
    pub source: Option<Value>,
}

/// The class of a warning: that of the message if it is a warning itself.
pub fn category(py: &mut Py, message: Value, category: Option<Value>) -> Result {
    let warning = py.exceptions.Warning.into();
    if py.is_instance(message, warning)? {
        return Ok(py.class_of(message).into());
    }
    let Some(category) = category else { return Ok(py.exceptions.UserWarning.into()) };
    let outcome = py.is_subclass(category, warning);
    let class = py.exceptions.TypeError;
    if py.ignore(outcome, class)? == Some(true) {
        return Ok(category);
    }
    let class = py.class_name(category);
    raise!(py, TypeError, "category must be a Warning subclass, not '{class}'")
}

/// Issue a warning about a place.
pub fn warn(py: &mut Py, warned: &Warned, place: &Place) -> Result<()> {
    // A module is None late during shutdown.
    if place.module.is_none() {
        return Ok(());
    }
    let warning = py.exceptions.Warning.into();
    let (message, text, category) = if py.is_instance(warned.message, warning)? {
        (warned.message, py.str(warned.message)?.into(), py.class_of(warned.message).into())
    } else {
        (py.call(warned.category, &[warned.message])?, warned.message, warned.category)
    };
    let question = Question { category, text, line: place.line, module: place.module };
    filters::lock(py)?;
    let shown = decide(py, message, question, place);
    let unlocked = match shown {
        Ok(_) => filters::unlock(py),
        Err(_) => {
            let exception = py.take_exception();
            let _ = filters::unlock(py);
            Err(py.restore_exception(exception))
        }
    };
    unlocked?;
    if shown? { show(py, message, category, place, warned.source) } else { Ok(()) }
}

/// Whether the warning is to be shown; it may be raised.
fn decide(py: &mut Py, message: Value, question: Question, place: &Place) -> Result<bool> {
    let Question { category, text, line, .. } = question;
    let key: Value = py.new_tuple(&[text, category, Value::small(line)]).into();
    if let Some(registry) = place.registry
        && filters::noted(py, registry, key)?
    {
        return Ok(false);
    }
    let verdict = filters::judge(py, question)?;
    let action = verdict.action.get(py).lossy();
    match action.as_str() {
        "error" => return Err(py.raise(message)),
        "ignore" => return Ok(false),
        "always" | "all" => return Ok(true),
        _ => {}
    }
    if let Some(registry) = place.registry {
        py.dict_set(registry, key, Value::TRUE)?;
    }
    let registry = match action.as_str() {
        "default" => None,
        "module" => place.registry,
        "once" => match place.registry {
            Some(registry) => Some(registry),
            None => Some(filters::once_registry(py)?),
        },
        _ => {
            let (action, filter) = (py.repr_text(verdict.action.into())?, py.repr_text(verdict.filter)?);
            raise!(py, RuntimeError, "Unrecognized action ({action}) in warnings.filters:\n {filter}");
        }
    };
    let Some(registry) = registry else { return Ok(true) };
    let key: Value = py.new_tuple(&[text, category]).into();
    if filters::noted(py, registry, key)? {
        return Ok(false);
    }
    py.dict_set(registry, key, Value::TRUE)?;
    Ok(true)
}

/// Have `warnings` show the warning, or write it plainly where that is not imported.
fn show(py: &mut Py, message: Value, category: Value, place: &Place, source: Option<Value>) -> Result<()> {
    if source.is_some() {
        let imported = py.import_module("warnings");
        let class = py.exceptions.ImportError;
        py.ignore(imported, class)?;
    }
    let Some(function) = filters::module_attribute(py, "_showwarnmsg")? else {
        return show_plainly(py, message, category, place);
    };
    if !py.is_callable(function) {
        raise!(py, TypeError, "warnings._showwarnmsg() must be set to a callable");
    }
    let Some(class) = filters::module_attribute(py, "WarningMessage")? else {
        raise!(py, RuntimeError, "unable to get warnings.WarningMessage");
    };
    let (line, source) = (Value::small(place.line), source.unwrap_or(Value::NONE));
    let text = place.text.map_or(Value::NONE, Value::from);
    let details = py.call(class, &[message, category, place.filename.into(), line, Value::NONE, text, source])?;
    py.call(function, &[details])?;
    Ok(())
}

fn show_plainly(py: &mut Py, message: Value, category: Value, place: &Place) -> Result<()> {
    let name = py.intern("stderr");
    let file = py.sys_attribute(name)?;
    if file.is_none() {
        return Ok(());
    }
    let name = py.names.__name__;
    let name = py.get_attr(category, name)?;
    let (name, text) = (py.str_text(name)?, py.str_text(message)?);
    let shown = format!("{}:{}: {name}: {text}\n", place.filename.get(py).lossy(), place.line);
    let shown = py.new_str(&shown);
    py.call_method_named(file, "write", &[shown.into()])?;
    let line = match place.text {
        Some(text) => text.get(py).lossy(),
        None => {
            let linecache = py.import_module("linecache")?;
            let line = py.call_method_named(linecache, "getline", &[place.filename.into(), Value::small(place.line)])?;
            py.str_text(line)?
        }
    };
    if !line.trim().is_empty() {
        let line = py.new_str(&format!("  {}\n", line.trim()));
        py.call_method_named(file, "write", &[line.into()])?;
    }
    Ok(())
}
