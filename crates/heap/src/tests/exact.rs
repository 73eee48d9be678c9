//! Containers with exact roots only, so that Miri, which cannot scan stacks, runs them too.
//!
//! `MIRIFLAGS="-Zmiri-permissive-provenance -Zmiri-tree-borrows" cargo +nightly miri test -p bredli-heap exact`

use super::*;

/// A heap whose collections are all asked for, and a root for the test's objects.
fn with_roots(test: impl FnOnce(&mut Heap, &mut RootVec)) {
    with_heap(Config { nursery: usize::MAX, ..Config::default() }, |heap| {
        let mut roots = RootVec::new(heap);
        test(heap, &mut roots);
    });
}

#[test]
fn lists_survive_with_what_they_hold() {
    with_roots(|heap, roots| {
        roots.push(list(heap).into());
        for i in 0..60 {
            let (owner, item) = (as_list(roots[0]), node(heap, Value::small(i), None));
            push(heap, owner, item.into());
            heap.vec_push(owner, |list: &mut List| &mut list.pairs, (1, Some(item.into()))).expect("memory");
            heap.vec_insert(owner, |list: &mut List| &mut list.bytes, 0, i as u8).expect("memory");
            if i % 15 == 0 {
                heap.collect(i == 30);
            }
        }
        let owner = as_list(roots[0]);
        heap.vec_splice(owner, |list: &mut List| &mut list.items, 3..7, &[Value::NONE]).expect("memory");
        heap.vec_extend_from(owner, |list: &mut List| &mut list.items, owner, |list: &List| &list.items[..3]).expect("memory");
        heap.collect(true);
        assert_eq!(owner.get(heap).items.len(), 60);
        assert_eq!((number(heap, owner.get(heap).items[59]), number(heap, owner.get(heap).items[4])), (2, 7));
        assert_eq!((owner.get(heap).bytes[0], owner.get(heap).bytes.len()), (59, 60));
        assert_eq!(heap.referents(roots[0]).len(), 119);
        assert_eq!(heap.count_objects(), 61);
    });
}

#[test]
fn unreachable_objects_are_collected() {
    with_roots(|heap, roots| {
        for i in 0..300 {
            let object = node(heap, Value::small(i), None).into();
            if i % 3 == 0 {
                roots.push(object);
            }
        }
        if cfg!(miri) {
            assert_eq!(heap.collect(false), 200);
            roots.truncate(50);
            assert_eq!(heap.collect(true), 50);
            assert_eq!(heap.count_objects(), 50);
        } else {
            heap.collect(true);
            roots.truncate(50);
        }
        for _ in 0..300 {
            node(heap, Value::NONE, None);
        }
        assert!(roots.iter().enumerate().all(|(i, value)| number(heap, *value) == 3 * i as i64));
    });
}

#[test]
fn weak_fields_finalizers_and_payloads() {
    let log = Rc::new(RefCell::new(Vec::new()));
    with_roots(|heap, roots| {
        let holder = heap.alloc_object(REFERENCES, 0, Reference { header: Header::EMPTY, target: Weak::EMPTY });
        roots.push(holder.into());
        let target = node(heap, Value::small(1), None);
        heap.register_finalizer(target.into());
        heap.set_weak(holder.into(), |heap| &holder.get(heap).target, target.into());
        let owner = Owner { header: Header::EMPTY, log: log.clone(), number: 7 };
        heap.alloc_object(OWNERS, 0, owner);
        heap.collect(false);
        if cfg!(miri) {
            assert_eq!(heap.next_pending(), Some(Pending::Finalizer(target.into())));
            assert_eq!((number(heap, target.into()), heap.next_pending()), (1, None));
            assert_eq!(*log.borrow(), [7]);
        }
        heap.collect(true);
        if cfg!(miri) {
            assert_eq!(heap.next_pending(), Some(Pending::Callback(holder.into())));
        }
    });
    assert_eq!(*log.borrow(), [7]);
}

#[test]
fn what_the_start_made_stays() {
    with_roots(|heap, roots| {
        roots.push(list(heap).into());
        let mut next = 0..;
        for count in [20, 20, 20] {
            for i in next.by_ref().take(count) {
                let (owner, item) = (as_list(roots[0]), node(heap, Value::small(i), None));
                push(heap, owner, item.into());
            }
            if heap.stats().majors == 0 {
                heap.start_is_over();
            }
            heap.collect(false);
            heap.collect(true);
        }
        let owner = as_list(roots[0]);
        roots.clear();
        heap.collect(true);
        let items = &owner.get(heap).items;
        assert!((0..60).all(|i| number(heap, items[i]) == i as i64));
    });
}

#[test]
fn large_and_huge_cells() {
    with_roots(|heap, roots| {
        for bytes in [10_000, 600_000] {
            let cell = heap.alloc_raw(NODES, Kind::Values, 0, bytes);
            let item = node(heap, Value::small(9), None);
            // SAFETY: the length and the first slot are inside the cell; the barrier follows.
            unsafe {
                cell.add(1).cast::<usize>().write(bytes / 8 - 3);
                cell.add(3).cast::<Value>().write(item.into());
                heap.barrier(&*cell);
            }
            roots.push(Value::from_header(cell));
            heap.collect(true);
            // SAFETY: written above.
            assert_eq!(number(heap, unsafe { cell.add(3).cast::<Value>().read() }), 9);
        }
        roots.clear();
        heap.collect(true);
    });
}
