//! The Gregorian calendar in UTC, and `strftime` in the C locale, for hosts without a C library behind them.

use crate::clock::BrokenTime;
use crate::error::{HostError, Result};

const DAY: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 1970-01-01 to the first day of a year.
fn days_to_year(year: i64) -> i64 {
    let before = year - 1;
    365 * (year - 1970) + (before.div_euclid(4) - 492) - (before.div_euclid(100) - 19) + (before.div_euclid(400) - 4)
}

fn month_lengths(year: i64) -> [i64; 12] {
    [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

/// The fields of a number of seconds since 1970.
pub fn fields(seconds: i64) -> Result<BrokenTime> {
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // C's years are 32 bits wide.
    if days.abs() / 365 >= i64::from(i32::MAX) {
        return Err(HostError::new(libc::EOVERFLOW));
    }
    // The average year is exact over 400 years, and off by less than one in between.
    let mut year = 1970 + (days * 400).div_euclid(146_097);
    while days < days_to_year(year) {
        year -= 1;
    }
    while days >= days_to_year(year + 1) {
        year += 1;
    }
    let mut day = days - days_to_year(year);
    let yearday = day + 1;
    let mut month = 0;
    for length in month_lengths(year) {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    Ok(BrokenTime {
        year,
        month: month + 1,
        day: day as i32 + 1,
        hour: (second / 3600) as i32,
        minute: (second / 60 % 60) as i32,
        second: (second % 60) as i32,
        weekday: (days + 3).rem_euclid(7) as i32,
        yearday: yearday as i32,
        isdst: 0,
        gmtoff: 0,
        zone: b"UTC".to_vec(),
    })
}

/// The seconds since 1970 of fields, which may be out of their ranges.
pub fn seconds(fields: &BrokenTime) -> Result<i64> {
    let months = i64::from(fields.month) - 1;
    let year = fields.year.checked_add(months.div_euclid(12)).filter(|year| i32::try_from(*year).is_ok());
    let year = year.ok_or(HostError::new(libc::EOVERFLOW))?;
    let month = months.rem_euclid(12) as usize;
    let days = days_to_year(year) + month_lengths(year)[..month].iter().sum::<i64>() + i64::from(fields.day) - 1;
    Ok(days * DAY + i64::from(fields.hour) * 3600 + i64::from(fields.minute) * 60 + i64::from(fields.second))
}

/// The year and week of ISO 8601.
fn iso_week(time: &BrokenTime) -> (i64, i64) {
    let week = (i64::from(time.yearday) - i64::from(time.weekday) + 9) / 7;
    let weeks_in = |year: i64| {
        // A year has 53 weeks when its first or last day is a Thursday.
        let first = (days_to_year(year) + 3).rem_euclid(7);
        if first == 3 || (first == 2 && is_leap(year)) { 53 } else { 52 }
    };
    match week {
        0 => (time.year - 1, weeks_in(time.year - 1)),
        week if week > weeks_in(time.year) => (time.year + 1, 1),
        week => (time.year, week),
    }
}

/// Formats fields; unknown directives stay as they are, as in glibc.
pub fn format(format: &[u8], time: &BrokenTime) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = format;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match (byte, tail.split_first()) {
            (b'%', Some((&directive, after))) => {
                rest = after;
                match directive_text(directive, time)? {
                    Some(text) => out.extend_from_slice(text.as_bytes()),
                    None => out.extend_from_slice(&[b'%', directive]),
                }
            }
            _ => out.push(byte),
        }
    }
    Ok(out)
}

fn directive_text(directive: u8, time: &BrokenTime) -> Result<Option<String>> {
    let weekday = WEEKDAYS[time.weekday.rem_euclid(7) as usize];
    let month = MONTHS[(time.month - 1).rem_euclid(12) as usize];
    let hour12 = match time.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if time.hour < 12 { "AM" } else { "PM" };
    let combined = |format: &[u8]| self::format(format, time).map(|text| Some(String::from_utf8_lossy(&text).into_owned()));
    Ok(Some(match directive {
        b'a' => weekday[..3].to_owned(),
        b'A' => weekday.to_owned(),
        b'b' | b'h' => month[..3].to_owned(),
        b'B' => month.to_owned(),
        b'c' => return combined(b"%a %b %e %H:%M:%S %Y"),
        b'C' => format!("{:02}", time.year.div_euclid(100)),
        b'd' => format!("{:02}", time.day),
        b'D' | b'x' => return combined(b"%m/%d/%y"),
        b'e' => format!("{:2}", time.day),
        b'F' => return combined(b"%Y-%m-%d"),
        b'g' => format!("{:02}", iso_week(time).0.rem_euclid(100)),
        b'G' => iso_week(time).0.to_string(),
        b'H' => format!("{:02}", time.hour),
        b'I' => format!("{hour12:02}"),
        b'j' => format!("{:03}", time.yearday),
        b'k' => format!("{:2}", time.hour),
        b'l' => format!("{hour12:2}"),
        b'm' => format!("{:02}", time.month),
        b'M' => format!("{:02}", time.minute),
        b'n' => "\n".to_owned(),
        b'p' => half.to_owned(),
        b'P' => half.to_lowercase(),
        b'r' => return combined(b"%I:%M:%S %p"),
        b'R' => return combined(b"%H:%M"),
        b's' => (seconds(time)? - time.gmtoff).to_string(),
        b'S' => format!("{:02}", time.second),
        b't' => "\t".to_owned(),
        b'T' | b'X' => return combined(b"%H:%M:%S"),
        b'u' => (time.weekday + 1).to_string(),
        b'U' => format!("{:02}", (time.yearday + 6 - (time.weekday + 1) % 7) / 7),
        b'V' => format!("{:02}", iso_week(time).1),
        b'w' => ((time.weekday + 1) % 7).to_string(),
        b'W' => format!("{:02}", (time.yearday + 6 - time.weekday) / 7),
        b'y' => format!("{:02}", time.year.rem_euclid(100)),
        b'Y' => time.year.to_string(),
        b'z' => {
            let minutes = time.gmtoff.abs() / 60;
            format!("{}{:02}{:02}", if time.gmtoff < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
        }
        b'Z' => String::from_utf8_lossy(&time.zone).into_owned(),
        b'%' => "%".to_owned(),
        _ => return Ok(None),
    }))
}
