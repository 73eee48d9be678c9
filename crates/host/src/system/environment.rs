//! The process's arguments and a copy of its environment.

use std::ffi::CStr;
use std::os::unix::ffi::OsStringExt;
use std::ptr;

use super::{SystemHost, c_string};
use crate::environment::Environment;
use crate::error::{HostError, Result};

/// The environment the process was started with.
pub(super) fn of_process() -> Vec<(Vec<u8>, Vec<u8>)> {
    std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
}

impl Environment for SystemHost {
    fn environ(&self) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        Ok(self.environment().clone())
    }

    fn getenv(&self, name: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.environment().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    fn putenv(&self, name: &[u8], value: &[u8]) -> Result<()> {
        if name.is_empty() || name.contains(&b'=') || name.contains(&0) || value.contains(&0) {
            return Err(HostError::new(libc::EINVAL));
        }
        let mut variables = self.environment();
        match variables.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_vec(),
            None => variables.push((name.to_vec(), value.to_vec())),
        }
        Ok(())
    }

    fn unsetenv(&self, name: &[u8]) -> Result<()> {
        if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
            return Err(HostError::new(libc::EINVAL));
        }
        self.environment().retain(|(known, _)| known != name);
        Ok(())
    }

    fn arguments(&self) -> Result<Vec<Vec<u8>>> {
        Ok(std::env::args_os().map(OsStringExt::into_vec).collect())
    }

    fn executable(&self) -> Result<Vec<u8>> {
        Ok(std::env::current_exe()?.into_os_string().into_vec())
    }

    fn locale_codeset(&self, name: &[u8]) -> Result<Vec<u8>> {
        let name = c_string(name)?;
        // SAFETY: a C string that lives on; no base locale is given.
        let locale = unsafe { libc::newlocale(libc::LC_CTYPE_MASK, name.as_ptr(), ptr::null_mut()) };
        if locale.is_null() {
            return Err(HostError::last());
        }
        // SAFETY: a live locale; the text lives as long as it does, and is copied before it is freed.
        unsafe {
            let codeset = CStr::from_ptr(libc::nl_langinfo_l(libc::CODESET, locale)).to_bytes().to_vec();
            libc::freelocale(locale);
            Ok(codeset)
        }
    }
}
