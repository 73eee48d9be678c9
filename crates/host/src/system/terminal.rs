//! Terminals of the operating system.

use std::ptr;

use super::files::errno_value;
use super::{SystemHost, Zeroed};
use crate::error::{HostError, Result};
use crate::files::Fd;
use crate::terminal::{Terminal, Termios};

impl Terminal for SystemHost {
    fn terminal_size(&self, fd: Fd) -> Result<(u16, u16)> {
        let mut size = libc::winsize::zeroed();
        sys!(libc::ioctl, fd, libc::TIOCGWINSZ, &mut size)?;
        Ok((size.ws_col, size.ws_row))
    }

    fn tcgetattr(&self, fd: Fd) -> Result<Termios> {
        let mut raw = libc::termios::zeroed();
        sys!(libc::tcgetattr, fd, &mut raw)?;
        Ok(Termios {
            iflag: raw.c_iflag,
            oflag: raw.c_oflag,
            cflag: raw.c_cflag,
            lflag: raw.c_lflag,
            ispeed: raw.c_ispeed,
            ospeed: raw.c_ospeed,
            cc: raw.c_cc.to_vec(),
        })
    }

    fn tcsetattr(&self, fd: Fd, when: i32, settings: &Termios) -> Result<()> {
        let mut raw = libc::termios::zeroed();
        sys!(libc::tcgetattr, fd, &mut raw)?;
        if settings.cc.len() != raw.c_cc.len() {
            return Err(HostError::new(libc::EINVAL));
        }
        raw.c_iflag = settings.iflag;
        raw.c_oflag = settings.oflag;
        raw.c_cflag = settings.cflag;
        raw.c_lflag = settings.lflag;
        raw.c_cc.copy_from_slice(&settings.cc);
        sys!(libc::cfsetispeed, &mut raw, settings.ispeed)?;
        sys!(libc::cfsetospeed, &mut raw, settings.ospeed)?;
        sys!(libc::tcsetattr, fd, when, &raw).map(drop)
    }

    fn tcdrain(&self, fd: Fd) -> Result<()> {
        sys!(libc::tcdrain, fd).map(drop)
    }

    fn tcflush(&self, fd: Fd, queue: i32) -> Result<()> {
        sys!(libc::tcflush, fd, queue).map(drop)
    }

    fn tcflow(&self, fd: Fd, action: i32) -> Result<()> {
        sys!(libc::tcflow, fd, action).map(drop)
    }

    fn tcsendbreak(&self, fd: Fd, duration: i32) -> Result<()> {
        sys!(libc::tcsendbreak, fd, duration).map(drop)
    }

    fn tcgetpgrp(&self, fd: Fd) -> Result<i32> {
        sys!(libc::tcgetpgrp, fd)
    }

    fn tcsetpgrp(&self, fd: Fd, group: i32) -> Result<()> {
        sys!(libc::tcsetpgrp, fd, group).map(drop)
    }

    fn ttyname(&self, fd: Fd) -> Result<Vec<u8>> {
        let mut buffer = vec![0u8; 4096];
        // SAFETY: a live buffer with its length.
        errno_value(unsafe { libc::ttyname_r(fd, buffer.as_mut_ptr().cast(), buffer.len()) })?;
        buffer.truncate(buffer.iter().position(|byte| *byte == 0).unwrap_or(0));
        Ok(buffer)
    }

    fn openpty(&self) -> Result<(Fd, Fd)> {
        let (mut controller, mut terminal) = (-1, -1);
        sys!(libc::openpty, &mut controller, &mut terminal, ptr::null_mut(), ptr::null(), ptr::null())?;
        for fd in [controller, terminal] {
            sys!(libc::fcntl, fd, libc::F_SETFD, libc::FD_CLOEXEC)?;
        }
        Ok((controller, terminal))
    }
}
