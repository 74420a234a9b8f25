#!/usr/bin/env python3
"""Makes the starter data for pictures: three signs on a card and none of them, shown
to a camera by eight invented people, as one zip.

Nothing here was photographed. A person is modelled by a room (its light, its colours,
what stands in it), a camera (its noise) and a hand (how thick, how steady and how large
it draws); a picture by where the card is held, how it is tilted, what shade falls on it
and the strokes themselves, anew for each.

Only Python's standard library is used, with fixed seeds, so the same script gives
the same pictures everywhere:  python3 make.py [OUT.zip]
Each picture has a palette of 48 colours (room, card and ink, 16 shades each): it packs
better, and looks like a small camera's picture all the same.
"""

import io
import math
import random
import struct
import sys
import zipfile
import zlib
from pathlib import Path

WIDTH, HEIGHT = 96, 72
PICTURES_PER_SIGN = 7
PEOPLE = ["ada", "ben", "chi", "dov", "eve", "fay", "gil", "hua"]
# Held out whole, so that the test asks about people never seen.
TEST_PEOPLE = {"gil", "hua"}
SHADES = 16
# Each pixel is looked at in 2 × 2 places.
PLACES = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]


def person(rng):
    """What is constant for one person."""
    hue = rng.uniform(0, 2 * math.pi)
    return {
        "room": tint(hue, rng.uniform(0.10, 0.35)),
        "paper": tint(rng.uniform(0.2, 1.2), rng.uniform(0.02, 0.12)),
        "ink": tint(rng.uniform(0, 2 * math.pi), rng.uniform(0.1, 0.6)),
        "light": rng.uniform(0.75, 1.1),
        "side": rng.uniform(0, 2 * math.pi),
        "noise": rng.uniform(0.006, 0.018),
        # Half the width of a stroke, and how much a hand shakes, of half a card.
        "pen": rng.uniform(0.075, 0.12),
        "shake": rng.uniform(0.01, 0.03),
        "size": rng.uniform(0.58, 0.7),
    }


def tint(hue, strength):
    """A colour of mean 1 that leans towards a hue."""
    return tuple(1 + strength * math.cos(hue - turn) for turn in (0, 2.09, 4.19))


def shaken(rng, points, shake):
    """A line as a hand draws it: it drifts slowly beside the one that was meant."""
    out = []
    dx = dy = 0.0
    for x, y in points:
        dx = 0.75 * dx + rng.gauss(0, shake)
        dy = 0.75 * dy + rng.gauss(0, shake)
        out.append((x + dx, y + dy))
    return out


def line(a, b, steps=6):
    return [(a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps) for i in range(steps + 1)]


def circle(rng, size):
    begin, wide = rng.uniform(0, 2 * math.pi), size * rng.uniform(0.85, 1.1)
    # Hands stop a little early or run over.
    turn = 2 * math.pi * rng.uniform(0.93, 1.04)
    angles = [begin + turn * i / 18 for i in range(19)]
    return [[(wide * math.cos(a), size * math.sin(a)) for a in angles]]


def cross(rng, size):
    lean = rng.uniform(-0.15, 0.15)
    ends = [math.pi / 4 + k * math.pi / 2 + lean + rng.uniform(-0.1, 0.1) for k in range(4)]
    at = [(1.2 * size * math.cos(a), 1.2 * size * math.sin(a)) for a in ends]
    return [line(at[0], at[2]), line(at[1], at[3])]


def arrow(rng, size):
    """Points anywhere: it is the head that makes an arrow."""
    turn = rng.choice([0, 0.5, 1, 1.5]) * math.pi + rng.uniform(-0.3, 0.3)
    head = size * rng.uniform(0.8, 1.0)
    open_ = rng.uniform(0.65, 0.85)
    tip, tail = (1.15 * size, 0.0), (-1.15 * size, rng.uniform(-0.1, 0.1) * size)
    barbs = [(tip[0] - head * math.cos(open_), side * head * math.sin(open_)) for side in (-1, 1)]
    strokes = [line(tail, tip), line(barbs[0], tip, 4), line(tip, barbs[1], 4)]
    c, s = math.cos(turn), math.sin(turn)
    return [[(c * x - s * y, s * x + c * y) for x, y in stroke] for stroke in strokes]


def nothing(rng, size):
    """An empty card, or one on which a pen was tried with a short stroke."""
    if rng.random() < 0.7:
        return []
    a = rng.uniform(0, 2 * math.pi)
    long = size * rng.uniform(0.2, 0.4)
    return [line((-long * math.cos(a), -long * math.sin(a)), (long * math.cos(a), long * math.sin(a)))]


SIGNS = {"circle": circle, "cross": cross, "arrow": arrow, "nothing": nothing}


