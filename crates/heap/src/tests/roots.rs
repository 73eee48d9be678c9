//! Roots: registered ones, native temporaries, stacks of this and of parked threads.

use super::*;
use std::sync::{Condvar, Mutex};

struct Machine {
    stack: Vec<u64>,
    top: usize,
    interned: Vec<Value>,
    classes: Vec<Value>,
}

impl Roots for Machine {
    fn trace(&mut self, tracer: &mut Tracer) {
        let range = self.stack.as_ptr_range();
        // SAFETY: the vector outlives the collection.
        unsafe { tracer.range(range.start, range.start.add(self.top)) }
    }

    fn trace_shape(&mut self, shape: u32, tracer: &mut Tracer) {
        if let Some(class) = self.classes.get(shape as usize) {
            tracer.value(*class);
        }
    }

    fn sweep(&mut self, alive: &Liveness) {
        self.interned.retain(|value| alive.is_alive_value(*value));
    }
}

#[test]
fn registered_roots_are_scanned_up_to_their_top() {
    let mut machine = Box::new(Machine { stack: vec![0; 512], top: 256, interned: Vec::new(), classes: Vec::new() });
    with_heap(Config::default(), |heap| {
        #[inline(never)]
        fn fill(heap: &mut Heap, machine: &mut Machine) {
            for i in 0..512 {
                let value: Value = node(heap, Value::small(i), None).into();
                // Words that are no references do no harm, and addresses inside a cell count.
                machine.stack[i as usize] = if i % 3 == 0 { value.bits() + 9 } else { value.bits() };
                machine.interned.push(value);
            }
        }
        // SAFETY: the machine outlives the heap's use and does not touch it.
        unsafe { heap.set_roots(&raw mut *machine) };
        away(|| fill(heap, &mut machine));
        clear_stack();
        heap.collect(true);
        assert!((256..260).contains(&machine.interned.len()), "{}", machine.interned.len());
        for i in 0..256 {
            assert_eq!(number(heap, machine.interned[i]), i as i64);
        }
        machine.stack[..4].copy_from_slice(&[u64::MAX, 1, 0x2, Value::float(1.5).bits()]);
        clear_stack();
        heap.collect(true);
        assert!(machine.interned.len() < 256 && machine.interned.len() >= 252);
    });
}

#[test]
fn classes_live_as_long_as_their_objects() {
    const SHAPES: usize = 400;
    let mut machine = Box::new(Machine { stack: Vec::new(), top: 0, interned: Vec::new(), classes: Vec::new() });
    with_heap(Config { stress: 50, ..Config::default() }, |heap| {
        // SAFETY: the machine outlives the heap's use and does not touch it.
        unsafe { heap.set_roots(&raw mut *machine) };
        #[inline(never)]
        fn make(heap: &mut Heap, machine: &mut Machine) -> Gc<List> {
            heap.set_shape_layout(SHAPES as u32, &NODE);
            let instances = list(heap);
            heap.set_collect_allowed(false);
            for shape in 0..SHAPES {
                heap.set_shape_layout(shape as u32, if shape == LISTS as usize { &LIST } else { &NODE });
                let class = node(heap, Value::small(shape as i32), None);
                // Classes are instances of a class themselves.
                class.header().set_shape(SHAPES as u32);
                machine.classes.push(class.into());
                machine.interned.push(class.into());
                let instance = node(heap, Value::small(shape as i32), None);
                if shape != LISTS as usize {
                    instance.header().set_shape(shape as u32);
                }
                if shape % 2 == 0 {
                    push(heap, instances, instance.into());
                }
            }
            heap.set_collect_allowed(true);
            instances
        }
        let instances = away(|| make(heap, &mut machine));
        for round in 0..6 {
            clear_stack();
            heap.collect(round % 2 == 1);
            for _ in 0..200 {
                node(heap, Value::NONE, None);
            }
        }
        assert!((SHAPES / 2..SHAPES / 2 + 8).contains(&machine.interned.len()), "{}", machine.interned.len());
        for index in 0..SHAPES / 2 {
            let class = machine.classes[instances.get(heap).items[index].header().shape() as usize];
            // SAFETY: all classes are nodes.
            let class = unsafe { Gc::<Node>::from_value(class) };
            assert_eq!(class.get(heap).fields[0].get().and_then(Value::as_int), Some(2 * index as i64));
        }
    });
}

