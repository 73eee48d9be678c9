//! `Identifier`: a name in the tree, cheap to clone.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A name: NFKC-normalised when the parser made it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier(Rc<str>);

impl Identifier {
    /// The name as a `str`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, for sharing it.
    pub fn text(&self) -> &Rc<str> {
        &self.0
    }
}

impl Deref for Identifier {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Identifier {
    fn from(name: &str) -> Identifier {
        Identifier(Rc::from(name))
    }
}

impl From<String> for Identifier {
    fn from(name: String) -> Identifier {
        Identifier(Rc::from(name))
    }
}

impl PartialEq<str> for Identifier {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Identifier {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl std::borrow::Borrow<str> for Identifier {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
