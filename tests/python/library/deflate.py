# zlib, and gzip and zipfile on top of it.
import gzip
import io
import random
import zipfile
import zlib


def attempt(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except Exception as error:
        print(type(error).__name__, error)


text = b"It is a truth universally acknowledged, " * 200
noise = random.Random(5).randbytes(70_000)
print(zlib.crc32(text), zlib.adler32(text), zlib.crc32(b"b", zlib.crc32(b"a")) == zlib.crc32(b"ab"), zlib.adler32(b"", 2**40 + 7))

for data in b"", b"a", text, noise, bytes(300_000):
    for level in -1, 0, 1, 6, 9:
        for wbits in 15, 9, -15, 31:
            packed = zlib.compress(data, level, wbits)
            assert zlib.decompress(packed, wbits) == data
            assert zlib.decompress(packed, wbits, 0) == data
            # Piece by piece, with a limit.
            stream, found, rest = zlib.decompressobj(wbits), b"", packed + b"tail"
            while not stream.eof:
                piece = stream.decompress(rest, 5000)
                assert len(piece) <= 5000
                found, rest = found + piece, stream.unconsumed_tail
            assert found == data and stream.unused_data == b"tail"

packer = zlib.compressobj(zdict=b"truth universally")
packed = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH) + packer.compress(b"end") + packer.flush()
attempt(packer.compress, b"a")
attempt(zlib.decompress, packed)
print(zlib.decompressobj(zdict=b"truth universally").decompress(packed) == text + b"end")
attempt(zlib.decompressobj(zdict=b"wrong").decompress, packed)
for strategy in range(5):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    assert zlib.decompress(packer.compress(text) + packer.flush(), -15) == text

attempt(zlib.compress, "a")
attempt(zlib.compress, b"a", 10)
attempt(zlib.compress, b"a", 1, 99)
attempt(zlib.compressobj, 1, 7)
attempt(zlib.compressobj, 1, 8, 99)
attempt(zlib.compressobj, 1, 8, 15, 10)
attempt(zlib.compressobj, 1, 8, 15, 8, 77)
attempt(zlib.decompressobj, 99)
attempt(zlib.decompressobj, zdict=5)
attempt(zlib.decompress, b"a")
attempt(zlib.decompress, b"abcdef")
attempt(zlib.decompress, zlib.compress(text)[:-1])
attempt(zlib.decompress, zlib.compress(text)[:-1] + b"a")
attempt(zlib.decompress, b"", 99)
attempt(zlib.decompress, b"", 15, -1)
attempt(zlib.decompress, b"", 15, 2**70)
attempt(zlib.decompressobj().decompress, b"", -1)
attempt(zlib.decompressobj().flush, 0)
print(zlib.decompressobj().flush())

stream = zlib._ZlibDecompressor()
print(len(stream.decompress(zlib.compress(text) + b"more", 100)), stream.needs_input, stream.eof)
print(len(stream.decompress(b"")), stream.needs_input, stream.eof, stream.unused_data)
attempt(stream.decompress, b"")

packed = gzip.compress(text, mtime=0) + gzip.compress(noise, mtime=0)
print(gzip.decompress(packed) == text + noise)
with gzip.open(io.BytesIO(packed)) as file:
    print(file.readline()[:10], file.seek(8000), file.read(5) == noise[:5])
attempt(gzip.decompress, packed[:-5])
attempt(gzip.decompress, b"nothing")

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
    file.writestr("folder/text.txt", text)
    file.writestr("noise", noise)
with zipfile.ZipFile(archive) as file:
    print(file.namelist(), file.testzip(), file.getinfo("folder/text.txt").compress_size < 200)
    print(file.read("noise") == noise, file.read("folder/text.txt") == text)
