//! Where the items of a buffer are: shape, strides, and the walks over them.

use crate::object::Str;
use bredli_heap::{Gc, Trace, Tracer};

/// The length of one dimension and the distance in bytes between its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Number of items.
    pub len: usize,
    /// Bytes from one item to the next.
    pub stride: isize,
}

impl Trace for Dimension {
    const REFERENCES: bool = false;

    fn trace(&self, _: &mut Tracer) {}
}

/// Items in the memory of an exporter.
#[derive(Clone)]
pub struct Geometry {
    /// The format of an item, in the notation of `struct`.
    pub format: Gc<Str>,
    /// Bytes of an item.
    pub itemsize: usize,
    /// Where the first item starts.
    pub start: usize,
    /// The dimensions, outermost first.
    pub dimensions: Vec<Dimension>,
    /// Whether the items cannot be written.
    pub readonly: bool,
}

impl Geometry {
    /// Bytes of all items.
    pub fn byte_len(&self) -> usize {
        byte_len(&self.dimensions, self.itemsize)
    }

    /// Whether the items follow each other in C order.
    pub fn is_c_contiguous(&self) -> bool {
        is_c_contiguous(&self.dimensions, self.itemsize)
    }

    /// Append the bytes of all items, in C order.
    pub fn copy_into(&self, memory: &[u8], out: &mut Vec<u8>) {
        if self.is_c_contiguous() {
            let rest = memory.get(self.start..).unwrap_or_default();
            out.extend_from_slice(&rest[..self.byte_len().min(rest.len())]);
            return;
        }
        for at in Offsets::new(self.start, &self.dimensions) {
            out.extend_from_slice(memory.get(at..at + self.itemsize).unwrap_or_default());
        }
    }

    /// The bytes of all items, in C order.
    pub fn bytes(&self, memory: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.byte_len());
        self.copy_into(memory, &mut out);
        out
    }
}

/// Bytes of the items in these dimensions.
pub fn byte_len(dimensions: &[Dimension], itemsize: usize) -> usize {
    dimensions.iter().fold(itemsize, |len, dimension| len.saturating_mul(dimension.len))
}

/// Whether items in these dimensions follow each other in C order.
pub fn is_c_contiguous(dimensions: &[Dimension], itemsize: usize) -> bool {
    follow(dimensions.iter().rev(), dimensions, itemsize)
}

/// Whether items in these dimensions follow each other in Fortran order.
pub fn is_f_contiguous(dimensions: &[Dimension], itemsize: usize) -> bool {
    follow(dimensions.iter(), dimensions, itemsize)
}

fn follow<'a>(inner_first: impl Iterator<Item = &'a Dimension>, all: &[Dimension], itemsize: usize) -> bool {
    if all.iter().any(|dimension| dimension.len == 0) {
        return true;
    }
    let mut expected = itemsize as isize;
    for dimension in inner_first {
        if dimension.len > 1 && dimension.stride != expected {
            return false;
        }
        expected *= dimension.len as isize;
    }
    true
}

/// Dimensions of these lengths whose items follow each other in C order.
pub fn contiguous(lens: &[usize], itemsize: usize) -> Vec<Dimension> {
    let mut stride = itemsize as isize;
    let mut dimensions: Vec<Dimension> = lens
        .iter()
        .rev()
        .map(|len| {
            let dimension = Dimension { len: *len, stride };
            stride = stride.saturating_mul(*len as isize);
            dimension
        })
        .collect();
    dimensions.reverse();
    dimensions
}

/// The places of all items, in C order.
pub struct Offsets<'a> {
    dimensions: &'a [Dimension],
    position: Vec<usize>,
    at: isize,
    left: usize,
}

impl<'a> Offsets<'a> {
    /// Starts at the first item.
    pub fn new(start: usize, dimensions: &'a [Dimension]) -> Self {
        Offsets { dimensions, position: vec![0; dimensions.len()], at: start as isize, left: byte_len(dimensions, 1) }
    }
}

impl Iterator for Offsets<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let at = self.at as usize;
        for (dimension, position) in self.dimensions.iter().zip(&mut self.position).rev() {
            *position += 1;
            self.at += dimension.stride;
            if *position < dimension.len {
                break;
            }
            self.at -= dimension.stride * dimension.len as isize;
            *position = 0;
        }
        Some(at)
    }
}
