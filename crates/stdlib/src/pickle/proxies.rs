//! The attribute `memo` of picklers and unpicklers.

use super::{Pickler, Unpickler};
use bredli_runtime::prelude::*;

macro_rules! proxy {
    ($proxy:ident $name:literal of $owner:ident) => {
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = $name, module = "_pickle", flags(DISALLOW_INSTANTIATION))]
        pub struct $proxy {
            header: Header,
            pub owner: Gc<$owner>,
        }

        impl $proxy {
            /// The memo of a pickler or unpickler.
            pub fn create(py: &mut Py, owner: Gc<$owner>) -> Gc<$proxy> {
                py.alloc($proxy { header: Header::EMPTY, owner })
            }
        }

        #[pymethods]
        impl $proxy {
            /// Remove all items from memo.
            #[signature(self, /)]
            fn clear(this: Gc<Self>, py: &mut Py) {
                let owner = this.get(py).owner;
                $owner::forget(py, owner);
            }

            /// Copy the memo to a new object.
            #[signature(self, /)]
            fn copy(this: Gc<Self>, py: &mut Py) -> Result<Gc<Dict>> {
                let owner = this.get(py).owner;
                $owner::memo_dict(py, owner)
            }

            /// Implement pickle support.
            #[signature(self, /)]
            fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
                let owner = this.get(py).owner;
                let copy = $owner::memo_dict(py, owner)?;
                let args = py.new_tuple(&[copy.into()]);
                let class = py.types.dict;
                Ok(py.new_tuple(&[class.into(), args.into()]))
            }
        }
    };
}

proxy!(PicklerMemoProxy "PicklerMemoProxy" of Pickler);
proxy!(UnpicklerMemoProxy "UnpicklerMemoProxy" of Unpickler);
