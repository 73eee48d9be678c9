//! Weak fields.

use super::*;

fn reference(heap: &mut Heap, target: Value) -> Gc<Reference> {
    let holder = heap.alloc_object(REFERENCES, 0, Reference { header: Header::EMPTY, target: Weak::EMPTY });
    heap.set_weak(holder.into(), |heap| &holder.get(heap).target, target);
    holder
}

fn target(heap: &Heap, holder: Value) -> Option<Value> {
    assert_eq!(holder.header().shape(), REFERENCES);
    // SAFETY: checked above.
    unsafe { Gc::<Reference>::from_value(holder) }.get(heap).target.get()
}

#[inline(never)]
fn make(heap: &mut Heap, targets: Gc<List>, holders: Gc<List>, count: i32) {
    for i in 0..count {
        let object = node(heap, Value::small(i), None).into();
        let holder = reference(heap, object).into();
        push(heap, targets, object);
        push(heap, holders, holder);
    }
}

#[test]
fn fields_are_cleared_when_their_targets_die() {
    for major in [false, true] {
        with_heap(Config::default(), |heap| {
            let (targets, holders) = (list(heap), list(heap));
            away(|| make(heap, targets, holders, 100));
            heap.collect(major);
            assert!(!heap.has_pending());
            away(|| make(heap, targets, holders, 100));
            for i in (0..200).step_by(2) {
                let object = targets.get(heap).items[i];
                let holder = holders.get(heap).items[i];
                assert_eq!(heap.weak_holders(object).collect::<Vec<_>>(), [holder]);
                targets.get_mut(heap).items[i] = Value::NONE;
            }
            clear_stack();
            heap.collect(major);
            let mut callbacks = 0;
            while let Some(pending) = heap.next_pending() {
                let Pending::Callback(holder) = pending else { panic!("no finalisers here") };
                assert_eq!(target(heap, holder), None);
                callbacks += 1;
            }
            // A minor collection does not look at the first hundred.
            let dead = if major { 100 } else { 50 };
            assert!((dead - 3..=dead).contains(&callbacks), "{callbacks}");
            for i in (1..200).step_by(2) {
                let (object, holder) = (targets.get(heap).items[i], holders.get(heap).items[i]);
                assert_eq!(target(heap, holder), Some(object));
            }
        });
    }
}

#[test]
fn dead_holders_get_no_callback_and_are_forgotten() {
    with_heap(Config::default(), |heap| {
        let targets = list(heap);
        #[inline(never)]
        fn make(heap: &mut Heap, targets: Gc<List>) {
            for i in 0..100 {
                let object = node(heap, Value::small(i), None).into();
                push(heap, targets, object);
                reference(heap, object);
            }
        }
        away(|| make(heap, targets));
        clear_stack();
        heap.collect(false);
        let objects = rooted(heap, targets);
        let holders: usize = objects.iter().map(|object| heap.weak_holders(*object).count()).sum();
        assert!(holders <= 3, "{holders}");
        assert!(!heap.has_pending());
    });
}

#[test]
fn a_field_can_be_pointed_elsewhere_or_cleared() {
    with_heap(Config::default(), |heap| {
        let (first, second) = (node(heap, Value::small(1), None), node(heap, Value::small(2), None));
        let holder = reference(heap, first.into());
        heap.set_weak(holder.into(), |heap| &holder.get(heap).target, second.into());
        assert_eq!(heap.weak_holders(first.into()).count(), 0);
        assert_eq!(heap.weak_holders(second.into()).collect::<Vec<_>>(), [holder.into()]);
        heap.collect(true);
        assert_eq!(holder.get(heap).target.get(), Some(second.into()));
        holder.get(heap).target.clear();
        assert_eq!(heap.weak_holders(second.into()).count(), 0);
        heap.collect(false);
        heap.set_weak(holder.into(), |heap| &holder.get(heap).target, Value::NONE);
        assert_eq!(holder.get(heap).target.get(), Some(Value::NONE));
        assert!(!heap.has_pending());
        assert_eq!((number(heap, first.into()), number(heap, second.into())), (1, 2));
    });
}