#[test]
fn root_vectors_may_be_moved_and_dropped_in_any_order() {
    with_heap(Config { stress: 10, ..Config::default() }, |heap| {
        let mut held: Vec<(RootVec, i32)> = Vec::new();
        let mut random = Random(5);
        for i in 0..2000 {
            if held.len() > 10 {
                let at = random.below(held.len());
                held.swap_remove(at);
            }
            let mut vector = RootVec::new(heap);
            assert!(vector.is_empty());
            for k in 0..random.below(400) {
                let value = node(heap, Value::small(i + k as i32), None);
                vector.try_push(value.into()).expect("memory");
            }
            held.push((vector, i));
            let at = random.below(held.len());
            let (vector, first) = &held[at];
            assert!(vector.iter().enumerate().all(|(k, value)| number(heap, *value) == *first as i64 + k as i64));
        }
    });
}

#[test]
fn roots_may_outlive_their_heap() {
    let (first, mut second) = with_heap(Config::default(), |heap| {
        let value = node(heap, Value::small(1), None).into();
        let mut root = Root::new(heap, value);
        heap.collect(true);
        assert_eq!(number(heap, root.value()), 1);
        root.set(Value::small(7));
        (root, RootVec::from_slice(heap, &[Value::NONE]))
    });
    assert_eq!(first.value(), Value::small(7));
    second.push(Value::TRUE);
    assert_eq!(second.len(), 2);
}

#[test]
fn nothing_is_collected_where_it_must_not_be() {
    let mut heap = Heap::with_config(Config { stress: 1, ..Config::default() });
    heap.set_shape_layout(NODES, &NODE);
    let value = node(&mut heap, Value::small(1), None);
    assert_eq!(heap.collect(true), 0);
    heap.enter_thread(|heap| {
        heap.set_collect_allowed(false);
        for _ in 0..100 {
            node(heap, Value::NONE, None);
        }
        assert_eq!(heap.stats().majors + heap.stats().minors, 0);
        assert_eq!(number(heap, value.into()), 1);
    });
}

/// A heap that threads hand to each other.
struct Shared {
    heap: *mut Heap,
    taken: Mutex<bool>,
    changed: Condvar,
}

// SAFETY: the heap is only used by the thread that took the lock.
unsafe impl Sync for Shared {}

impl Shared {
    fn acquire(&self) {
        let mut taken = self.taken.lock().expect("no thread panics with it");
        while *taken {
            taken = self.changed.wait(taken).expect("no thread panics with it");
        }
        *taken = true;
    }

    fn release(&self) {
        *self.taken.lock().expect("no thread panics with it") = false;
        self.changed.notify_one();
    }
}

#[inline(never)]
fn tree(shared: &Shared, depth: u32, made: &mut u32) -> Value {
    *made += 1;
    if made.is_multiple_of(37) {
        // SAFETY: the lock is given up and taken again.
        unsafe {
            Heap::parked(shared.heap, || {
                shared.release();
                std::thread::yield_now();
                shared.acquire();
            })
        }
    }
    let (left, right) = match depth {
        0 => (Value::NONE, Value::NONE),
        _ => (tree(shared, depth - 1, made), tree(shared, depth - 1, made)),
    };
    // SAFETY: this thread holds the lock.
    let heap = unsafe { &mut *shared.heap };
    node(heap, left, Some(right)).into()
}

fn count(heap: &Heap, value: Value) -> u32 {
    let [left, right] = &as_node(value).get(heap).fields;
    match (left.get(), right.get()) {
        (Some(left), Some(right)) if left.is_heap() => 1 + count(heap, left) + count(heap, right),
        _ => 1,
    }
}

#[test]
fn stacks_of_parked_threads_are_scanned() {
    let mut heap = Heap::with_config(Config { stress: 20, ..Config::default() });
    heap.set_shape_layout(NODES, &NODE);
    let shared = Shared { heap: &raw mut heap, taken: Mutex::new(false), changed: Condvar::new() };
    let work = || {
        shared.acquire();
        let total = with_stack_base(|base| {
            // SAFETY: this thread holds the lock.
            unsafe { (*shared.heap).set_stack_base(base) };
            let (mut total, mut made) = (0, 0);
            for _ in 0..20 {
                let value = tree(&shared, 7, &mut made);
                // SAFETY: this thread holds the lock.
                total += count(unsafe { &*shared.heap }, value);
            }
            total
        });
        shared.release();
        total
    };
    let total: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("it counts")).sum()
    });
    assert_eq!(total, 4 * 20 * 255);
    assert!(heap.stats().minors > 100);
    heap.forget_parked();
}

#[test]
fn heaps_on_different_threads_are_independent() {
    std::thread::scope(|scope| {
        for seed in 0..3i32 {
            scope.spawn(move || {
                with_heap(Config { stress: 10, ..Config::default() }, |heap| {
                    let root = list(heap);
                    for i in 0..1000 {
                        let item = node(heap, Value::small(i + seed), None).into();
                        push(heap, root, item);
                    }
                    for i in 0..1000 {
                        let item = root.get(heap).items[i as usize];
                        assert_eq!(number(heap, item), (i + seed) as i64);
                    }
                });
            });
        }
    });
}
