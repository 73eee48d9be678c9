//! Random programs under frequent collections, fragmentation, deep stacks.

use super::*;

/// A random mutation of a graph of lists and nodes, compared with a model at every step that reads. What a third of the steps makes is permanent.
fn mutate(heap: &mut Heap, seed: u64, steps: usize) {
    const LISTS: usize = 12;
    let mut random = Random(seed);
    let root = list(heap);
    let mut model: Vec<Vec<i32>> = vec![Vec::new(); LISTS];
    for _ in 0..LISTS {
        let inner = list(heap).into();
        push(heap, root, inner);
    }
    for step in 0..steps as i32 {
        if step as usize == steps / 3 {
            heap.start_is_over();
        }
        let which = random.below(LISTS);
        let inner = as_list(root.get(heap).items[which]);
        match random.below(10) {
            0..5 => {
                let shared = node(heap, Value::small(step), None).into();
                let outer = node(heap, Value::small(step), Some(shared)).into();
                push(heap, inner, outer);
                model[which].push(step);
            }
            5 => {
                let fresh = list(heap);
                heap.vec_extend_from(fresh, |list: &mut List| &mut list.items, inner, |list: &List| &list.items).expect("memory");
                root.get_mut(heap).items[which] = fresh.into();
            }
            6 => {
                let other = random.below(LISTS);
                root.get_mut(heap).items.swap(which, other);
                model.swap(which, other);
            }
            7 if !model[which].is_empty() => {
                let at = random.below(model[which].len());
                inner.get_mut(heap).items.remove(at);
                model[which].remove(at);
            }
            8 if model[which].len() > 40 => {
                inner.get_mut(heap).items.truncate(10);
                model[which].truncate(10);
            }
            _ => {
                for (value, expected) in inner.get(heap).items.iter().zip(&model[which]) {
                    let shared = as_node(*value).get(heap).fields[1].get().expect("set");
                    assert_eq!((number(heap, *value), number(heap, shared)), (*expected as i64, *expected as i64));
                }
                assert_eq!(inner.get(heap).items.len(), model[which].len());
            }
        }
    }
}

#[test]
fn random_programs_survive_collection_at_every_allocation() {
    for (stress, steps) in [(1, 3000), (2, 5000), (7, 10_000), (100, 30_000)] {
        with_heap(Config { stress, verify: stress == 100, ..Config::default() }, |heap| {
            mutate(heap, 88172645463325252 + stress as u64, steps);
            assert!(heap.stats().minors > 0 && heap.stats().majors > 0);
        });
    }
}

#[test]
fn random_programs_survive_ordinary_collections() {
    with_heap(Config { nursery: 64 << 10, ..Config::default() }, |heap| {
        mutate(heap, 99, 300_000);
        assert!(heap.stats().minors > 10);
    });
}

#[test]
fn cells_may_stay_unfinished_while_others_are_allocated() {
    with_heap(Config { stress: 1, ..Config::default() }, |heap| {
        for len in [4usize, 300, 3000] {
            let cell = heap.alloc_raw(NODES, Kind::Values, 2, 24 + 8 * (len + 2));
            for i in 0..len + 2 {
                let value = node(heap, Value::small(i as i32), None);
                // SAFETY: slot `i` is inside the cell; the barrier follows.
                unsafe {
                    cell.add(3 + i).cast::<Value>().write(value.into());
                    cell.add(1).cast::<usize>().write(i.min(len));
                    heap.barrier(&*cell);
                }
            }
            heap.collect(false);
            for i in 0..len {
                // SAFETY: the slots were set above.
                let value = unsafe { cell.add(3 + i).cast::<Value>().read() };
                assert_eq!(number(heap, value), i as i64);
            }
        }
    });
}

