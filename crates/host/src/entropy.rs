//! Randomness from the operating system.

topic! {
    /// The source of entropy.
    pub trait Entropy {
        /// Fills the whole buffer with unpredictable bytes.
        fn entropy(&self, buffer: &mut [u8]) -> Result<()>;
        /// `getrandom` with its flags (`GRND_*`); gives how many bytes were filled.
        fn getrandom(&self, buffer: &mut [u8], flags: u32) -> Result<usize>;
    }
}
