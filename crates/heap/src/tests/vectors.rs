//! Vectors: their operations, growth, and who keeps their storage alive.

use super::*;

fn ints(heap: &Heap, list: Gc<List>) -> Vec<i64> {
    list.get(heap).items.iter().map(|value| value.as_int().expect("an int")).collect()
}

fn field(list: &mut List) -> &mut HeapVec<Value> {
    &mut list.items
}

#[test]
fn vectors_behave_like_vec() {
    with_heap(Config { stress: 3, ..Config::default() }, |heap| {
        let root = list(heap);
        let mut model: Vec<i64> = Vec::new();
        let mut random = Random(7);
        for step in 0..3000i32 {
            let (value, len) = (Value::small(step), model.len());
            match random.below(8) {
                0..3 => {
                    heap.vec_push(root, field, value).expect("memory");
                    model.push(step.into());
                }
                3 => {
                    let at = random.below(len + 1);
                    heap.vec_insert(root, field, at, value).expect("memory");
                    model.insert(at, step.into());
                }
                4 if len > 0 => {
                    let at = random.below(len);
                    assert_eq!(root.get_mut(heap).items.remove(at).as_int(), Some(model.remove(at)));
                }
                5 => assert_eq!(root.get_mut(heap).items.pop().and_then(Value::as_int), model.pop()),
                6 => {
                    let start = random.below(len + 1);
                    let end = start + random.below(len - start + 1);
                    let new = [value; 5];
                    let new = &new[..random.below(6)];
                    heap.vec_splice(root, field, start..end, new).expect("memory");
                    model.splice(start..end, new.iter().map(|_| step.into()));
                }
                _ => {
                    heap.vec_extend_from(root, field, root, |list: &List| &list.items[..list.items.len().min(3)]).expect("memory");
                    model.extend_from_within(..len.min(3));
                    let keep = random.below(model.len() + 1).max(model.len().saturating_sub(4));
                    root.get_mut(heap).items.truncate(keep);
                    model.truncate(keep);
                }
            }
            assert_eq!(root.get(heap).items.len(), model.len());
        }
        assert_eq!(ints(heap, root), model);
    });
}

#[test]
fn huge_vectors_grow_in_place() {
    with_heap(Config::default(), |heap| {
        let root = list(heap);
        let mut moves = 0;
        let mut at = std::ptr::null();
        for i in 0..1_000_000 {
            push(heap, root, Value::small(i));
            let now = root.get(heap).items.as_ptr();
            moves += (now != at) as u32;
            at = now;
        }
        assert!(moves < 60, "{moves}");
        assert!(root.get(heap).items.iter().enumerate().all(|(i, value)| value.as_int() == Some(i as i64)));
        heap.vec_resize(root, |list: &mut List| &mut list.items, 10, Value::NONE).expect("memory");
        assert_eq!(ints(heap, root), (0..10).collect::<Vec<_>>());
    });
}

#[test]
fn old_vectors_keep_what_is_put_into_them() {
    with_heap(Config::default(), |heap| {
        for len in [3usize, 500, 5000, 200_000] {
            let root = list(heap);
            root.get_mut(heap).items = HeapVec::filled(heap, 0, Value::NONE).expect("memory");
            for _ in 0..len {
                push(heap, root, Value::NONE);
            }
            for round in 0..4i32 {
                heap.collect(round % 2 == 0);
                let mut random = Random(len as u64);
                for i in 0..len.min(1000) {
                    let young = node(heap, Value::small(round), None).into();
                    root.get_mut(heap).items[random.below(len)] = young;
                    // A copy within the vector must be seen too.
                    root.get_mut(heap).items.copy_within(i..i + 1, random.below(len));
                }
                heap.collect(false);
                for _ in 0..1000 {
                    node(heap, Value::small(-1), None);
                }
                let items = rooted(heap, root);
                assert!(items.iter().all(|value| value.is_none() || (0..=round as i64).contains(&number(heap, *value))));
            }
        }
    });
}

#[test]
fn of_old_vectors_only_what_was_appended_is_looked_at() {
    with_heap(Config::default(), |heap| {
        let root = list(heap);
        for _ in 0..100_000 {
            push(heap, root, Value::NONE);
        }
        heap.collect(true);
        let before = heap.stats().remembered;
        for _ in 0..20 {
            for i in 0..20 {
                let young = node(heap, Value::small(i), None).into();
                push(heap, root, young);
            }
            heap.collect(false);
        }
        // When the storage grows, the list is remembered as a whole.
        let remembered = heap.stats().remembered - before;
        assert!(remembered <= 1, "{remembered}");
        let numbers: Vec<i64> = root.get(heap).items[100_000..].iter().map(|item| number(heap, *item)).collect();
        assert_eq!(numbers, (0..400).map(|i| i % 20).collect::<Vec<_>>());
    });
}

