//! Exec code: the register form of a code object.

/// The register form of one code object.
pub struct ExecCode {
    /// Instructions and their cache words.
    pub(crate) words: Box<[u64]>,
}
