//! Allocation and collection workloads: `cargo run --profile quick -p bredli-heap --example bench [name]`.
//!
//! Prints nanoseconds of CPU time per operation, the longest pause and the peak memory of each workload.

use bredli_heap::{Gc, Header, Heap, HeapVec, Kind, Layout, Object, Trace, Tracer, Value};
use std::cell::Cell;

fn clock(id: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for writing.
    unsafe { libc::clock_gettime(id, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn thread_time() -> u64 {
    clock(libc::CLOCK_THREAD_CPUTIME_ID)
}

fn peak_mib() -> f64 {
    // SAFETY: an all-zero `rusage` is valid, and the call fills it.
    let usage = unsafe {
        let mut usage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    usage.ru_maxrss as f64 / 1024.0
}

/// A fixed number of values behind the header.
#[repr(C)]
struct Record<const N: usize> {
    header: Header,
    fields: [Cell<Option<Value>>; N],
}

// SAFETY: repr(C) with the header first; the allocation below gives it `N` slots.
unsafe impl<const N: usize> Object for Record<N> {
    const LAYOUT: &'static Layout = &Layout::slots("record", 8 + 8 * N);
}

fn record<const N: usize>(heap: &mut Heap, fields: [Option<Value>; N]) -> Gc<Record<N>> {
    let cell = heap.alloc_slots(0, N as u8).cast::<Record<N>>();
    // SAFETY: the cell has `N` slots.
    unsafe {
        (*cell).fields = fields.map(Cell::new);
        Gc::from_ptr(cell)
    }
}

/// Plain numbers.
#[repr(C)]
struct Leaf {
    header: Header,
    numbers: [u64; 3],
}

static LEAF: Layout = Layout::leaf("leaf", size_of::<Leaf>());

// SAFETY: repr(C) with the header first; no references.
unsafe impl Object for Leaf {
    const LAYOUT: &'static Layout = &LEAF;
}

/// A list.
#[repr(C)]
struct List {
    header: Header,
    items: HeapVec<Value>,
}

static LIST: Layout = Layout::custom("list", size_of::<List>(), trace_list);

// SAFETY: called with a live `List`.
unsafe fn trace_list(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: the shape is only used for lists.
    unsafe { (*header.cast::<List>()).items.trace(tracer) }
}

// SAFETY: repr(C) with the header first; the items are traced.
unsafe impl Object for List {
    const LAYOUT: &'static Layout = &LIST;
}

const LIST_SHAPE: u32 = 1;

fn list(heap: &mut Heap, len: usize) -> Gc<List> {
    let items = HeapVec::filled(heap, len, Value::NONE).expect("memory");
    heap.alloc_object(LIST_SHAPE, 0, List { header: Header::EMPTY, items })
}

fn record_of<const N: usize>(value: Value) -> Gc<Record<N>> {
    // SAFETY: the workloads know what they stored.
    unsafe { Gc::from_value(value) }
}

#[derive(Clone, Copy)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

const SEED: Random = Random(88172645463325252);

#[inline(never)]
fn tree(heap: &mut Heap, depth: u32) -> Value {
    if depth == 0 {
        return record(heap, [Some(Value::NONE); 2]).into();
    }
    let left = tree(heap, depth - 1);
    let right = tree(heap, depth - 1);
    record(heap, [Some(left), Some(right)]).into()
}

fn count(heap: &Heap, value: Value) -> u64 {
    let node = record_of::<2>(value).get(heap);
    match (node.fields[0].get(), node.fields[1].get()) {
        (Some(left), Some(right)) if left.is_heap() => 1 + count(heap, left) + count(heap, right),
        _ => 1,
    }
}

fn trees(heap: &mut Heap, depth: u32) -> (f64, u64) {
    let stretch = tree(heap, depth + 1);
    let mut sum = count(heap, stretch);
    let long = tree(heap, depth);
    let mut operations = (1u64 << (depth + 2)) + (1u64 << (depth + 1));
    for depth_now in (4..=depth).step_by(2) {
        let times = 1u64 << (depth - depth_now + 4);
        for _ in 0..times {
            let short = tree(heap, depth_now);
            sum += count(heap, short);
        }
        operations += times << (depth_now + 1);
    }
    (operations as f64, sum + count(heap, long))
}

fn window(heap: &mut Heap, times: usize) -> (f64, u64) {
    let recent = list(heap, 1000);
    let mut sum = 0;
    for i in 0..times {
        let leaf: Value = heap.alloc_object(0, 0, Leaf { header: Header::EMPTY, numbers: [i as u64, 5, 7] }).into();
        let items = &mut recent.get_mut(heap).items;
        let slot = &mut items[i % 1000];
        sum += slot.is_heap() as u64;
        *slot = leaf;
    }
    (times as f64, sum)
}

const BUCKETS: usize = 1 << 20;

fn build(heap: &mut Heap, entries: usize) -> Gc<List> {
    let table = list(heap, BUCKETS);
    let mut random = SEED;
    for i in 0..entries {
        let leaf = heap.alloc_object(0, 0, Leaf { header: Header::EMPTY, numbers: [i as u64, 1, 2] });
        let bucket = (random.next() >> 20) as usize % BUCKETS;
        let chain = table.get(heap).items[bucket];
        let entry = record(heap, [Value::small(i as i32), leaf.into(), chain, Value::small(bucket as i32)].map(Some));
        table.get_mut(heap).items[bucket] = entry.into();
    }
    table
}

fn sum(heap: &Heap, table: Gc<List>) -> u64 {
    let mut sum = 0;
    for head in table.get(heap).items.iter() {
        let mut at = *head;
        while at.is_heap() {
            let fields = &record_of::<4>(at).get(heap).fields;
            let leaf = fields[1].get().expect("set");
            // SAFETY: field 1 is a leaf.
            sum += unsafe { Gc::<Leaf>::from_value(leaf) }.get(heap).numbers[0];
            at = fields[2].get().expect("set");
        }
    }
    sum
}

fn churn(heap: &mut Heap, times: usize) {
    let recent = list(heap, 1000);
    for i in 0..times {
        let node = record(heap, [Some(Value::small(i as i32)), Some(Value::NONE)]);
        recent.get_mut(heap).items[i % 1000] = node.into();
    }
}

fn stores(heap: &mut Heap, times: usize, barrier: bool) {
    const NODES: usize = 4096;
    let nodes = list(heap, NODES);
    for i in 0..NODES {
        let node = record(heap, [Some(Value::NONE); 4]);
        nodes.get_mut(heap).items[i] = node.into();
    }
    heap.collect(true);
    let mut random = SEED;
    for _ in 0..times {
        let bits = random.next();
        let items = &nodes.get(heap).items;
        let (source, target) = (items[bits as usize % NODES], items[(bits >> 20) as usize % NODES]);
        let field = (bits >> 40) as usize % 4;
        let source = record_of::<4>(source);
        let object = if barrier { &*source.get_mut(heap) } else { source.get(heap) };
        object.fields[field].set(Some(target));
    }
}

fn append(heap: &mut Heap, times: usize, objects: bool) -> u64 {
    let target = list(heap, 0);
    for i in 0..times {
        let item = if objects { record(heap, [Some(Value::NONE); 2]).into() } else { Value::small(i as i32) };
        heap.vec_push(target, |list: &mut List| &mut list.items, item).expect("memory");
    }
    target.get(heap).items.len() as u64
}

fn raw(heap: &mut Heap, times: usize) -> u64 {
    let mut sum = 0;
    for i in 0..times {
        sum ^= heap.alloc_raw(0, Kind::Leaf, 0, 16 + (i & 63)) as u64;
    }
    sum
}

fn report(heap: &mut Heap, name: &str, start: u64, operations: f64, check: u64) {
    let time = (thread_time() - start) as f64;
    let stats = heap.stats();
    let pauses: Vec<u64> = heap.take_collections().iter().map(|collection| collection.time).collect();
    println!(
        "{name:12} {:8.3} ns/op  pause {:7.2} ms  peak {:6.1} MiB  minors {} majors {} remembered {} gc {:.0} ms  ({check})",
        time / operations,
        pauses.iter().max().map_or(0.0, |longest| *longest as f64 / 1e6),
        peak_mib(),
        stats.minors,
        stats.majors,
        stats.remembered,
        pauses.iter().sum::<u64>() as f64 / 1e6,
    );
}

fn run(name: &str) {
    let mut heap = Heap::new();
    heap.record_collections(Some(Box::new(thread_time)));
    heap.set_shape_layout(0, &LEAF);
    heap.set_shape_layout(LIST_SHAPE, &LIST);
    heap.enter_thread(|heap| {
        let start = thread_time();
        match name {
            "trees" => {
                let (operations, check) = trees(heap, 18);
                report(heap, name, start, operations, check);
            }
            "window" => {
                let (operations, check) = window(heap, 50_000_000);
                report(heap, name, start, operations, check);
            }
            "build" => {
                let table = build(heap, 2_500_000);
                report(heap, name, start, 5e6, 0);
                heap.collect(true);
                let (start, before) = (thread_time(), heap.stats().marked);
                heap.collect(true);
                report(heap, "full mark", start, (heap.stats().marked - before) as f64, 0);
                heap.reset_stats();
                let start = thread_time();
                churn(heap, 100_000_000);
                report(heap, "churn", start, 1e8, sum(heap, table));
            }
            "stores" => {
                stores(heap, 50_000_000, false);
                report(heap, "no barrier", start, 5e7, 0);
                let start = thread_time();
                stores(heap, 50_000_000, true);
                report(heap, name, start, 5e7, 0);
            }
            "append" => {
                let check = append(heap, 20_000_000, false);
                report(heap, name, start, 2e7, check);
            }
            "objects" => {
                let check = append(heap, 5_000_000, true);
                report(heap, name, start, 5e6, check);
            }
            "raw" => {
                let check = raw(heap, 100_000_000);
                report(heap, name, start, 1e8, check & 1);
            }
            _ => println!("there is no workload {name}"),
        }
    });
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        for name in ["trees", "window", "build", "stores", "append", "objects", "raw"] {
            run(name);
        }
    }
    for name in &names {
        run(name);
    }
}
