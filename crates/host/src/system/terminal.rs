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
        let raw = line_settings(fd)?;
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
        let mut raw = line_settings(fd)?;
        let count = raw.c_cc.len();
        if settings.cc.len() < count || !(libc::TCSANOW..=libc::TCSAFLUSH).contains(&when) {
            return Err(HostError::new(libc::EINVAL));
        }
        raw.c_iflag = settings.iflag;
        raw.c_oflag = settings.oflag;
        raw.c_lflag = settings.lflag;
        raw.c_cc.copy_from_slice(&settings.cc[..count]);
        // No input speed of its own: that of the output.
        let same = settings.ispeed == 0 || settings.ispeed == settings.ospeed;
        let (ispeed, input) = if same { (settings.ospeed, 0) } else { (settings.ispeed, speed_code(settings.ispeed)) };
        raw.c_cflag = settings.cflag & !(libc::CBAUD | libc::CIBAUD) | speed_code(settings.ospeed) | input << libc::IBSHIFT;
        raw.c_ispeed = ispeed;
        raw.c_ospeed = settings.ospeed;
        let request = libc::TCSETS2 + when as libc::Ioctl;
        sys!(libc::ioctl, fd, request, &raw).map(drop)
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

/// The kernel's own structure, whose speeds are bits per second; those of the C libraries differ in this.
fn line_settings(fd: Fd) -> Result<libc::termios2> {
    let mut raw = libc::termios2::zeroed();
    sys!(libc::ioctl, fd, libc::TCGETS2, &mut raw)?;
    Ok(raw)
}

/// Speeds that have codes of their own, in the order of the codes: from 0 and from `CBAUDEX + 1`.
const LOW_SPEEDS: [u32; 16] = [0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19_200, 38_400];
const HIGH_SPEEDS: [u32; 15] = [
    57_600, 115_200, 230_400, 460_800, 500_000, 576_000, 921_600, 1_000_000, 1_152_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000,
    3_500_000, 4_000_000,
];

/// The bits of the control flags for a speed.
fn speed_code(speed: u32) -> u32 {
    let place = |speeds: &[u32]| speeds.iter().position(|listed| *listed == speed).map(|place| place as u32);
    place(&LOW_SPEEDS).or_else(|| Some(place(&HIGH_SPEEDS)? + libc::BOTHER + 1)).unwrap_or(libc::BOTHER)
}
