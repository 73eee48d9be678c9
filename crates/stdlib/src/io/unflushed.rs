//! Files whose last bytes are still in a buffer.
//!
//! CPython programs rely on files being written when the last reference goes away. Nothing counts references here, so buffered writers
//! of files that hold bytes are on a list, which does not keep them alive, and are flushed before anything that could observe the
//! file; and where descriptors run out, unreachable files are closed first.

use super::buffered::Buffered;
use super::text::TextIo;
use crate::os_error::{host_call, os_error};
use bredli_host::{Fd, Host, HostError, Result as HostResult};
use bredli_runtime::prelude::*;

const ENFILE: i32 = 23;
const EMFILE: i32 = 24;

/// Put a stream on the list that has something to write for the file behind `buffered`. Descriptors that belong to others are theirs
/// to look after.
pub fn note(py: &mut Py, buffered: Gc<Buffered>, stream: Value) {
    if buffered.get(py).owns_file(py) && !py.unflushed.contains(&stream) {
        py.unflushed.push(stream);
    }
}

/// Write what buffered writers of files still hold. Errors are left for the writers' own `flush` and `close`.
pub fn flush_files(py: &mut Py) {
    if py.unflushed.is_empty() {
        return;
    }
    let mut writers = RootVec::new(&mut py.heap);
    writers.extend_from_slice(&std::mem::take(&mut py.unflushed));
    for writer in &writers {
        let flushed = match (Gc::<Buffered>::cast(py, *writer), Gc::<TextIo>::cast(py, *writer)) {
            (Some(buffered), _) => Buffered::flush_quietly(py, buffered),
            (_, Some(text)) => TextIo::flush_quietly(py, text),
            _ => Ok(()),
        };
        if flushed.is_err() {
            py.clear_exception();
        }
    }
}

/// Open a descriptor; when none is left, files that nobody can reach are closed and it is tried again.
pub fn open_descriptor(py: &mut Py, file: Value, open: impl Fn(&dyn Host) -> HostResult<Fd>) -> Result<Fd> {
    let mut exhausted: Option<HostError> = None;
    let opened = host_call(py, Some(file), |host| match open(host) {
        Err(error) if matches!(error.errno, EMFILE | ENFILE) => {
            exhausted = Some(error);
            Ok(-1)
        }
        other => other,
    })?;
    if exhausted.is_none() {
        return Ok(opened);
    }
    py.collect_garbage(2);
    py.run_pending_finalizers();
    let opened = py.host.clone();
    match open(&*opened) {
        Ok(fd) => Ok(fd),
        Err(error) => Err(os_error(py, error, Some(file), None)),
    }
}
