//! The user and group databases.

/// One user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct User {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub uid: u32,
    pub gid: u32,
    pub gecos: Vec<u8>,
    pub home: Vec<u8>,
    pub shell: Vec<u8>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Group {
    pub name: Vec<u8>,
    pub password: Vec<u8>,
    pub gid: u32,
    pub members: Vec<Vec<u8>>,
}

topic! {
    /// Looking up users and groups.
    pub trait Users {
        /// Every user.
        fn users(&self) -> Result<Vec<User>>;
        /// The user with this name.
        fn user_by_name(&self, name: &[u8]) -> Result<Option<User>>;
        /// The user with this number.
        fn user_by_id(&self, uid: u32) -> Result<Option<User>>;
        /// Every group.
        fn groups(&self) -> Result<Vec<Group>>;
        /// The group with this name.
        fn group_by_name(&self, name: &[u8]) -> Result<Option<Group>>;
        /// The group with this number.
        fn group_by_id(&self, gid: u32) -> Result<Option<Group>>;
    }
}
