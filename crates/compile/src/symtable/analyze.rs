//! The second pass: decide the scope of every name from the facts of the first.
//!
//! A block hands its children the names they may see (`bound`, `global`, `type_params`) and takes back the names
//! that are free in them.

use std::rc::Rc;

use super::{
    Block, BlockId, BlockKind, CELL, Comprehension, DEF_BOUND, DEF_COMP_CELL, DEF_FREE_CLASS, DEF_GLOBAL, DEF_NONLOCAL, DEF_PARAM,
    DEF_TYPE_PARAM, FREE, GLOBAL_EXPLICIT, GLOBAL_IMPLICIT, LOCAL, NameSet, SCOPE_OFFSET, Symbols, Symtable, USE, scope_of,
};
use crate::error::{Result, symbol_error};
use crate::names::Name;

/// What a block sees of its surroundings.
///
/// The sets are shared between blocks until one has to change them.
#[derive(Clone, Default)]
struct Outside {
    /// Names bound in enclosing functions; none at module level.
    bound: Option<Rc<NameSet>>,
    /// Names that are global here.
    global: Rc<NameSet>,
    /// Type parameters in sight.
    type_params: Rc<NameSet>,
}

fn insert(set: &mut Rc<NameSet>, name: Name) {
    if !set.contains(&name) {
        Rc::make_mut(set).insert(name);
    }
}

fn remove(set: &mut Rc<NameSet>, name: Name) {
    if set.contains(&name) {
        Rc::make_mut(set).remove(&name);
    }
}

impl Symtable {
    pub(super) fn analyze(&mut self) -> Result<()> {
        self.analyze_block(self.top(), Outside::default(), &mut NameSet::default(), None)
    }

    fn analyze_block(&mut self, id: BlockId, mut outside: Outside, free: &mut NameSet, class: Option<BlockId>) -> Result<()> {
        let (kind, function_like, sees_class) = {
            let block = self.block(id);
            (block.kind, block.is_function_like(), block.can_see_class_scope)
        };
        let mut new_free = NameSet::default();
        let mut inlined_cells = NameSet::default();
        // A class's own names are invisible to its functions, so its children see what it sees itself.
        let around = outside.clone();

        // The scopes of the symbols, in their order.
        let symbols = std::mem::take(&mut self.block_mut(id).symbols);
        let mut scopes = Vec::with_capacity(symbols.len());
        for (name, &flags) in symbols.iter() {
            scopes.push(self.scope_of_name(id, name, flags, &mut outside, free, class)?);
        }
        self.block_mut(id).symbols = symbols;

        if !self.block(id).children.is_empty() {
            let inside = names_inside(self.block(id), &outside, around, &scopes);
            for position in 0..self.block(id).children.len() {
                let child = self.block(id).children[position];
                let entry = self.block(child);
                let child_class = match (entry.can_see_class_scope, kind) {
                    (false, _) => None,
                    (true, BlockKind::Class) => Some(id),
                    (true, _) => class,
                };
                if entry.comprehension == Comprehension::None || entry.generator || sees_class {
                    self.analyze_block(child, inside.clone(), &mut new_free, child_class)?;
                    continue;
                }
                let mut child_free = NameSet::default();
                self.analyze_block(child, inside.clone(), &mut child_free, child_class)?;
                self.inline_comprehension(id, child, &mut scopes, &mut child_free, &mut inlined_cells);
                self.block_mut(child).comp_inlined = true;
                new_free.extend(child_free);
            }
        }
        self.adopt_children_of_inlined(id);

        if function_like {
            analyze_cells(&self.block(id).symbols, &mut scopes, &mut new_free, &inlined_cells);
        } else if kind == BlockKind::Class {
            drop_class_free(self.block_mut(id), &mut new_free);
        }
        self.update_symbols(id, &scopes, outside.bound.as_deref(), &new_free, &inlined_cells, kind == BlockKind::Class || sees_class);
        free.extend(new_free);
        Ok(())
    }

