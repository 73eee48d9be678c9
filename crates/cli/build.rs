//! Links the command at a fixed address, with the compiler's unwinder inside.
//!
//! The interpreter's tables are full of pointers. In a position-independent executable the loader writes each of them when a process
//! starts, which costs two milliseconds and makes private copies of two hundred pages. Libraries, the stack and the heaps are still
//! placed at random. Loading the unwinder from a library of its own, which the standard library would do, costs half a millisecond.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}
