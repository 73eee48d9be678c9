//! The program's environment: variables, arguments and the executable's own path, as operating-system bytes.

topic! {
    /// Operations on the environment.
    pub trait Environment {
        /// Every variable, in order.
        fn environ(&self) -> Result<Vec<(Vec<u8>, Vec<u8>)>>;
        /// One variable.
        fn getenv(&self, name: &[u8]) -> Result<Option<Vec<u8>>>;
        /// Sets a variable for this host and the processes it starts.
        fn putenv(&self, name: &[u8], value: &[u8]) -> Result<()>;
        /// Removes a variable.
        fn unsetenv(&self, name: &[u8]) -> Result<()>;
        /// The command line, the program's name first.
        fn arguments(&self) -> Result<Vec<Vec<u8>>>;
        /// The path of the running executable.
        fn executable(&self) -> Result<Vec<u8>>;
        /// The character encoding of the installed locale with this name (`LC_CTYPE`).
        fn locale_codeset(&self, name: &[u8]) -> Result<Vec<u8>>;
    }
}