    fn scope_of_name(
        &self,
        id: BlockId,
        name: Name,
        flags: u32,
        outside: &mut Outside,
        free: &mut NameSet,
        class: Option<BlockId>,
    ) -> Result<u32> {
        if flags & DEF_GLOBAL != 0 {
            if flags & DEF_NONLOCAL != 0 {
                let message = format!("name '{}' is nonlocal and global", self.names.text(name));
                return self.error_at_directive(id, name, message);
            }
            insert(&mut outside.global, name);
            if let Some(bound) = &mut outside.bound {
                remove(bound, name);
            }
            return Ok(GLOBAL_EXPLICIT);
        }
        if flags & DEF_NONLOCAL != 0 {
            let Some(bound) = &outside.bound else {
                return self.error_at_directive(id, name, "nonlocal declaration not allowed at module level".to_owned());
            };
            if !bound.contains(&name) {
                let message = format!("no binding for nonlocal '{}' found", self.names.text(name));
                return self.error_at_directive(id, name, message);
            }
            if outside.type_params.contains(&name) {
                let message = format!("nonlocal binding not allowed for type parameter '{}'", self.names.text(name));
                return self.error_at_directive(id, name, message);
            }
            free.insert(name);
            return Ok(FREE);
        }
        if flags & DEF_BOUND != 0 {
            remove(&mut outside.global, name);
            if flags & DEF_TYPE_PARAM != 0 {
                insert(&mut outside.type_params, name);
            } else {
                remove(&mut outside.type_params, name);
            }
            return Ok(LOCAL);
        }
        // A name that the class binds is looked up in the class and then globally, never in an enclosing function.
        if let Some(class) = class {
            let class_flags = self.block(class).symbol(name);
            if class_flags & DEF_GLOBAL != 0 {
                return Ok(GLOBAL_EXPLICIT);
            }
            if class_flags & DEF_BOUND != 0 && class_flags & DEF_NONLOCAL == 0 {
                // The namespace itself is needed even in a class that uses its name otherwise.
                if name == Name::CLASSDICT {
                    free.insert(name);
                }
                return Ok(GLOBAL_IMPLICIT);
            }
        }
        if outside.bound.as_ref().is_some_and(|bound| bound.contains(&name)) {
            free.insert(name);
            return Ok(FREE);
        }
        Ok(GLOBAL_IMPLICIT)
    }

    fn error_at_directive(&self, id: BlockId, name: Name, message: String) -> Result<u32> {
        let block = self.block(id);
        let loc = block.directives.iter().find(|(other, _)| *other == name).map_or(block.loc, |(_, loc)| *loc);
        Err(symbol_error(message, loc))
    }

    /// Move the names of comprehension `child` into `id`, which will contain its code.
    fn inline_comprehension(
        &mut self,
        id: BlockId,
        child: BlockId,
        scopes: &mut Vec<u32>,
        child_free: &mut NameSet,
        inlined_cells: &mut NameSet,
    ) {
        let in_class = self.block(id).kind == BlockKind::Class;
        let mut symbols = std::mem::take(&mut self.block_mut(child).symbols);
        let mut dropped = Vec::new();
        for (name, &child_flags) in symbols.iter() {
            if child_flags & DEF_PARAM != 0 {
                continue;
            }
            let mut scope = scope_of(child_flags);
            let flags = child_flags & ((1 << SCOPE_OFFSET) - 1);
            if scope == CELL || flags & DEF_COMP_CELL != 0 {
                inlined_cells.insert(name);
            }
            // The names that a class provides itself are never free through it, but functions inside may use them.
            if scope == FREE && in_class && [Name::CLASS, Name::CLASSDICT, Name::CONDITIONAL_ANNOTATIONS].contains(&name) {
                scope = GLOBAL_IMPLICIT;
                if !self.is_free_in_any_child(child, name) {
                    child_free.remove(&name);
                }
                dropped.push(name);
            }
            let Some(&outer) = self.block(id).symbols.get(name) else {
                self.block_mut(id).symbols.insert(name, flags);
                scopes.push(scope);
                continue;
            };
            if scope == FREE && !in_class {
                self.block_mut(id).symbols.insert(name, outer | flags & USE);
            }
            // A free variable of the comprehension that the outer block binds is now simply local,
            // unless a function inside the comprehension needs it.
            if outer & DEF_BOUND != 0 && !in_class && !self.is_free_in_any_child(child, name) {
                child_free.remove(&name);
            }
        }
        for name in dropped {
            symbols.remove(name);
        }
        self.block_mut(child).symbols = symbols;
    }

