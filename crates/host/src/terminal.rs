//! Terminals: size, line settings, names, pseudo-terminals.

use crate::files::Fd;

/// A terminal's line settings, as `termios.tcgetattr` shows them. Speeds are in bits per second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Termios {
    pub iflag: u32,
    pub oflag: u32,
    pub cflag: u32,
    pub lflag: u32,
    pub ispeed: u32,
    pub ospeed: u32,
    pub cc: Vec<u8>,
}

topic! {
    /// Operations on terminals.
    pub trait Terminal {
        /// Columns and lines.
        fn terminal_size(&self, fd: Fd) -> Result<(u16, u16)>;
        /// The line settings.
        fn tcgetattr(&self, fd: Fd) -> Result<Termios>;
        /// Changes the line settings (`TCSANOW`, ...).
        fn tcsetattr(&self, fd: Fd, when: i32, settings: &Termios) -> Result<()>;
        /// Waits until all output is sent.
        fn tcdrain(&self, fd: Fd) -> Result<()>;
        /// Discards what is queued.
        fn tcflush(&self, fd: Fd, queue: i32) -> Result<()>;
        /// Suspends or resumes transmission.
        fn tcflow(&self, fd: Fd, action: i32) -> Result<()>;
        /// Sends a break.
        fn tcsendbreak(&self, fd: Fd, duration: i32) -> Result<()>;
        /// The foreground process group.
        fn tcgetpgrp(&self, fd: Fd) -> Result<i32>;
        /// Sets the foreground process group.
        fn tcsetpgrp(&self, fd: Fd, group: i32) -> Result<()>;
        /// The terminal's path.
        fn ttyname(&self, fd: Fd) -> Result<Vec<u8>>;
        /// The controlling and the terminal end of a new pseudo-terminal, neither inheritable.
        fn openpty(&self) -> Result<(Fd, Fd)>;
    }
}
