//! Assignment to `__bases__`: the layout must stay, the MRO of the class and of its subclasses is made anew.
//!
//! Counterpart: `type_set_bases` in `Objects/typeobject.c`.

use crate::object::{Class, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

impl Py {
    /// `class.__bases__ = value`.
    pub(super) fn assign_bases(&mut self, class: Gc<Class>, value: Value) -> Result<()> {
        let name = class.get(self).name.get(self).lossy();
        let Some(bases) = Gc::<Tuple>::cast(self, value) else {
            let given = self.class_name(value);
            raise!(self, TypeError, "can only assign tuple to {name}.__bases__, not {given}");
        };
        if bases.get(self).is_empty() {
            raise!(self, TypeError, "can only assign non-empty tuple to {name}.__bases__, not ()");
        }
        for index in 0..bases.get(self).len() {
            let base = bases.get(self).items()[index];
            let Some(base) = Gc::<Class>::cast(self, base) else {
                let given = self.class_name(base);
                raise!(self, TypeError, "{name}.__bases__ must be tuple of classes, not '{given}'");
            };
            // An `mro()` that comes back here sees classes whose base is set and whose MRO is not yet.
            if self.is_subtype(base, class) || self.descends_by_base(base, class) {
                raise!(self, TypeError, "a __bases__ item causes an inheritance cycle");
            }
        }
        let new_base = self.best_base(bases)?;
        let old_base = class.get(self).base.expect("classes that can change have a base");
        self.check_same_layout(old_base, new_base, "__bases__")?;
        let old_bases = class.get(self).bases;
        let this = class.get_mut(self);
        this.bases = bases;
        this.base = Some(new_base);
        let mut undo = RootVec::new(&mut self.heap);
        if let Err(raised) = self.update_mro(class, &mut undo) {
            for change in undo.chunks(3).rev() {
                let (changed, old) = (Gc::<Class>::known(self, change[0]), Gc::known(self, change[2]));
                if Value::from(changed.get(self).mro) == change[1] {
                    changed.get_mut(self).mro = old;
                }
            }
            let this = class.get_mut(self);
            if this.bases == bases {
                this.bases = old_bases;
                this.base = Some(old_base);
            }
            return Err(raised);
        }
        // An `mro()` has assigned other bases meanwhile.
        if class.get(self).bases != bases {
            return Ok(());
        }
        for index in 0..old_bases.get(self).len() {
            let base = Gc::<Class>::known(self, old_bases.get(self).items()[index]);
            self.remove_subclass(base, class);
        }
        for index in 0..bases.get(self).len() {
            let base = Gc::<Class>::known(self, bases.get(self).items()[index]);
            self.add_subclass(base, class)?;
        }
        self.refresh_class(class);
        self.flush_inline_caches();
        Ok(())
    }

    /// Whether `other` is among the first bases of `class`, theirs and so on.
    fn descends_by_base(&self, class: Gc<Class>, other: Gc<Class>) -> bool {
        std::iter::successors(Some(class), |class| class.get(self).base).any(|class| class == other)
    }

    /// A new MRO for a class and its subclasses; each class goes to `undo` with its new MRO and its old one.
    fn update_mro(&mut self, class: Gc<Class>, undo: &mut RootVec) -> Result<()> {
        self.enter_native(" while updating subclasses")?;
        let old = class.get(self).mro;
        let mro = self.compute_mro(class)?;
        if class.get(self).mro != old {
            // `mro()` of the class has led to an assignment of its bases, which did all this.
            return Ok(());
        }
        undo.extend_from_slice(&[class.into(), mro.into(), old.into()]);
        class.get_mut(self).mro = mro;
        for subclass in self.subclasses_of(class).iter() {
            let subclass = Gc::<Class>::known(self, *subclass);
            self.update_mro(subclass, undo)?;
        }
        Ok(())
    }

    fn refresh_class(&mut self, class: Gc<Class>) {
        self.class_modified(class);
        self.compute_slots(class);
        for subclass in self.subclasses_of(class).iter() {
            let subclass = Gc::<Class>::known(self, *subclass);
            self.refresh_class(subclass);
        }
    }

    fn remove_subclass(&mut self, base: Gc<Class>, class: Gc<Class>) {
        let target: Value = class.into();
        let position = base.get(self).subclasses.iter().position(|entry| self.listed_subclass(*entry) == Some(target));
        if let Some(position) = position {
            base.get_mut(self).subclasses.remove(position);
        }
    }
}
