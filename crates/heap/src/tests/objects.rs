//! Looking at the heap from outside.

use super::*;

#[test]
fn all_objects_are_listed_once() {
    with_heap(Config::default(), |heap| {
        let root = list(heap);
        for round in 0..3 {
            for i in 0..1000 {
                let item = node(heap, Value::small(i), None).into();
                push(heap, root, item);
            }
            let big = heap.alloc_raw(NODES, Kind::Leaf, 0, 100_000 << (4 * (round % 2)));
            push(heap, root, Value::from_header(big));
            let mut objects: Vec<u64> = heap.objects().iter().map(|object| object.bits()).collect();
            objects.sort_unstable();
            let mut expected: Vec<u64> = root.get(heap).items.iter().map(|item| item.bits()).chain([Value::from(root).bits()]).collect();
            expected.sort_unstable();
            assert_eq!(objects, expected);
            heap.collect(round % 2 == 0);
        }
        heap.freeze();
        assert_eq!(heap.frozen(), 3004);
        heap.unfreeze();
        assert_eq!(heap.frozen(), 0);
    });
}

#[test]
fn referents_are_listed_without_storage() {
    with_heap(Config::default(), |heap| {
        let root = list(heap);
        let mut expected = Vec::new();
        for i in 0..1000 {
            let item: Value = node(heap, Value::small(i), None).into();
            push(heap, root, item);
            push(heap, root, Value::NONE);
            heap.vec_push(root, |list: &mut List| &mut list.pairs, (1, Some(item))).expect("memory");
            expected.extend([item.bits(); 2]);
        }
        let mut found: Vec<u64> = heap.referents(root.into()).iter().map(|value| value.bits()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(heap.referents(Value::small(1)).len(), 0);
        let pair = node(heap, root.into(), Some(Value::TRUE));
        assert_eq!(heap.referents(pair.into())[..], [root.into()]);
        assert_eq!(heap.referrers(&[root.into()])[..], [pair.into()]);
    });
}

#[test]
fn sizes_include_the_storage_of_vectors() {
    with_heap(Config::default(), |heap| {
        let root = list(heap);
        let empty = heap.size_of(root.into());
        assert!((size_of::<List>()..size_of::<List>() + 16).contains(&empty));
        for i in 0..100_000 {
            push(heap, root, Value::small(i));
        }
        let full = heap.size_of(root.into());
        assert!((800_000..1_000_000).contains(&full), "{full}");
        assert_eq!(heap.size_of(Value::NONE), 0);
    });
}

#[test]
fn trailing_slots_are_traced() {
    with_heap(Config { stress: 1, ..Config::default() }, |heap| {
        // As an instance of a Python subclass of a native class.
        let empty = List { header: Header::EMPTY, items: HeapVec::EMPTY, pairs: HeapVec::EMPTY, bytes: HeapVec::EMPTY };
        let custom = heap.alloc_object(LISTS, 3, empty);
        let leaf = heap.alloc_object(REFERENCES, 3, Reference { header: Header::EMPTY, target: Weak::EMPTY });
        for (object, size) in [(Value::from(custom), size_of::<List>()), (leaf.into(), size_of::<Reference>())] {
            for i in 0..3 {
                let value = node(heap, Value::small(i), None);
                // SAFETY: the object was allocated with three trailing slots; the barrier follows.
                unsafe { object.as_header().cast::<u8>().add(size).cast::<Value>().cast_mut().add(i as usize).write(value.into()) };
                heap.barrier(object.header());
            }
            heap.collect(false);
            for i in 0..3 {
                // SAFETY: written above.
                let value = unsafe { object.as_header().cast::<u8>().add(size).cast::<Value>().add(i).read() };
                assert_eq!(number(heap, value), i as i64);
            }
        }
    });
}

#[test]
fn cells_can_be_cut_off_a_cache_from_outside() {
    with_heap(Config::default(), |heap| {
        let (cache, size) = Heap::cache_for(size_of::<Node>()).expect("a small size");
        assert_eq!((size, Heap::cache_for(0), Heap::cache_for(1 << 20)), (32, None, None));
        node(heap, Value::NONE, None);
        let root = list(heap);
        for i in 0..1000 {
            // As machine code does, which knows the offsets and calls the heap when a cache is empty.
            let heap_address = (&raw mut *heap).cast::<u8>();
            // SAFETY: the offsets are those of the cache; its memory is free.
            let item = unsafe {
                let cursor = heap_address.add(Heap::CACHES + cache * Heap::CACHE_SIZE + Heap::CACHE_CURSOR).cast::<*mut u8>();
                let limit = heap_address.add(Heap::CACHES + cache * Heap::CACHE_SIZE + Heap::CACHE_LIMIT).cast::<*mut u8>();
                let cell = *cursor;
                let next = cell.wrapping_add(size);
                if next > *limit {
                    node(heap, Value::small(i), None)
                } else {
                    *cursor = next;
                    assert_eq!(std::slice::from_raw_parts(cell, size), [0; 32]);
                    let cell = cell.cast::<Node>();
                    (*cell).header = Header::new(NODES, Kind::Slots, 2);
                    (*cell).fields[0].set(Some(Value::small(i)));
                    Gc::from_ptr(cell)
                }
            };
            push(heap, root, item.into());
            if i % 100 == 0 {
                heap.collect(i % 200 == 0);
            }
        }
        for i in 0..1000 {
            let item = root.get(heap).items[i];
            assert_eq!(number(heap, item), i as i64);
        }
    });
}
