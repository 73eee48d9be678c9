//! The geometry of the heap: chunks, blocks, granules and size classes.

/// Cells start at multiples of this.
pub(crate) const GRANULE: usize = 16;
/// A block holds cells of one size.
pub(crate) const BLOCK_SHIFT: usize = 14;
pub(crate) const BLOCK: usize = 1 << BLOCK_SHIFT;
/// A chunk is aligned to its size and starts with its own tables.
pub(crate) const CHUNK_SHIFT: usize = 20;
pub(crate) const CHUNK: usize = 1 << CHUNK_SHIFT;
pub(crate) const CHUNK_MASK: usize = CHUNK - 1;
pub(crate) const BLOCKS: usize = CHUNK / BLOCK;
/// Words of a chunk's bitmap, one bit per granule.
pub(crate) const MAP_WORDS: usize = CHUNK / GRANULE / 64;
/// Words of the bitmap for one block.
pub(crate) const BLOCK_WORDS: usize = BLOCK / GRANULE / 64;
/// Larger cells get blocks of their own.
pub(crate) const MAX_SMALL: usize = BLOCK / 2;
/// Larger cells get a mapping of their own.
pub(crate) const MAX_LARGE: usize = CHUNK / 2;

/// Cells up to this size are zeroed a run at a time, larger ones each for itself and only where that is needed.
pub(crate) const STEPPED: usize = 256;
pub(crate) const STEPS: usize = STEPPED / GRANULE;
/// Number of size classes: every 16 bytes up to 256, then four per doubling.
pub(crate) const CLASSES: usize = STEPS + 4 * (MAX_SMALL.ilog2() - STEPPED.ilog2()) as usize;

/// Cell size of each class.
pub(crate) const CELL: [usize; CLASSES] = cell_sizes();

const fn cell_sizes() -> [usize; CLASSES] {
    let mut sizes = [0; CLASSES];
    let mut class = 0;
    while class < STEPS {
        sizes[class] = (class + 1) * GRANULE;
        class += 1;
    }
    while class < CLASSES {
        let base = STEPPED << ((class - STEPS) / 4);
        sizes[class] = base + base / 4 * ((class - STEPS) % 4 + 1);
        class += 1;
    }
    sizes
}

/// The smallest class for cells of `bytes` bytes, which are at least 1 and at most `MAX_SMALL`.
#[inline(always)]
pub(crate) const fn size_class(bytes: usize) -> usize {
    if bytes <= STEPPED {
        return (bytes - 1) / GRANULE;
    }
    let exponent = (bytes - 1).ilog2();
    let base = 1usize << exponent;
    let quarter = (bytes - base).div_ceil(base / 4);
    STEPS + (exponent - STEPPED.ilog2()) as usize * 4 + quarter - 1
}

/// Of each class, the bits of a block's bitmap at which cells start.
pub(crate) static STARTS: [[u64; BLOCK_WORDS]; CLASSES] = {
    let sizes = cell_sizes();
    let mut table = [[0; BLOCK_WORDS]; CLASSES];
    let mut class = 0;
    while class < CLASSES {
        let mut cell = 0;
        while (cell + 1) * sizes[class] <= BLOCK {
            let bit = cell * sizes[class] / GRANULE;
            table[class][bit / 64] |= 1 << (bit % 64);
            cell += 1;
        }
        class += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_class_that_holds_it() {
        for bytes in 1..=MAX_SMALL {
            let class = size_class(bytes);
            assert!(CELL[class] >= bytes, "{bytes}");
            assert!(class == 0 || CELL[class - 1] < bytes, "{bytes}");
        }
        assert_eq!(CELL[CLASSES - 1], MAX_SMALL);
    }
}
