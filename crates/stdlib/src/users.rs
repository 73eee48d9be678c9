//! `pwd` and `grp`: the user and group databases.
//!
//! Counterpart: `Modules/pwdmodule.c` and `Modules/grpmodule.c`.

use crate::os_error::{fs_decode, fs_encode, host_call};
use crate::structseq;
use bredli_host::{Group, User};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const USER: [&str; 7] = ["pw_name", "pw_passwd", "pw_uid", "pw_gid", "pw_gecos", "pw_dir", "pw_shell"];
const GROUP: [&str; 4] = ["gr_name", "gr_passwd", "gr_gid", "gr_mem"];

fn instance(py: &mut Py, module: &str, class: &str, items: &[Value]) -> Result {
    let module = py.import_module(module)?;
    let class = py.get_attr_named(module, class)?;
    structseq::new_instance(py, class, items)
}

fn user(py: &mut Py, user: &User) -> Result {
    let mut items = RootVec::new(&mut py.heap);
    for text in [&user.name, &user.password] {
        items.push(fs_decode(py, text).into());
    }
    items.extend([py.new_int(i64::from(user.uid)), py.new_int(i64::from(user.gid))]);
    for text in [&user.gecos, &user.home, &user.shell] {
        items.push(fs_decode(py, text).into());
    }
    instance(py, "pwd", "struct_passwd", &items)
}

fn group(py: &mut Py, group: &Group) -> Result {
    let mut members = RootVec::new(&mut py.heap);
    for member in &group.members {
        members.push(fs_decode(py, member).into());
    }
    let members = py.new_list(&members)?;
    let items =
        [fs_decode(py, &group.name).into(), fs_decode(py, &group.password).into(), py.new_int(i64::from(group.gid)), members.into()];
    instance(py, "grp", "struct_group", &items)
}

/// The number of a user or group. None: there can be none with it.
fn number(py: &mut Py, id: Value) -> Result<Option<u32>> {
    let index = py.index(id)?;
    Ok(py.int_to_i64(index).and_then(|number| u32::try_from(number).ok()))
}

fn name_bytes(py: &mut Py, name: Gc<Str>) -> Result<Vec<u8>> {
    let bytes = fs_encode(py, name)?;
    if bytes.contains(&0) {
        raise!(py, ValueError, "embedded null byte");
    }
    Ok(bytes)
}

/// This module provides access to the Unix password database.
/// It is available on all Unix versions.
#[pymodule(name = "pwd")]
pub mod pwd {
    use super::*;

    /// Return the password database entry for the given numeric user ID.
    #[pyfunction]
    #[signature(uidobj, /)]
    fn getpwuid(py: &mut Py, uidobj: Value) -> Result {
        let found = match number(py, uidobj)? {
            Some(uid) => host_call(py, None, |host| host.user_by_id(uid))?,
            None => None,
        };
        match found {
            Some(found) => user(py, &found),
            None => raise!(py, KeyError, "getpwuid(): uid not found: {}", py.str_text(uidobj)?),
        }
    }

    /// Return the password database entry for the given user name.
    #[pyfunction]
    #[signature(name, /)]
    fn getpwnam(py: &mut Py, name: Gc<Str>) -> Result {
        let bytes = name_bytes(py, name)?;
        match host_call(py, None, |host| host.user_by_name(&bytes))? {
            Some(found) => user(py, &found),
            None => raise!(py, KeyError, "getpwnam(): name not found: {}", py.repr_text(name.into())?),
        }
    }

    /// Return a list of all available password database entries, in arbitrary order.
    #[pyfunction]
    #[signature()]
    fn getpwall(py: &mut Py) -> Result<Gc<List>> {
        let found = host_call(py, None, |host| host.users())?;
        let mut users = RootVec::new(&mut py.heap);
        for found in &found {
            users.push(user(py, found)?);
        }
        py.new_list(&users)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let doc = "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  \
            (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.";
        let class = structseq::new_class(py, "pwd", "struct_passwd", doc, &USER, USER.len())?;
        py.module_set(module, "struct_passwd", class.into())
    }
}

/// Access to the Unix group database.
#[pymodule(name = "grp")]
pub mod grp {
    use super::*;

    /// Return the group database entry for the given numeric group ID.
    ///
    /// If id is not valid, raise KeyError.
    #[pyfunction]
    #[signature(id)]
    fn getgrgid(py: &mut Py, id: Value) -> Result {
        let found = match number(py, id)? {
            Some(gid) => host_call(py, None, |host| host.group_by_id(gid))?,
            None => None,
        };
        match found {
            Some(found) => group(py, &found),
            None => raise!(py, KeyError, "getgrgid(): gid not found: {}", py.str_text(id)?),
        }
    }

    /// Return the group database entry for the given group name.
    ///
    /// If name is not valid, raise KeyError.
    #[pyfunction]
    #[signature(name)]
    fn getgrnam(py: &mut Py, name: Gc<Str>) -> Result {
        let bytes = name_bytes(py, name)?;
        match host_call(py, None, |host| host.group_by_name(&bytes))? {
            Some(found) => group(py, &found),
            None => raise!(py, KeyError, "getgrnam(): name not found: {}", py.repr_text(name.into())?),
        }
    }

    /// Return a list of all available group entries, in arbitrary order.
    #[pyfunction]
    #[signature()]
    fn getgrall(py: &mut Py) -> Result<Gc<List>> {
        let found = host_call(py, None, |host| host.groups())?;
        let mut groups = RootVec::new(&mut py.heap);
        for found in &found {
            groups.push(group(py, found)?);
        }
        py.new_list(&groups)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let doc = "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  \
            (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.";
        let class = structseq::new_class(py, "grp", "struct_group", doc, &GROUP, GROUP.len())?;
        py.module_set(module, "struct_group", class.into())
    }
}
