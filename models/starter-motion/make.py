#!/usr/bin/env python3
"""Makes the starter data: four gestures by six invented people, as one zip.

Nothing here was recorded. A phone or a board in the hand is modelled: gravity
in an orientation that differs between people and drifts, a gesture with its own
tempo, size, axis and wobble, sensor noise and a bias. Units are m/s2, 50 Hz.

Only Python's standard library is used, with fixed seeds and two decimals, so
the same script gives the same numbers everywhere:  python3 make.py [OUT.zip]
"""

import math
import random
import sys
import zipfile
from pathlib import Path

RATE_HZ = 50
SECONDS = 6
GRAVITY = 9.81
TAKES_PER_PERSON = 2
PEOPLE = ["ada", "ben", "chi", "dov", "eve", "fay"]
# Held out whole, so that the test asks about people never seen.
TEST_PEOPLE = {"eve", "fay"}


def person(rng):
    """What is constant for one person."""
    return {
        # How the device lies in the hand, in radians.
        "roll": rng.uniform(-0.5, 0.5),
        "pitch": rng.uniform(-0.4, 0.4),
        # Brisk or slow, wide or small.
        "tempo": rng.uniform(0.8, 1.25),
        "size": rng.uniform(0.6, 1.5),
        "bias": [rng.gauss(0, 0.08) for _ in range(3)],
    }


def idle(rng, _who):
    """Held still: a slow sway and a tremor."""
    sway = rng.uniform(0.1, 1.2)
    hz = rng.uniform(0.15, 0.4)
    tremor = rng.uniform(0.03, 0.12)
    return lambda t: [
        sway * math.sin(2 * math.pi * hz * t),
        0.6 * sway * math.cos(2 * math.pi * hz * 0.8 * t),
        tremor * math.sin(2 * math.pi * 9.0 * t),
    ]


def shake(rng, who):
    """To and fro along one axis, fast and uneven."""
    hz = rng.uniform(2.7, 4.6) * who["tempo"]
    size = rng.uniform(3.5, 8.0) * who["size"]
    lean = rng.uniform(-0.5, 0.5)
    wobble = rng.uniform(0.1, 0.3)

    def at(t):
        phase = 2 * math.pi * hz * t + wobble * math.sin(2 * math.pi * 0.7 * t)
        a = size * (1 + 0.25 * math.sin(2 * math.pi * 0.4 * t)) * math.sin(phase)
        return [a, lean * a, 0.15 * size * math.sin(2 * phase)]

    return at


def circle(rng, who):
    """Round in the x-z plane: both axes alike, a quarter turn apart."""
    hz = rng.uniform(1.0, 1.7) * who["tempo"]
    size = rng.uniform(2.5, 6.5) * who["size"]
    squash = rng.uniform(0.75, 1.0)
    turn = rng.choice([-1, 1])
    start = rng.uniform(0, 2 * math.pi)

    def at(t):
        phase = 2 * math.pi * hz * t + start + 0.25 * math.sin(2 * math.pi * 0.3 * t)
        return [
            size * math.cos(phase),
            0.2 * size * math.sin(2 * phase),
            turn * squash * size * math.sin(phase),
        ]

    return at


def wave(rng, who):
    """A greeting: the forearm swings sideways, slower than a shake, with rests."""
    hz = rng.uniform(1.2, 2.3) * who["tempo"]
    size = rng.uniform(2.5, 7.0) * who["size"]
    rest = rng.uniform(0.0, 2 * math.pi)
    tilt = rng.uniform(0.15, 0.35)

    def at(t):
        phase = 2 * math.pi * hz * t
        # Three or four swings, then a short rest.
        gate = 0.5 + 0.5 * math.tanh(3 * (math.sin(2 * math.pi * 0.35 * t + rest) + 0.75))
        a = gate * size * math.sin(phase)
        return [0.25 * a, a, tilt * gate * size * math.cos(2 * phase)]

    return at


GESTURES = {"idle": idle, "shake": shake, "circle": circle, "wave": wave}


def take(rng, who, gesture):
    """One recording: rows of x, y, z in m/s2."""
    move = GESTURES[gesture](rng, who)
    roll = who["roll"] + rng.gauss(0, 0.12)
    pitch = who["pitch"] + rng.gauss(0, 0.12)
    # Held turned about the vertical, now a little, now more.
    yaw = rng.gauss(0, 0.35)
    drift = rng.gauss(0, 0.02)
    noise = rng.uniform(0.1, 0.4)
    rows = []
    for i in range(RATE_HZ * SECONDS):
        t = i / RATE_HZ
        r = roll + drift * t
        gravity = [
            -GRAVITY * math.sin(pitch),
            GRAVITY * math.sin(r) * math.cos(pitch),
            GRAVITY * math.cos(r) * math.cos(pitch),
        ]
        x, y, z = move(t)
        moved = [
            x * math.cos(yaw) - y * math.sin(yaw),
            x * math.sin(yaw) + y * math.cos(yaw),
            z,
        ]
        row = [
            g + a + b + rng.gauss(0, noise)
            for g, a, b in zip(gravity, moved, who["bias"])
        ]
        rows.append(row)
    return rows


def csv(rows, who):
    """The file that the playground imports; `who` is the column `group`."""
    lines = ["t_ms,x (m/s2),y (m/s2),z (m/s2),group"]
    for i, row in enumerate(rows):
        cells = ",".join(f"{v:.2f}" for v in row)
        lines.append(f"{i * 1000 // RATE_HZ},{cells},{who}")
    return "\n".join(lines) + "\n"


def main():
    default = Path(__file__).parent / "starter-motion.zip"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in PEOPLE:
            # A seed of its own for each person: adding one changes no other.
            rng = random.Random(f"lampyris starter-motion 1 {name}")
            who = person(rng)
            part = "test" if name in TEST_PEOPLE else "train"
            for gesture in GESTURES:
                for n in range(1, TAKES_PER_PERSON + 1):
                    path = f"{part}/{gesture}/{gesture}_{name}_{n}.csv"
                    # A fixed date, so that the zip's bytes don't change.
                    info = zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0))
                    info.compress_type = zipfile.ZIP_DEFLATED
                    info.external_attr = 0o644 << 16
                    archive.writestr(info, csv(take(rng, who, gesture), name))
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
