"""Pure paths, and files in a temporary directory."""

import os
import pathlib
import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath

path = PurePosixPath("/usr/lib/python3.14/site.tar.gz")
print(path.name, path.stem, path.suffix, path.suffixes, path.parent, path.parts, path.anchor)
print(path.with_name("x"), path.with_suffix(".txt"), path.with_stem("y"), path.relative_to("/usr"), path / "../z")
print(path.is_relative_to("/usr"), path.match("*.gz"), path.full_match("/usr/**/*.gz"), PurePosixPath("a//b/./c"))
print(PureWindowsPath(r"C:\x\y.txt").drive, repr(PureWindowsPath("c:/a") / "b"), PureWindowsPath("A") == PureWindowsPath("a"))
with tempfile.TemporaryDirectory() as directory:
    top = Path(directory)
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "one.txt").write_text("héllo\nworld\n", encoding="utf-8")
    (top / "a" / "b" / "two.bin").write_bytes(b"\x00\xff")
    (top / "link").symlink_to("a/one.txt")
    print(sorted(str(p.relative_to(top)) for p in top.rglob("*")))
    print(sorted(p.name for p in top.glob("**/*.txt")), (top / "link").read_text(encoding="utf-8").split(), (top / "link").is_symlink())
    print([(str(p.relative_to(top)), sorted(d), sorted(f)) for p, d, f in top.walk()][1:])
    print((top / "a/b/two.bin").stat().st_size, (top / "a").exists(), (top / "none").exists(), os.path.samefile(top / "link", top / "a/one.txt"))
    (top / "a/one.txt").rename(top / "moved")
    (top / "link").unlink()
    try:
        (top / "a").rmdir()
    except OSError as error:
        print(type(error).__name__, error.strerror)
    try:
        (top / "none").read_text()
    except FileNotFoundError as error:
        print(error.errno, error.strerror, Path(error.filename).name)
