//! Calendar time: `struct_time`, the conversions between seconds and fields, and formatting.

use crate::os_error::host_call;
use crate::structseq;
use bredli_host::BrokenTime;
use bredli_runtime::prelude::*;

/// The fields of `struct_time` that are items of it; the zone's follow as attributes.
const FIELDS: [&str; 9] = ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];

const DOC: &str = "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by asctime(), mktime() and strftime().  \
    May be considered as a\n sequence of 9 integers.\n\n Note that several fields' values are not the same as those defined by\n \
    the C language standard for struct tm.  For example, the value of the\n field tm_year is the actual year, not year - 1900.  \
    See individual\n fields' descriptions for details.";

/// Make the class `struct_time`.
pub fn struct_time_class(py: &mut Py) -> Result<Gc<Class>> {
    structseq::new_class_with_hidden(py, "time", "struct_time", DOC, &FIELDS, FIELDS.len(), &[("tm_zone", None), ("tm_gmtoff", None)])
}

/// Fields as a `struct_time`.
fn struct_time(py: &mut Py, fields: &BrokenTime) -> Result {
    let module = py.import_module("time")?;
    let class = py.get_attr_named(module, "struct_time")?;
    let numbers = [fields.month, fields.day, fields.hour, fields.minute, fields.second, fields.weekday, fields.yearday, fields.isdst]
        .map(Value::small);
    let mut items = RootVec::new(&mut py.heap);
    items.push(py.new_int(fields.year));
    items.extend(numbers);
    let made = structseq::new_instance(py, class, &items)?;
    let zone = String::from_utf8_lossy(&fields.zone).into_owned();
    let (zone, offset) = (py.new_str(&zone).into(), py.new_int(fields.gmtoff));
    structseq::set_hidden(py, made, &[("tm_zone", zone), ("tm_gmtoff", offset)])?;
    Ok(made)
}

/// Whole seconds since 1970; now when none are given.
fn whole_seconds(py: &mut Py, seconds: Option<Value>) -> Result<i64> {
    let Some(seconds) = seconds else {
        return Ok(host_call(py, None, |host| host.time_ns())?.div_euclid(1_000_000_000));
    };
    if let Some(float) = seconds.as_float() {
        if float.is_nan() {
            raise!(py, ValueError, "Invalid value NaN (not a number)");
        }
        if !(-9.2e18..9.2e18).contains(&float) {
            raise!(py, OverflowError, "timestamp out of range for platform time_t");
        }
        return Ok(float.floor() as i64);
    }
    let index = py.index(seconds)?;
    match py.int_to_i64(index) {
        Some(seconds) => Ok(seconds),
        None => raise!(py, OverflowError, "timestamp out of range for platform time_t"),
    }
}

/// The fields of a tuple or `struct_time`, as numbers.
fn broken_time(py: &mut Py, function: &str, value: Value) -> Result<BrokenTime> {
    let Some(tuple) = Gc::<Tuple>::cast(py, value) else { raise!(py, TypeError, "Tuple or struct_time argument required") };
    let items = tuple.get(py).items().to_vec();
    if items.len() != FIELDS.len() {
        raise!(py, TypeError, "{function}(): illegal time tuple argument");
    }
    let mut numbers = [0i64; FIELDS.len()];
    for (number, item) in numbers.iter_mut().zip(items) {
        let index = py.index(item)?;
        *number = match py.int_to_i64(index) {
            Some(number) if i32::try_from(number).is_ok() => number,
            _ => raise!(py, OverflowError, "signed integer is greater than maximum"),
        };
    }
    let [year, month, day, hour, minute, second, weekday, yearday, isdst] = numbers.map(|number| number as i32);
    let mut fields =
        BrokenTime { year: i64::from(year), month, day, hour, minute, second, weekday, yearday, isdst, ..BrokenTime::default() };
    let own = py.get_attr_named(value, "tm_gmtoff");
    let absent = py.exceptions.AttributeError;
    if let Some(offset) = py.ignore(own, absent)? {
        fields.gmtoff = py.int_to_i64(offset).unwrap_or(0);
        let zone = py.get_attr_named(value, "tm_zone")?;
        fields.zone = py.str_text(zone)?.into_bytes();
    }
    Ok(fields)
}

/// Fields that can be printed: zeros where CPython takes them for the least value, the others in range.
fn checked(py: &mut Py, mut fields: BrokenTime) -> Result<BrokenTime> {
    fields.month = if fields.month == 0 { 1 } else { fields.month };
    fields.day = if fields.day == 0 { 1 } else { fields.day };
    fields.yearday = if fields.yearday == 0 { 1 } else { fields.yearday };
    for (value, least, most, what) in [
        (fields.month, 1, 12, "month"),
        (fields.day, 1, 31, "day of month"),
        (fields.hour, 0, 23, "hour"),
        (fields.minute, 0, 59, "minute"),
        (fields.second, 0, 61, "seconds"),
        (fields.weekday, -1, i32::MAX, "day of week"),
        (fields.yearday, 1, 366, "day of year"),
    ] {
        if !(least..=most).contains(&value) {
            raise!(py, ValueError, "{what} out of range");
        }
    }
    fields.weekday = fields.weekday.rem_euclid(7);
    fields.isdst = fields.isdst.clamp(-1, 1);
    Ok(fields)
}