def near(x, y, a, b):
    """Distance of a point from the stretch between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / long)) if long > 0 else 0.0
    return math.hypot(x - a[0] - t * dx, y - a[1] - t * dy)


def clutter(rng):
    """What stands in the room: soft edged boxes, brighter and darker than the wall."""
    return [
        (rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(6, 26), rng.uniform(6, 30), rng.uniform(-0.22, 0.22))
        for _ in range(6)
    ]


def wall(x, y, things):
    shade = 0.45
    for cx, cy, w, h, more in things:
        edge = max(abs(x - cx) - w, abs(y - cy) - h)
        shade += more * max(0.0, min(1.0, 0.5 - edge / 3))
    return shade


def held(rng):
    """From a pixel to the card's own plane, on which it is the square from -1 to 1: turned,
    farther at one side than at the other, off the middle."""
    turn, half = rng.uniform(-0.26, 0.26), rng.uniform(28, 36)
    cx, cy = WIDTH / 2 + rng.uniform(-4, 4), HEIGHT / 2 + rng.uniform(-3, 3)
    px, py = rng.uniform(-0.18, 0.18), rng.uniform(-0.18, 0.18)
    c, s = math.cos(turn), math.sin(turn)

    def plane(x, y):
        u, v = ((x - cx) * c + (y - cy) * s) / half, (-(x - cx) * s + (y - cy) * c) / half
        depth = 1 + px * u + py * v
        return u / depth, v / depth

    return plane


def picture(rng, who, sign):
    """The indexes of the palette, row by row from the top, and the palette's 48 colours."""
    strokes = [shaken(rng, s, who["shake"]) for s in SIGNS[sign](rng, who["size"] * rng.uniform(0.8, 1.1))]
    pieces = [(a, b) for stroke in strokes for a, b in zip(stroke, stroke[1:])]
    pen = who["pen"] * rng.uniform(0.85, 1.2)
    plane = held(rng)
    # Now and then there is no card at all.
    card = sign != "nothing" or rng.random() < 0.7
    things = clutter(rng)
    light = who["light"] * rng.uniform(0.75, 1.15)
    slope, side = rng.uniform(0, 0.35), who["side"] + rng.gauss(0, 0.5)
    black = rng.uniform(0.1, 0.3)
    # A shadow with a straight edge, as a hand or a window frame throws it.
    shadow, shadow_at, shadow_dir = rng.uniform(0, 0.3), rng.uniform(-0.2, 0.8), rng.uniform(0, 2 * math.pi)

    def lit(x, y):
        u, v = x / WIDTH - 0.5, y / HEIGHT - 0.5
        level = light * (1 + slope * (u * math.cos(side) + v * math.sin(side)) * 2)
        edge = (u * math.cos(shadow_dir) + v * math.sin(shadow_dir) - shadow_at) * 14
        return level * (1 - shadow * max(0.0, min(1.0, 0.5 + edge)))

    rows = []
    for y in range(HEIGHT):
        row = []
        for x in range(WIDTH):
            shares = [0.0, 0.0, 0.0]
            for ox, oy in PLACES:
                u, v = plane(x + ox, y + oy)
                if not (card and abs(u) < 1 and abs(v) < 1):
                    shares[0] += 0.25
                    continue
                far = min((near(u, v, a, b) for a, b in pieces), default=9.0)
                ink = max(0.0, min(1.0, 0.5 + (pen - far) / 0.05))
                shares[2] += 0.25 * ink
                shares[1] += 0.25 * (1 - ink)
            level = shares[0] * wall(x, y, things) + shares[1] * 0.85 + shares[2] * black
            level = level * lit(x, y) + rng.gauss(0, who["noise"])
            # Where two meet, the larger share gives the colour.
            which = max(range(3), key=lambda k: shares[k])
            row.append(SHADES * which + max(0, min(SHADES - 1, int(level * SHADES))))
        rows.append(bytes(row))
    return rows, palette(who)


def palette(who):
    colours = []
    for name in ("room", "paper", "ink"):
        for shade in range(SHADES):
            value = 255 * (shade + 0.5) / SHADES
            colours.append(bytes(max(0, min(255, round(value * part))) for part in who[name]))
    return colours


def png(rows, colours):
    """A PNG with a palette (W3C PNG, sections 5 and 11)."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    out = io.BytesIO()
    out.write(b"\x89PNG\r\n\x1a\n")
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)))
    out.write(chunk(b"PLTE", b"".join(colours)))
    out.write(chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)))
    out.write(chunk(b"IEND", b""))
    return out.getvalue()


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("starter-picture.zip")
    index = ["file,split,label,group"]
    files = []
    for name in PEOPLE:
        who = person(random.Random(f"person {name}"))
        part = "test" if name in TEST_PEOPLE else "train"
        for sign in SIGNS:
            for take in range(1, PICTURES_PER_SIGN + 1):
                rng = random.Random(f"{name} {sign} {take}")
                path = f"{part}/{sign}/{sign}_{name}_{take}.png"
                files.append((path, png(*picture(rng, who, sign))))
                index.append(f"{path},{part},{sign},{name}")
    files.append(("index.csv", ("\n".join(index) + "\n").encode()))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path, data in files:
            # A fixed date, so that the bytes depend on nothing but the pictures.
            zipped.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    print(f"{out}: {len(files)} files, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
