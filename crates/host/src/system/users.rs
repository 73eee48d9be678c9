//! The user and group databases of the operating system.

use std::ffi::{CStr, c_char};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use super::tree::clear_errno;
use super::{SystemHost, c_string};
use crate::error::{HostError, Result};
use crate::users::{Group, User, Users};

/// The C library walks each database with one position per process.
static WALK: Mutex<()> = Mutex::new(());

/// Copies a C string; null is empty.
///
/// # Safety
/// `text` is null or a C string.
unsafe fn text(text: *const c_char) -> Vec<u8> {
    // SAFETY: checked here for null; otherwise the caller's promise.
    if text.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(text) }.to_bytes().to_vec() }
}

/// # Safety
/// `raw` is an entry the C library filled, still valid.
unsafe fn user_of(raw: &libc::passwd) -> User {
    // SAFETY: every pointer of a filled entry is null or a C string.
    unsafe {
        User {
            name: text(raw.pw_name),
            password: text(raw.pw_passwd),
            uid: raw.pw_uid,
            gid: raw.pw_gid,
            gecos: text(raw.pw_gecos),
            home: text(raw.pw_dir),
            shell: text(raw.pw_shell),
        }
    }
}

/// # Safety
/// `raw` is an entry the C library filled, still valid.
unsafe fn group_of(raw: &libc::group) -> Group {
    let mut members = Vec::new();
    let mut next = raw.gr_mem;
    // SAFETY: the members of a filled entry are an array of C strings that ends with a null pointer.
    unsafe {
        while !next.is_null() && !(*next).is_null() {
            members.push(text(*next));
            next = next.add(1);
        }
        Group { name: text(raw.gr_name), password: text(raw.gr_passwd), gid: raw.gr_gid, members }
    }
}

/// Runs one of the `get..._r` functions with a buffer that grows until the entry fits.
///
/// `call` fills the entry and says with its pointer whether there was one; `read` copies the filled entry.
fn lookup<Raw, Entry>(
    mut call: impl FnMut(*mut Raw, &mut [u8], *mut *mut Raw) -> i32,
    read: impl FnOnce(&Raw) -> Entry,
) -> Result<Option<Entry>> {
    const LARGEST: usize = 16 << 20;
    let mut buffer = vec![0u8; 1024];
    let mut raw = std::mem::MaybeUninit::<Raw>::uninit();
    loop {
        let mut found: *mut Raw = ptr::null_mut();
        match call(raw.as_mut_ptr(), &mut buffer, &mut found) {
            libc::ERANGE if buffer.len() < LARGEST => buffer.resize(buffer.len() * 2, 0),
            libc::EINTR => {}
            // The C library also reports these when there is no such entry.
            0 | libc::ENOENT | libc::ESRCH | libc::EBADF | libc::EPERM if found.is_null() => return Ok(None),
            // SAFETY: the entry was found, so the C library filled it and points at it; its strings are in `buffer`.
            0 => return Ok(Some(read(unsafe { &*found }))),
            errno => return Err(HostError::new(errno)),
        }
    }
}

impl Users for SystemHost {
    fn users(&self) -> Result<Vec<User>> {
        let _walk = WALK.lock().unwrap_or_else(PoisonError::into_inner);
        let mut users = Vec::new();
        // SAFETY: the walk is serialised by `WALK`, and each entry is copied before the next call.
        unsafe {
            libc::setpwent();
            clear_errno();
            while let Some(raw) = libc::getpwent().as_ref() {
                users.push(user_of(raw));
            }
            libc::endpwent();
        }
        Ok(users)
    }

    fn user_by_name(&self, name: &[u8]) -> Result<Option<User>> {
        let name = c_string(name)?;
        lookup(
            // SAFETY: a C string that lives on, room for an entry, and a buffer with its length.
            |raw, buffer, found| unsafe { libc::getpwnam_r(name.as_ptr(), raw, buffer.as_mut_ptr().cast(), buffer.len(), found) },
            // SAFETY: `lookup` passes a filled entry.
            |raw| unsafe { user_of(raw) },
        )
    }

    fn user_by_id(&self, uid: u32) -> Result<Option<User>> {
        lookup(
            // SAFETY: room for an entry, and a buffer with its length.
            |raw, buffer, found| unsafe { libc::getpwuid_r(uid, raw, buffer.as_mut_ptr().cast(), buffer.len(), found) },
            // SAFETY: `lookup` passes a filled entry.
            |raw| unsafe { user_of(raw) },
        )
    }

    fn groups(&self) -> Result<Vec<Group>> {
        let _walk = WALK.lock().unwrap_or_else(PoisonError::into_inner);
        let mut groups = Vec::new();
        // SAFETY: the walk is serialised by `WALK`, and each entry is copied before the next call.
        unsafe {
            libc::setgrent();
            clear_errno();
            while let Some(raw) = libc::getgrent().as_ref() {
                groups.push(group_of(raw));
            }
            libc::endgrent();
        }
        Ok(groups)
    }

    fn group_by_name(&self, name: &[u8]) -> Result<Option<Group>> {
        let name = c_string(name)?;
        lookup(
            // SAFETY: a C string that lives on, room for an entry, and a buffer with its length.
            |raw, buffer, found| unsafe { libc::getgrnam_r(name.as_ptr(), raw, buffer.as_mut_ptr().cast(), buffer.len(), found) },
            // SAFETY: `lookup` passes a filled entry.
            |raw| unsafe { group_of(raw) },
        )
    }

    fn group_by_id(&self, gid: u32) -> Result<Option<Group>> {
        lookup(
            // SAFETY: room for an entry, and a buffer with its length.
            |raw, buffer, found| unsafe { libc::getgrgid_r(gid, raw, buffer.as_mut_ptr().cast(), buffer.len(), found) },
            // SAFETY: `lookup` passes a filled entry.
            |raw| unsafe { group_of(raw) },
        )
    }
}
