//! The kernel's random numbers.

use super::SystemHost;
use crate::entropy::Entropy;
use crate::error::Result;

impl Entropy for SystemHost {
    fn entropy(&self, buffer: &mut [u8]) -> Result<()> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.getrandom(&mut buffer[filled..], 0) {
                Ok(count) => filled += count,
                // Before the pool is ready a signal may interrupt; what is left is asked for again.
                Err(error) if error.is_interrupted() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn getrandom(&self, buffer: &mut [u8], flags: u32) -> Result<usize> {
        sys!(libc::getrandom, buffer.as_mut_ptr().cast(), buffer.len(), flags).map(|count| count as usize)
    }
}
