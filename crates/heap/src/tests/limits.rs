//! The memory limit.

use super::*;

const MIB: usize = 1 << 20;

#[test]
fn small_allocations_make_an_error_pending_and_go_on() {
    with_heap(Config { limit: 16 * MIB, nursery: MIB, ..Config::default() }, |heap| {
        let breaker = std::sync::Arc::new(std::sync::atomic::AtomicU32::new(1));
        heap.connect_breaker(breaker.clone(), 4);
        let root = list(heap);
        let mut errors = 0;
        for i in 0..2_000_000 {
            let item = node(heap, Value::small(i), None).into();
            if heap.vec_push(root, |list: &mut List| &mut list.items, item).is_err() || heap.take_memory_pending() {
                errors += 1;
                if errors == 5 {
                    break;
                }
                // The handler allocates too.
                for _ in 0..1000 {
                    node(heap, Value::NONE, None);
                }
                heap.take_memory_pending();
                root.get_mut(heap).items.truncate(10);
            }
        }
        assert_eq!(errors, 5);
        assert_eq!(breaker.load(std::sync::atomic::Ordering::Relaxed), 5);
        assert!(heap.used() <= 20 * MIB, "{}", heap.used());
        for i in 0..10 {
            let item = root.get(heap).items[i];
            assert_eq!(number(heap, item), i as i64);
        }
    });
}

#[test]
fn buffers_are_refused_at_the_limit() {
    with_heap(Config { limit: 8 * MIB, ..Config::default() }, |heap| {
        assert_eq!(heap.try_alloc_unclean(NODES, Kind::Leaf, 0, 64 * MIB), Err(MemoryError));
        #[inline(never)]
        fn fill(heap: &mut Heap, root: Gc<List>) {
            let failed = (0..10 * MIB as i32).any(|i| heap.vec_push(root, |list: &mut List| &mut list.items, Value::small(i)).is_err());
            assert!(failed && !heap.memory_pending());
            let len = root.get(heap).items.len();
            assert!(len > 100_000 && root.get(heap).items[len - 1].as_int() == Some(len as i64 - 1));
        }
        let root = list(heap);
        away(|| fill(heap, root));
        root.get_mut(heap).items = HeapVec::EMPTY;
        clear_stack();
        assert!(heap.try_alloc_unclean(NODES, Kind::Leaf, 0, 4 * MIB).is_ok());
        assert_eq!(heap.limit(), 8 * MIB);
    });
}

#[test]
fn external_memory_counts() {
    with_heap(Config { limit: 32 * MIB, ..Config::default() }, |heap| {
        let before = heap.used();
        heap.external(30 * MIB as isize);
        assert_eq!(heap.used(), before + 30 * MIB);
        assert!(heap.try_alloc_unclean(NODES, Kind::Leaf, 0, 4 * MIB).is_err());
        heap.external(-(30 * MIB as isize));
        assert!(heap.try_alloc_unclean(NODES, Kind::Leaf, 0, 4 * MIB).is_ok());
    });
}

#[test]
fn dead_memory_is_given_back() {
    with_heap(Config::default(), |heap| {
        #[inline(never)]
        fn fill(heap: &mut Heap) {
            let root = list(heap);
            for i in 0..1_000_000 {
                let item = node(heap, Value::small(i), None).into();
                push(heap, root, item);
            }
        }
        away(|| fill(heap));
        let full = heap.used();
        clear_stack();
        for _ in 0..4 {
            heap.collect(true);
        }
        assert!(full > 32 * MIB && heap.used() < 16 * MIB, "{full} {}", heap.used());
    });
}
