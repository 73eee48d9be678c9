//! Hashes against CPython's results, with `PYTHONHASHSEED` 0 and 42.

use bredli_num::{FrozensetHash, HashKey, TupleHash, hash_complex, hash_f64, hash_i64};

#[test]
fn strings() {
    let expected = [
        (
            0,
            [4644417185603328019, 4574395652268504554, 5876327869744847490, 6047309291227476195, 7542247858446192590, -8926728262118538918],
        ),
        (
            42,
            [
                -123207753977932514,
                -5457871895989710762,
                -6150078696426843901,
                5653850369683463245,
                6573934580854229043,
                -7412435959675129227,
            ],
        ),
    ];
    for (seed, hashes) in expected {
        let key = HashKey::from_seed(seed);
        let chars = |text: &'static str| key.hash_chars(text.chars().map(u32::from));
        let got = [key.hash_bytes(b"a"), chars("abcdefgh"), key.hash_bytes(b"hello world, abc"), chars("é"), chars("€uro"), chars("😀x")];
        assert_eq!(got, hashes);
        assert_eq!(chars("abcdefgh"), key.hash_bytes(b"abcdefgh"));
        assert_eq!((key.hash_bytes(b""), chars("")), (0, 0));
    }
}

#[test]
fn numbers() {
    let cases = [
        (0.5, 1152921504606846976),
        (1e300, 1224995262755759164),
        (-1.5, -1152921504606846977),
        (5e-324, 16777216),
        (2f64.powi(61), 1),
        (f64::INFINITY, 314159),
        (-1.0, -2),
        (1e19, 776627963145224196),
        (-2.5e-310, -386353265232576880),
    ];
    for (value, hash) in cases {
        assert_eq!(hash_f64(value), Some(hash), "{value}");
    }
    assert_eq!(hash_f64(f64::NAN), None);
    let part = |value| hash_f64(value).expect("not NaN");
    assert_eq!(hash_complex(part(1.1), part(2.2)), 1614090106861187207);
    assert_eq!(hash_i64(i64::MIN), part(i64::MIN as f64));
}

#[test]
fn containers() {
    let tuple = |items: &[i64]| {
        let mut hash = TupleHash::new();
        items.iter().for_each(|&item| hash.push(item));
        hash.finish()
    };
    assert_eq!(tuple(&[]), 5740354900026072187);
    assert_eq!(tuple(&[1]), -6644214454873602895);
    assert_eq!(tuple(&[1, 2, 3]), 529344067295497451);
    let set = |items: &[i64]| {
        let mut hash = FrozensetHash::new();
        items.iter().for_each(|&item| hash.add(item));
        hash.finish()
    };
    assert_eq!(set(&[]), 133146708735736);
    assert_eq!(set(&[3, 1, 2]), -272375401224217160);
}