#[test]
fn appending_is_remembered_however_it_is_mixed_with_other_changes() {
    with_heap(Config { verify: true, ..Config::default() }, |heap| {
        let (root, other) = (list(heap), list(heap));
        let mut random = Random(11);
        for step in 0..20_000 {
            let young: Value = node(heap, Value::small(step), None).into();
            let len = root.get(heap).items.len();
            match random.below(12) {
                0..4 => push(heap, root, young),
                4 => heap.vec_extend(root, field, &[young, Value::NONE, young]).expect("memory"),
                5 => heap.vec_extend_from(other, field, root, |list| &list.items[list.items.len().saturating_sub(9)..]).expect("memory"),
                6 if len > 0 => root.get_mut(heap).items[random.below(len)] = young,
                7 => drop(root.get_mut(heap).items.pop()),
                8 => root.get_mut(heap).items.truncate(len.saturating_sub(random.below(20))),
                9 => heap.vec_push(root, |list| &mut list.pairs, (1, Some(young))).expect("memory"),
                10 => {
                    // Storage that changes its owner.
                    let items = root.get_mut(heap).items.take();
                    let kept = std::mem::replace(&mut other.get_mut(heap).items, items);
                    root.get_mut(heap).items = kept;
                }
                _ => {
                    heap.collect(random.below(4) == 0);
                    for item in root.get(heap).items.iter().chain(&*other.get(heap).items).filter(|item| item.is_heap()) {
                        assert!(number(heap, *item) <= step.into());
                    }
                    assert!(root.get(heap).pairs.iter().all(|pair| pair.1.is_some_and(|item| number(heap, item) <= step.into())));
                }
            }
        }
    });
}

#[test]
fn pairs_are_traced() {
    with_heap(Config { stress: 5, ..Config::default() }, |heap| {
        let root = list(heap);
        for i in 0..500 {
            let value = node(heap, Value::small(i), None).into();
            heap.vec_push(root, |list: &mut List| &mut list.pairs, (i as u64, Some(value))).expect("memory");
            heap.vec_push(root, |list: &mut List| &mut list.bytes, i as u8).expect("memory");
        }
        for i in 0..500 {
            let (key, value) = root.get(heap).pairs[i];
            assert_eq!((key, number(heap, value.expect("set"))), (i as u64, i as i64));
            assert_eq!(root.get(heap).bytes[i], i as u8);
        }
    });
}

#[test]
fn storage_in_a_local_keeps_its_items() {
    with_heap(Config { stress: 1, ..Config::default() }, |heap| {
        let mut items: HeapVec<Value> = HeapVec::with_capacity(heap, 64).expect("memory");
        for i in 0..64 {
            // The storage gets old here while the items are young.
            let value = node(heap, Value::small(i), None);
            items.push_within_capacity(value.into());
        }
        let root = list(heap);
        root.get_mut(heap).items = items;
        heap.collect(false);
        heap.collect(true);
        for i in 0..64 {
            let value = root.get(heap).items[i];
            assert_eq!(number(heap, value), i as i64);
        }
        // Moved out of its owner, as while a list is being sorted.
        let mut items = root.get_mut(heap).items.take();
        for i in 0..64 {
            items[i as usize] = node(heap, Value::small(100 + i), None).into();
        }
        for i in 0..64 {
            assert_eq!(number(heap, items[i]), 100 + i as i64);
        }
    });
}

#[test]
fn impossible_capacities_are_refused() {
    with_heap(Config::default(), |heap| {
        assert!(HeapVec::<Value>::with_capacity(heap, usize::MAX).is_err());
        assert!(HeapVec::<Value>::with_capacity(heap, 1 << 60).is_err());
        let root = list(heap);
        assert!(heap.vec_reserve(root, |list: &mut List| &mut list.items, usize::MAX - 2).is_err());
        push(heap, root, Value::NONE);
        assert!(heap.vec_reserve(root, |list: &mut List| &mut list.items, usize::MAX).is_err());
        assert!(heap.try_alloc_unclean(NODES, Kind::Leaf, 0, usize::MAX - 8).is_err());
    });
}
