//! Finalisers, resurrection, dropped payloads.

use super::*;

#[inline(never)]
fn doomed(heap: &mut Heap, count: i32) {
    for i in 0..count {
        let inner = node(heap, Value::small(1000 + i), None).into();
        let object = node(heap, Value::small(i), Some(inner));
        heap.register_finalizer(object.into());
    }
}

#[inline(never)]
fn run_finalizers(heap: &mut Heap, resurrect: Option<Gc<List>>) -> usize {
    let mut count = 0;
    while let Some(pending) = heap.next_pending() {
        let Pending::Finalizer(object) = pending else { panic!("no weak fields here") };
        let i = number(heap, object);
        let inner = as_node(object).get(heap).fields[1].get().expect("set");
        assert_eq!(number(heap, inner), 1000 + i);
        assert!(heap.is_finalized(object));
        if let Some(list) = resurrect {
            push(heap, list, object);
        }
        count += 1;
    }
    count
}

#[test]
fn finalizers_run_once_and_objects_may_be_resurrected() {
    for major in [false, true] {
        with_heap(Config { stress: 1_000_000, ..Config::default() }, |heap| {
            let saved = list(heap);
            away(|| doomed(heap, 100));
            clear_stack();
            heap.collect(major);
            // Between the collection and the finalisers others may happen.
            heap.collect(false);
            heap.collect(true);
            let first = away(|| run_finalizers(heap, Some(saved)));
            assert!((97..=100).contains(&first), "{first}");
            heap.collect(false);
            heap.collect(true);
            assert!(first + run_finalizers(heap, None) <= 100);
            let objects = rooted(heap, saved);
            assert!(objects.iter().all(|object| (0..100).contains(&number(heap, *object))));
            drop(objects);
            saved.get_mut(heap).items.truncate(0);
            saved.get_mut(heap).items = HeapVec::EMPTY;
            clear_stack();
            heap.collect(true);
            assert!(run_finalizers(heap, None) <= 3);
        });
    }
}

#[test]
fn weak_fields_to_finalizable_objects_outlive_the_finalizer() {
    with_heap(Config::default(), |heap| {
        let holders = list(heap);
        #[inline(never)]
        fn make(heap: &mut Heap, holders: Gc<List>) {
            for i in 0..50 {
                let inner = node(heap, Value::small(1000 + i), None).into();
                let object = node(heap, Value::small(i), Some(inner));
                heap.register_finalizer(object.into());
                let holder = heap.alloc_object(REFERENCES, 0, Reference { header: Header::EMPTY, target: Weak::EMPTY });
                heap.set_weak(holder.into(), |heap| &holder.get(heap).target, object.into());
                push(heap, holders, holder.into());
            }
        }
        away(|| make(heap, holders));
        clear_stack();
        heap.collect(false);
        let mut finalizers = 0;
        while let Some(pending) = heap.next_pending() {
            let Pending::Finalizer(object) = pending else { panic!("a callback came before the finalizers had run") };
            assert_eq!(heap.weak_holders(object).count(), 1);
            finalizers += 1;
        }
        assert!(finalizers >= 47, "{finalizers}");
        clear_stack();
        heap.collect(true);
        let mut callbacks = 0;
        while let Some(pending) = heap.next_pending() {
            assert!(matches!(pending, Pending::Callback(_)), "a finalizer ran twice");
            callbacks += 1;
        }
        assert!(callbacks >= 45, "{callbacks}");
        assert_eq!(holders.get(heap).items.len(), 50);
    });
}

#[test]
fn all_finalizers_can_be_queued_at_exit() {
    with_heap(Config::default(), |heap| {
        away(|| doomed(heap, 10));
        heap.collect_allowed = false;
        heap.queue_all_finalizers(|_| false);
        assert_eq!(run_finalizers(heap, None), 10);
        heap.queue_all_finalizers(|_| false);
        assert!(!heap.has_pending());
    });
}

#[inline(never)]
fn owners(heap: &mut Heap, log: &Rc<RefCell<Vec<u32>>>, from: u32, to: u32) {
    for number in from..to {
        let owner = Owner { header: Header::EMPTY, log: log.clone(), number };
        let owner = heap.alloc_object(OWNERS, 0, owner);
        assert!(owner.header().has_flags(flags::DESTRUCTIBLE));
    }
}

#[test]
fn payloads_are_dropped_once() {
    let log = Rc::new(RefCell::new(Vec::new()));
    with_heap(Config { stress: 50, ..Config::default() }, |heap| {
        let survivor = heap.alloc_object(OWNERS, 0, Owner { header: Header::EMPTY, log: log.clone(), number: 5000 });
        away(|| owners(heap, &log, 0, 1000));
        clear_stack();
        heap.collect(false);
        heap.collect(true);
        assert!(log.borrow().len() >= 990);
        assert_eq!(survivor.get(heap).number, 5000);
        away(|| owners(heap, &log, 1000, 1010));
    });
    let mut log = Rc::into_inner(log).expect("all payloads are gone").into_inner();
    log.sort_unstable();
    let expected: Vec<u32> = (0..1010).chain([5000]).collect();
    assert_eq!(log, expected);
}