    fn is_free_in_any_child(&self, id: BlockId, name: Name) -> bool {
        self.block(id).children.iter().any(|&child| self.block(child).scope(name) == FREE)
    }

    fn adopt_children_of_inlined(&mut self, id: BlockId) {
        if !self.block(id).children.iter().any(|&child| self.block(child).comp_inlined) {
            return;
        }
        let mut adopted = Vec::new();
        for child in std::mem::take(&mut self.block_mut(id).children) {
            if self.block(child).comp_inlined {
                adopted.extend_from_slice(&self.block(child).children);
            } else {
                adopted.push(child);
            }
        }
        self.block_mut(id).children = adopted;
    }

    fn update_symbols(
        &mut self,
        id: BlockId,
        scopes: &[u32],
        bound: Option<&NameSet>,
        free: &NameSet,
        inlined_cells: &NameSet,
        class_like: bool,
    ) {
        let symbols = &mut self.block_mut(id).symbols;
        for ((name, flags), scope) in symbols.iter_mut().zip(scopes) {
            if inlined_cells.contains(&name) {
                *flags |= DEF_COMP_CELL;
            }
            *flags |= scope << SCOPE_OFFSET;
        }
        let mut free: Vec<Name> = free.iter().copied().collect();
        free.sort_unstable_by_key(|name| name.index());
        for name in free {
            if let Some(&flags) = symbols.get(name) {
                if class_like {
                    symbols.insert(name, flags | DEF_FREE_CLASS);
                }
            } else if bound.is_none_or(|bound| bound.contains(&name)) {
                symbols.insert(name, FREE << SCOPE_OFFSET);
            }
        }
    }
}

/// What the children of a block see: the names around it and, for a function, its own.
fn names_inside(block: &Block, outside: &Outside, around: Outside, scopes: &[u32]) -> Outside {
    let type_params = Rc::clone(&outside.type_params);
    if block.kind == BlockKind::Class {
        let mut bound = around.bound.unwrap_or_default();
        for name in [Name::CLASS, Name::CLASSDICT, Name::CONDITIONAL_ANNOTATIONS] {
            insert(&mut bound, name);
        }
        return Outside { bound: Some(bound), global: around.global, type_params };
    }
    let mut bound = outside.bound.clone().unwrap_or_default();
    if block.is_function_like() {
        for ((name, _), _) in block.symbols.iter().zip(scopes).filter(|(_, scope)| **scope == LOCAL) {
            insert(&mut bound, name);
        }
    }
    Outside { bound: Some(bound), global: Rc::clone(&outside.global), type_params }
}

fn analyze_cells(symbols: &Symbols, scopes: &mut [u32], free: &mut NameSet, inlined_cells: &NameSet) {
    for ((name, _), scope) in symbols.iter().zip(scopes) {
        if *scope == LOCAL && (free.contains(&name) || inlined_cells.contains(&name)) {
            *scope = CELL;
            free.remove(&name);
        }
    }
}

fn drop_class_free(block: &mut Block, free: &mut NameSet) {
    if free.remove(&Name::CLASS) {
        block.needs_class_closure = true;
    }
    if free.remove(&Name::CLASSDICT) {
        block.needs_classdict = true;
    }
    if free.remove(&Name::CONDITIONAL_ANNOTATIONS) {
        block.has_conditional_annotations = true;
    }
}
