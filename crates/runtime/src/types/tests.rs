//! Containers against their models, through the operations Python code would use.

use crate::object::CompareOp;
use crate::types::shapes;
use crate::{Py, Settings};
use bredli_heap::{Gc, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

fn interpreter() -> Box<Py> {
    let settings = Settings { host: Arc::new(bredli_host::DeniedHost::default()), config: crate::Config::default(), native_stack: 1 << 20 };
    Py::new(settings).expect("start-up")
}

fn numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

#[test]
fn dictionaries_follow_a_model() {
    let py = &mut *interpreter();
    for range in [4, 12, 60, 3000] {
        let (dict, mut model, mut order) = (py.new_dict(), BTreeMap::new(), Vec::new());
        let mut next = numbers(range);
        for step in 0..20_000 {
            let number = next(range) as i32;
            let key = Value::small(number);
            if next(5) < 3 {
                py.dict_set(dict, key, Value::small(step)).expect("set");
                if model.insert(number, step).is_none() {
                    order.push(number);
                }
            } else {
                let removed = py.dict_remove(dict, key).expect("remove").map(|(_, value)| value);
                assert_eq!(removed, model.remove(&number).map(Value::small));
                order.retain(|k| *k != number);
            }
            assert_eq!(dict.get(py).len(), model.len());
            let key = next(range) as i32;
            let found = py.dict_get(dict, Value::small(key)).expect("get");
            assert_eq!(found, model.get(&key).copied().map(Value::small));
        }
        let keys: Vec<_> = dict.get(py).entries().iter().filter_map(|entry| entry.key).collect();
        assert_eq!(keys, order.iter().copied().map(Value::small).collect::<Vec<_>>());
        let copy = py.dict_copy(dict).expect("copy");
        assert!(py.dict_equal(dict, copy).expect("equal"));
    }
}

#[test]
fn a_queue_of_keys_does_not_fill_the_table() {
    let py = &mut *interpreter();
    let dict = py.new_dict();
    for number in 0..1000 {
        py.dict_set(dict, Value::small(number), Value::NONE).expect("set");
        if number >= 10 {
            py.dict_remove(dict, Value::small(number)).expect("remove").expect("present");
        }
    }
    assert_eq!(dict.get(py).len(), 10);
}

#[test]
fn sets_follow_a_model_and_come_out_in_order() {
    let py = &mut *interpreter();
    for range in [4, 60, 3000] {
        let (set, mut model) = (py.new_set(), BTreeMap::new());
        let mut next = numbers(range + 1);
        for _ in 0..20_000 {
            let number = next(range) as i32;
            if next(5) < 3 {
                let new = py.set_add(set, Value::small(number)).expect("add");
                assert_eq!(new, model.insert(number, ()).is_none());
            } else {
                let was = py.set_discard_hashed(set, number as i64, Value::small(number)).expect("discard");
                assert_eq!(was, model.remove(&number).is_some());
            }
        }
        let mut keys: Vec<_> = py.collect_iterable(set.into()).expect("iterable").iter().filter_map(|key| key.as_int()).collect();
        keys.sort_unstable();
        assert_eq!(keys, model.keys().map(|key| *key as i64).collect::<Vec<_>>());
    }
    let list = py.new_list(&[3, 1, 2, 9, 8].map(Value::small)).expect("list");
    let set = py.set_from_iterable(shapes::SET, list.into()).expect("set");
    assert_eq!(set_text(py, set.into()), "{1, 2, 3, 8, 9}");
}

fn set_text(py: &mut Py, set: Value) -> String {
    let keys = py.collect_iterable(set).expect("iterable");
    let keys: Vec<_> = keys.iter().map(|key| key.as_int().expect("an int").to_string()).collect();
    format!("{{{}}}", keys.join(", "))
}

#[test]
fn sorting_is_stable_and_tolerates_mixed_numbers() {
    let py = &mut *interpreter();
    let mut next = numbers(7);
    for size in [0, 1, 2, 31, 64, 1000] {
        let mut values: Vec<Value> = (0..size)
            .map(|_| match next(2) {
                0 => Value::small(next(50) as i32),
                _ => Value::float(next(100) as f64 / 2.0),
            })
            .collect();
        for reverse in [false, true] {
            let list = py.new_list(&values).expect("list");
            py.sort_list(list, None, reverse).expect("sorts");
            let number = |value: &Value| value.as_float().or(value.as_int().map(|int| int as f64)).expect("a number");
            values.sort_by(|a, b| {
                let (a, b) = (number(a), number(b));
                if reverse { b.total_cmp(&a) } else { a.total_cmp(&b) }
            });
            let sorted = list.get(py).items().to_vec();
            assert_eq!(sorted.iter().map(number).collect::<Vec<_>>(), values.iter().map(number).collect::<Vec<_>>());
        }
    }
}

#[test]
fn tuples_sort_by_their_items() {
    let py = &mut *interpreter();
    let mut next = numbers(9);
    let mut pairs = Vec::new();
    let list = py.new_list(&[]).expect("list");
    for number in 0..500 {
        let pair = (next(20) as i32, number);
        pairs.push(pair);
        let tuple = py.new_tuple(&[Value::small(pair.0), Value::NONE, Value::small(pair.1)]);
        py.list_push(list, tuple.into()).expect("push");
    }
    py.sort_list(list, None, false).expect("sorts");
    pairs.sort_unstable();
    let third: Vec<_> = (0..500).map(|i| Gc::<crate::object::Tuple>::known(py, list.get(py).items()[i]).get(py).items()[2]).collect();
    assert_eq!(third, pairs.iter().map(|pair| Value::small(pair.1)).collect::<Vec<_>>());
}

#[test]
fn slices_select_what_cpython_selects() {
    let py = &mut *interpreter();
    let list = py.new_list(&[0, 1, 2, 3, 4, 5].map(Value::small)).expect("list");
    let none = Value::NONE;
    let cases: [(Value, Value, Value, &[i32]); 6] = [
        (none, none, Value::small(-1), &[5, 4, 3, 2, 1, 0]),
        (Value::small(4), Value::small(0), Value::small(-2), &[4, 2]),
        (Value::small(-2), none, none, &[4, 5]),
        (Value::small(1), Value::small(100), Value::small(3), &[1, 4]),
        (Value::small(4), Value::small(2), none, &[]),
        (Value::small(100), none, Value::small(-4), &[5, 1]),
    ];
    for (start, stop, step, wanted) in cases {
        let slice = py.new_slice(start, stop, step);
        let part = py.get_item(list.into(), slice.into()).expect("a slice");
        let expected = py.new_list(&wanted.iter().copied().map(Value::small).collect::<Vec<_>>()).expect("list");
        assert!(py.compare_bool(CompareOp::Eq, part, expected.into()).expect("comparable"), "{wanted:?}");
    }
    let slice = py.new_slice(none, none, Value::small(2));
    py.del_item(list.into(), slice.into()).expect("deletes");
    assert_eq!(list.get(py).items(), [1, 3, 5].map(Value::small));
}
