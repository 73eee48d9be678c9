//! What the start made, and roots that stay.

use super::*;

#[inline(never)]
fn fill(heap: &mut Heap, list: Gc<List>, count: i32) {
    for i in 0..count {
        let item = node(heap, Value::small(i), None).into();
        push(heap, list, item);
    }
}

/// A list of a start that made as much garbage.
fn started(heap: &mut Heap) -> Gc<List> {
    let list = list(heap);
    away(|| {
        fill(heap, list, 1000);
        for i in 0..1000 {
            node(heap, Value::small(i), None);
        }
    });
    heap.start_is_over();
    clear_stack();
    list
}

fn marked(heap: &mut Heap) -> usize {
    let before = heap.stats().marked;
    heap.collect(true);
    heap.stats().marked - before
}

#[test]
fn what_the_start_made_is_marked_once_and_stays() {
    with_heap(Config { verify: true, ..Config::default() }, |heap| {
        let list = started(heap);
        let dead = heap.collect(false);
        // Outgrown storage is garbage, too.
        assert!((990..1030).contains(&dead), "{dead}");
        assert_eq!(heap.stats().majors, 1);
        assert!(marked(heap) < 10);
        list.get_mut(heap).items.clear();
        assert_eq!(heap.collect(true), 0);
        assert!((1001..1020).contains(&heap.count_objects()), "{}", heap.count_objects());
    });
}

#[test]
fn what_permanent_objects_are_made_to_refer_to_lives() {
    for first in [false, true] {
        with_heap(Config { verify: true, ..Config::default() }, |heap| {
            let list = started(heap);
            if first {
                heap.collect(true);
            }
            // One way to write after the other: appended, new storage, stored.
            away(|| {
                let items = list.get_mut(heap).items.len();
                list.get_mut(heap).items.truncate(items / 2);
                heap.collect(true);
                fill(heap, list, 10);
                heap.collect(true);
                fill(heap, list, 5000);
                let stored: Value = node(heap, Value::small(-1), None).into();
                let holder = as_node(list.get(heap).items[3]);
                holder.get(heap).fields[1].set(Some(stored));
                heap.barrier(holder.header());
            });
            clear_stack();
            for _ in 0..3 {
                heap.collect(true);
                heap.collect(false);
                let items = rooted(heap, list);
                assert_eq!((items.len(), number(heap, items[509]), number(heap, items[5509])), (5510, 9, 4999));
                let stored = as_node(items[3]).get(heap).fields[1].get().expect("set");
                assert_eq!(number(heap, stored), -1);
            }
            list.get_mut(heap).items.truncate(500);
            clear_stack();
            let dead = heap.collect(true);
            assert!(dead >= 5000, "{dead}");
        });
    }
}

#[test]
fn large_objects_may_be_permanent() {
    with_heap(Config { verify: true, ..Config::default() }, |heap| {
        let list = list(heap);
        for bytes in [40_000, 3_000_000] {
            heap.vec_resize(list, |list: &mut List| &mut list.bytes, bytes, 7).expect("memory");
        }
        heap.start_is_over();
        heap.collect(true);
        assert!(marked(heap) < 5);
        assert_eq!(list.get(heap).bytes.last(), Some(&7));
        heap.vec_resize(list, |list: &mut List| &mut list.bytes, 5_000_000, 8).expect("memory");
        heap.collect(true);
        assert_eq!((list.get(heap).bytes[2_999_999], list.get(heap).bytes[4_999_999]), (7, 8));
    });
}

#[test]
fn kept_objects_live() {
    with_heap(Config::default(), |heap| {
        let mut kept = 0;
        for round in 0..6 {
            away(|| {
                let item: Value = node(heap, Value::small(round), None).into();
                heap.keep(item);
                let second: Value = node(heap, Value::small(10), None).into();
                heap.keep_all(|tracer| tracer.value(second));
            });
            kept += 2;
            if round == 2 {
                heap.start_is_over();
            }
            clear_stack();
            heap.collect(round % 2 == 1);
            assert!((kept..kept + 3).contains(&heap.count_objects()), "{} of {kept}", heap.count_objects());
        }
    });
}
