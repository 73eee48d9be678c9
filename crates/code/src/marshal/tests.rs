//! Unit tests of reading and writing marshalled values.

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

use super::{ErrorKind, read, read_image, write, write_image};
use crate::{CodeObject, Const, flag};

fn sample() -> Const {
    let inner = CodeObject {
        name: Wtf8Buf::from("f"),
        qualname: Wtf8Buf::from("g.<locals>.f"),
        code: vec![128, 0, 35, 0].into(),
        names: vec![Wtf8Buf::from("x"), Wtf8Buf::from("é")].into(),
        localsplusnames: vec![Wtf8Buf::from("x")].into(),
        localspluskinds: vec![0x26].into(),
        ..CodeObject::default()
    };
    Const::Tuple(vec![
        Const::Code(inner.into()),
        Const::Int(BigInt::from_parts(true, vec![u64::MAX, 1 << 63, 5])),
        Const::Int(BigInt::from(1i64 << 31)),
        Const::int(-(1 << 31)),
        Const::Float(-0.0),
        Const::Complex(1.5, f64::INFINITY),
        Const::FrozenSet(vec![Const::str("x"), Const::Bool(true)]),
        Const::Slice(Box::new([Const::None, Const::int(2), Const::Ellipsis])),
        Const::Bytes(vec![0, 255].into()),
        Const::str(&"long ".repeat(100)),
        Const::Str(Wtf8Buf::from_bytes(vec![0xED, 0xB2, 0x80]).expect("a surrogate")),
        Const::Tuple(vec![Const::None; 300]),
    ])
}

#[test]
fn what_is_written_is_read() {
    let value = sample();
    assert_eq!(read(&write(&value).expect("written")), Ok(value));
}

#[test]
fn cut_and_changed_bytes_are_errors_or_other_values() {
    let bytes = write(&sample()).expect("written");
    for length in 0..bytes.len() {
        assert_eq!(read(&bytes[..length]).expect_err("cut").kind, ErrorKind::Eof);
    }
    for position in 0..bytes.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = bytes.clone();
            changed[position] ^= change;
            let _ = read(&changed);
        }
    }
}

#[test]
fn depth_is_limited() {
    let mut bytes = b")\x01".repeat(100_000);
    bytes.push(b'N');
    assert_eq!(read(&bytes).expect_err("deep").message, "recursion limit exceeded");
}

#[test]
fn references_name_finished_objects() {
    assert_eq!(read(b")\x02\xe9\x05\x00\x00\x00r\x00\x00\x00\x00"), Ok(Const::Tuple(vec![Const::int(5), Const::int(5)])));
    assert_eq!(read(b"\xa9\x01r\x00\x00\x00\x00").expect_err("recursive").message, "bad marshal data (invalid reference)");
}

#[test]
fn an_image_keeps_all_fields() {
    let Const::Tuple(items) = sample() else { unreachable!() };
    let Const::Code(code) = &items[0] else { unreachable!() };
    let read = read_image(write_image(code).expect("written").leak()).expect("read");
    assert_eq!((read.names.count(), read.localsplusnames.count(), read.consts.count()), (2, 1, 0));
    assert_eq!(*read, **code);
    assert_eq!((&read.qualname, &read.localspluskinds), (&code.qualname, &code.localspluskinds));
}

#[test]
fn images_are_read_piece_by_piece() {
    let inner = CodeObject {
        name: Wtf8Buf::from("f"),
        qualname: Wtf8Buf::from("C.f"),
        argcount: 2,
        consts: vec![Const::str("same"), Const::Code(CodeObject { argcount: 1, flags: flag::VARARGS, ..CodeObject::default() }.into())]
            .into(),
        ..CodeObject::default()
    };
    let outer = CodeObject { consts: vec![Const::str("same"), Const::Code(inner.into())].into(), ..CodeObject::default() };
    let image = write_image(&outer).expect("written").leak();
    assert_eq!(read(image).map_err(|error| error.kind), Err(ErrorKind::Value));
    let read = read_image(image).expect("read");
    let [_, Const::Code(code)] = &read.consts[..] else { panic!("{read:?}") };
    assert_eq!((code.names(), code.plain_parameters()), ((&b"f"[..], &b"C.f"[..]), Some(2)));
    let Const::Code(innermost) = &code.clone().consts[1] else { panic!("{code:?}") };
    assert_eq!(innermost.plain_parameters(), None);
    assert_eq!((code.names(), code.plain_parameters()), ((&b"f"[..], &b"C.f"[..]), Some(2)));
    assert_eq!(*read, outer);
    for end in 0..image.len() {
        assert!(read_image(&image[..end]).is_err());
    }
}