#[test]
fn memory_stays_bounded_under_random_survival() {
    with_heap(Config { nursery: 1 << 20, ..Config::default() }, |heap| {
        const KEPT: usize = 20_000;
        let root = list(heap);
        for _ in 0..KEPT {
            push(heap, root, Value::NONE);
        }
        let mut random = Random(3);
        for round in 0..200 {
            for _ in 0..KEPT {
                // Sizes drift, so blocks of every class end up nearly full or nearly empty.
                let bytes = 16 + 16 * random.below(1 + round % 20);
                let cell = Value::from_header(heap.alloc_raw(NODES, Kind::Leaf, 0, bytes));
                if random.below(3) == 0 {
                    root.get_mut(heap).items[random.below(KEPT)] = cell;
                }
            }
        }
        // Live are 4 MiB; the first major collection is due at 32 MiB, in blocks that are a third full.
        assert!(heap.used() <= 96 << 20, "{}", heap.used());
    });
}

#[test]
fn deep_recursion_keeps_every_frame_alive() {
    #[inline(never)]
    fn descend(heap: &mut Heap, depth: i32) -> i64 {
        let mine = node(heap, Value::small(depth), None);
        let below = if depth == 0 { 0 } else { descend(heap, depth - 1) };
        if depth % 16 == 0 {
            heap.collect(depth % 64 == 0);
        }
        assert_eq!(number(heap, mine.into()), depth as i64);
        below + 1
    }
    with_heap(Config { nursery: 16 << 10, ..Config::default() }, |heap| {
        assert_eq!(descend(heap, 2000), 2001);
    });
}

#[test]
fn large_cells_come_and_go() {
    with_heap(Config { nursery: 1 << 20, ..Config::default() }, |heap| {
        let mut random = Random(17);
        let mut kept = RootVec::new(heap);
        for i in 0..2000usize {
            let bytes = [9 << 10, 100 << 10, 500 << 10, 600 << 10, 3 << 20][random.below(5)] + random.below(4096);
            let cell = heap.alloc_raw(NODES, Kind::Leaf, 0, bytes).cast::<u8>();
            // SAFETY: both addresses are inside the cell's data.
            unsafe {
                assert_eq!((*cell.add(8), *cell.add(bytes - 1)), (0, 0));
                cell.add(8).cast::<usize>().write(i);
                cell.add(bytes - 1).write(1);
            }
            if kept.len() < 20 {
                kept.push(Value::from_header(cell.cast()));
            } else {
                let at = random.below(20);
                kept[at] = Value::from_header(cell.cast());
            }
        }
        // SAFETY: the number was written behind the header.
        let mut numbers: Vec<usize> = kept.iter().map(|value| unsafe { value.as_header().cast::<usize>().add(1).read() }).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 20);
        drop(kept);
        clear_stack();
        heap.collect(true);
        assert!(heap.used() < 32 << 20, "{}", heap.used());
    });
}

#[test]
fn forgotten_barriers_are_noticed() {
    with_heap(Config { verify: true, ..Config::default() }, |heap| {
        let old = node(heap, Value::NONE, None);
        heap.collect(false);
        let young = node(heap, Value::NONE, None);
        heap.barrier(old.header());
        old.get(heap).fields[1].set(Some(young.into()));
        heap.collect(false);
        let forgotten = away(|| node(heap, Value::NONE, None));
        // Keep the address, but not where the collector looks for it.
        let hidden = !Value::from(forgotten).bits();
        store_without_barrier(heap, old, std::hint::black_box(hidden));
        clear_stack();
        let marked = (hidden, old.header().log());
        assert_eq!(marked.1, 1);
        let map = heap.space.map;
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| heap.verify(map)));
        let text = outcome.expect_err("the young object is not marked");
        let text = text.downcast_ref::<String>().expect("a message");
        assert!(text.starts_with("node (shape 0, Slots)") && text.ends_with("without a write barrier"), "{text}");
    });
}

#[inline(never)]
fn store_without_barrier(heap: &Heap, target: Gc<Node>, hidden: u64) {
    // SAFETY: the word was that of a live object.
    target.get(heap).fields[0].set(unsafe { Value::from_bits(!hidden) });
}
