"""Small pictures of every kind that is read, each beside its pixels as Pillow or arithmetic gives them.

    python tests/golden/pictures.py     (needs Pillow; writes tests/golden/pictures)

NAME.jpg or NAME.png, and NAME.rgb: height rows of width pixels of red, green and blue.
"""

import random
import struct
import zlib
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent / "pictures"
SIDE = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def scene(width, height):
    """Smooth, but for one hard edge."""
    picture = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            red, green = x * 255 // width, y * 255 // height
            blue = 40 if x > width // 2 and y > height // 3 else 200
            picture.putpixel((x, y), (red, green, blue))
    return picture


def jpegs():
    for name, size, options in [
        ("full", (24, 18), {"subsampling": 0}),
        ("half", (24, 18), {"subsampling": 2}),
        ("wide", (23, 17), {"subsampling": 1}),
        ("passes", (37, 21), {"progressive": True}),
        ("restarts", (40, 24), {"restart_marker_blocks": 1}),
        ("rgb", (24, 18), {"keep_rgb": True}),
    ]:
        scene(*size).save(HERE / f"{name}.jpg", quality=90, **options)
    scene(24, 18).convert("L").save(HERE / "grey.jpg", quality=90)
    scene(24, 18).convert("L").save(HERE / "grey-passes.jpg", quality=90, progressive=True)
    scene(24, 18).convert("CMYK").save(HERE / "inks.jpg", quality=90)
    for path in sorted(HERE.glob("*.jpg")):
        if path.stem != "inks":
            path.with_suffix(".rgb").write_bytes(Image.open(path).convert("RGB").tobytes())


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, step, draw):
    """Each row behind a filter that is drawn."""
    out, before = b"", bytes(len(rows[0]))
    for row in rows:
        kind = draw.randrange(5)
        line = bytearray()
        for i, value in enumerate(row):
            a = row[i - step] if i >= step else 0
            b = before[i]
            c = before[i - step] if i >= step else 0
            guess = [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]
            line.append((value - guess) & 255)
        out += bytes([kind]) + line
        before = row
    return out


def packed(samples, depth):
    """Samples of a row as bytes."""
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def png(name, colour, depth, interlaced=False, clear=None, size=(13, 11)):
    draw = random.Random(name)
    width, height = size
    channels, most = SIDE[colour], (1 << depth) - 1
    colours = min(most + 1, 100)
    palette = [[draw.randrange(256) for _ in range(3)] for _ in range(colours)]
    top = colours - 1 if colour == 3 else most
    pixels = [[[draw.randint(0, top) for _ in range(channels)] for _ in range(width)] for _ in range(height)]
    if clear is not None and colour != 3:
        pixels[2][3] = list(clear)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        rows = []
        for y in range(y0, height, dy):
            samples = [s for x in range(x0, width, dx) for s in pixels[y][x]]
            rows.append(packed(samples, depth))
        if rows and rows[0]:
            data += filtered(rows, max(1, channels * depth // 8), draw)
    data = zlib.compress(data)
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced)))
    out += chunk(b"tEXt", b"Author\0nobody")
    if colour == 3:
        out += chunk(b"PLTE", bytes(v for entry in palette for v in entry))
    if clear is not None:
        out += chunk(b"tRNS", bytes(clear) if colour == 3 else b"".join(struct.pack(">H", v) for v in clear))
    half = len(data) // 2
    out += chunk(b"IDAT", data[:half]) + chunk(b"IDAT", data[half:]) + chunk(b"IEND", b"")
    (HERE / f"{name}.png").write_bytes(out)

    def byte(sample):
        return sample >> 8 if depth == 16 else sample * 255 // most

    def shown(pixel):
        alpha = 255
        if colour == 3:
            if clear is not None and pixel[0] < len(clear):
                alpha = clear[pixel[0]]
            rgb = palette[pixel[0]]
        elif colour in (4, 6):
            alpha, rgb = byte(pixel[-1]), [byte(s) for s in pixel[:-1]]
        else:
            alpha = 0 if clear is not None and pixel == list(clear) else 255
            rgb = [byte(s) for s in pixel]
        rgb = rgb * 3 if len(rgb) == 1 else rgb
        return bytes((v * alpha + 255 * (255 - alpha) + 127) // 255 for v in rgb)

    (HERE / f"{name}.rgb").write_bytes(b"".join(shown(p) for row in pixels for p in row))
    # Another reader agrees that it is a PNG of that size.
    with Image.open(HERE / f"{name}.png") as other:
        other.load()
        assert other.size == size, name


def pngs():
    png("grey1", 0, 1)
    png("grey2-interlaced", 0, 2, interlaced=True)
    png("grey4-clear", 0, 4, clear=[7])
    png("grey8-interlaced", 0, 8, interlaced=True, size=(3, 2))
    png("grey16-interlaced", 0, 16, interlaced=True)
    png("rgb8", 2, 8)
    png("rgb8-clear-interlaced", 2, 8, interlaced=True, clear=[1, 2, 3])
    png("rgb16-clear", 2, 16, clear=[1, 2, 300])
    png("palette1", 3, 1)
    png("palette2-interlaced", 3, 2, interlaced=True)
    png("palette4-clear", 3, 4, clear=[0, 128, 255])
    png("palette8-interlaced", 3, 8, interlaced=True, clear=[9] * 40)
    png("grey-alpha8-interlaced", 4, 8, interlaced=True)
    png("grey-alpha16", 4, 16)
    png("rgba8", 6, 8)
    png("rgba16-interlaced", 6, 16, interlaced=True)


HERE.mkdir(exist_ok=True)
jpegs()
pngs()
