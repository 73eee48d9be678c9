//! `_suggestions`: the name that was probably meant, for `traceback`.
//!
//! Counterpart: `Modules/_suggestions.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::suggestion;

/// _suggestions
#[pymodule(name = "_suggestions")]
pub mod suggestions {
    use super::*;

    /// Returns the candidate in candidates that's closest to item
    #[pyfunction]
    #[signature(candidates, item, /)]
    fn _generate_suggestions(py: &mut Py, candidates: Value, item: Gc<Str>) -> Result<Option<String>> {
        let Some(candidates) = Gc::<List>::cast(py, candidates).filter(|_| py.class_of(candidates) == py.types.list) else {
            raise!(py, TypeError, "candidates must be a list");
        };
        let mut known = Vec::new();
        for candidate in candidates.get(py).items() {
            match Gc::<Str>::cast(py, *candidate) {
                Some(candidate) => known.push(candidate.get(py).lossy()),
                None => raise!(py, TypeError, "all elements in 'candidates' must be strings"),
            }
        }
        Ok(suggestion(&item.get(py).lossy(), &known))
    }
}
