//! `import` and `from ... import`.

use bredli_code::{Const, Intrinsic1, Opcode};
use bredli_syntax::ast::{Alias, Identifier, Location};

use super::Codegen;
use crate::error::Result;
use crate::names::Name;
use crate::tree::NO_LOCATION;

impl Codegen<'_, '_> {
    pub(super) fn import(&mut self, names: &[Alias], loc: Location) -> Result<()> {
        for alias in names {
            self.load_int(0, loc);
            self.load_none(loc);
            let module = self.intern(&alias.name);
            self.op_name(Opcode::IMPORT_NAME, module, loc);
            if let Some(asname) = &alias.asname {
                self.import_as(&alias.name, asname, loc)?;
            } else {
                let top = alias.name.split('.').next().unwrap_or(&alias.name);
                let top = self.table.names.intern(top);
                self.store_name(top, loc)?;
            }
        }
        Ok(())
    }

    /// `import a.b.c as d` binds the innermost module.
    fn import_as(&mut self, module: &str, asname: &Identifier, loc: Location) -> Result<()> {
        let asname = self.intern(asname);
        let mut parts = module.split('.').skip(1).peekable();
        if parts.peek().is_none() {
            return self.store_name(asname, loc);
        }
        while let Some(part) = parts.next() {
            let part = self.table.names.intern(part);
            let index = self.unit.names.add(part);
            self.op_arg(Opcode::IMPORT_FROM, index, loc);
            if parts.peek().is_some() {
                self.op_arg(Opcode::SWAP, 2, loc);
                self.op(Opcode::POP_TOP, loc);
            }
        }
        self.store_name(asname, loc)?;
        self.op(Opcode::POP_TOP, loc);
        Ok(())
    }

    pub(super) fn import_from(&mut self, module: Option<&Identifier>, names: &[Alias], level: i32, loc: Location) -> Result<()> {
        self.load_const(Const::int(i64::from(level)), loc);
        let wanted: Vec<Const> = names.iter().map(|alias| Const::str(&alias.name)).collect();
        self.load_const(Const::Tuple(wanted), loc);
        let module = module.map_or(Name::EMPTY, |module| self.intern(module));
        self.op_name(Opcode::IMPORT_NAME, module, loc);
        for (position, alias) in names.iter().enumerate() {
            if position == 0 && alias.name.starts_with('*') {
                self.intrinsic(Intrinsic1::ImportStar, loc);
                self.op(Opcode::POP_TOP, NO_LOCATION);
                return Ok(());
            }
            let name = self.intern(&alias.name);
            self.op_name(Opcode::IMPORT_FROM, name, loc);
            let stored = alias.asname.as_ref().map_or(name, |asname| self.intern(asname));
            self.store_name(stored, loc)?;
        }
        self.op(Opcode::POP_TOP, loc);
        Ok(())
    }
}