/// `Sat Nov 28 23:26:51 2026`
fn date_text(fields: &BrokenTime) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, month) = (DAYS[fields.weekday.rem_euclid(7) as usize], MONTHS[(fields.month - 1).clamp(0, 11) as usize]);
    let BrokenTime { day: date, hour, minute, second, year, .. } = fields;
    format!("{day} {month} {date:>2} {hour:02}:{minute:02}:{second:02} {year}")
}

#[pymodule(name = "time", part)]
pub mod calendar {
    use super::*;

    /// localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,
    ///                           tm_sec,tm_wday,tm_yday,tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing local time.
    /// When 'seconds' is not passed in, convert the current time instead.
    #[pyfunction]
    #[signature(seconds=None, /)]
    fn localtime(py: &mut Py, seconds: Option<Value>) -> Result {
        let seconds = whole_seconds(py, seconds)?;
        let fields = host_call(py, None, |host| host.localtime(seconds))?;
        struct_time(py, &fields)
    }

    /// gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,
    ///                        tm_sec, tm_wday, tm_yday, tm_isdst)
    ///
    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a.
    /// GMT).  When 'seconds' is not passed in, convert the current time instead.
    #[pyfunction]
    #[signature(seconds=None, /)]
    fn gmtime(py: &mut Py, seconds: Option<Value>) -> Result {
        let seconds = whole_seconds(py, seconds)?;
        let fields = host_call(py, None, |host| host.gmtime(seconds))?;
        struct_time(py, &fields)
    }

    /// mktime(tuple) -> floating-point number
    ///
    /// Convert a time tuple in local time to seconds since the Epoch.
    /// Note that mktime(gmtime(0)) will not generally return zero for most
    /// time zones; instead the returned value will either be equal to that
    /// of the timezone or altzone attributes on the time module.
    #[pyfunction]
    #[signature(time_tuple, /)]
    fn mktime(py: &mut Py, time_tuple: Value) -> Result<f64> {
        let fields = broken_time(py, "mktime", time_tuple)?;
        match py.host.mktime(&fields) {
            Ok(seconds) => Ok(seconds as f64),
            Err(_) => raise!(py, OverflowError, "mktime argument out of range"),
        }
    }

    /// asctime([tuple]) -> string
    ///
    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    /// When the time tuple is not present, current time as returned by localtime()
    /// is used.
    #[pyfunction]
    #[signature(time_tuple=<unrepresentable>, /)]
    fn asctime(py: &mut Py, time_tuple: Option<Value>) -> Result<String> {
        let fields = match time_tuple {
            Some(tuple) => broken_time(py, "asctime", tuple)?,
            None => {
                let seconds = whole_seconds(py, None)?;
                host_call(py, None, |host| host.localtime(seconds))?
            }
        };
        Ok(date_text(&checked(py, fields)?))
    }

    /// ctime(seconds) -> string
    ///
    /// Convert a time in seconds since the Epoch to a string in local time.
    /// This is equivalent to asctime(localtime(seconds)). When the time tuple is
    /// not present, current time as returned by localtime() is used.
    #[pyfunction]
    #[signature(seconds=None, /)]
    fn ctime(py: &mut Py, seconds: Option<Value>) -> Result<String> {
        let seconds = whole_seconds(py, seconds)?;
        Ok(date_text(&host_call(py, None, |host| host.localtime(seconds))?))
    }

    /// strftime(format[, tuple]) -> string
    ///
    /// Convert a time tuple to a string according to a format specification.
    /// See the library reference manual for formatting codes. When the time tuple
    /// is not present, current time as returned by localtime() is used.
    #[pyfunction]
    #[signature(format, time_tuple=<unrepresentable>, /)]
    fn strftime(py: &mut Py, format: Gc<Str>, time_tuple: Option<Value>) -> Result<Gc<Str>> {
        let fields = match time_tuple {
            Some(tuple) => broken_time(py, "strftime", tuple)?,
            None => {
                let seconds = whole_seconds(py, None)?;
                host_call(py, None, |host| host.localtime(seconds))?
            }
        };
        let fields = checked(py, fields)?;
        // The C library sees pieces without null characters.
        let mut text = Vec::new();
        let format = format.get(py).bytes().to_vec();
        for (index, piece) in format.split(|byte| *byte == 0).enumerate() {
            if index > 0 {
                text.push(0);
            }
            text.extend(host_call(py, None, |host| host.strftime(piece, &fields))?);
        }
        Ok(py.new_str_wtf8(&text))
    }

    /// strptime(string, format) -> struct_time
    ///
    /// Parse a string to a time tuple according to a format specification.
    /// See the library reference manual for formatting codes (same as
    /// strftime()).
    #[pyfunction]
    #[signature(*args)]
    fn strptime(py: &mut Py, args: &[Value]) -> Result {
        let module = py.import_module("_strptime")?;
        py.call_method_named(module, "_strptime_time", args)
    }
}
