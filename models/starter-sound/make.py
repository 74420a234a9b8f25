#!/usr/bin/env python3
"""Makes the starter data for sound: three sounds and none of them, in six invented
rooms, as one zip.

Nothing here was recorded. A room is modelled by its hum, the colour and level of
its noise, its echoes and how far away the microphone is; a sound by its pitch,
length, tempo and decay, anew for each take. One second each, 16 kHz, 16 bits.

Only Python's standard library is used, with fixed seeds, so the same script gives
the same sounds everywhere:  python3 make.py [OUT.zip]
Only every 16th step is used, as a microphone of 12 bits would: it packs better.
"""

import array
import io
import math
import random
import sys
import wave
import zipfile
from pathlib import Path

RATE_HZ = 16000
SAMPLES = RATE_HZ
TAKES_PER_ROOM = 2
ROOMS = ["attic", "bath", "cellar", "desk", "elevator", "foyer"]
# Held out whole, so that the test asks about rooms never heard.
TEST_ROOMS = {"elevator", "foyer"}


def room(rng):
    """What is constant for one room."""
    echoes = [(rng.randrange(150, 1400), rng.uniform(0.05, 0.35)) for _ in range(4)]
    return {
        "echoes": echoes,
        "hum_hz": rng.choice([50, 60, 100, 120]) * rng.uniform(0.99, 1.01),
        "hum": rng.uniform(0.0004, 0.0015),
        # Share of the last value in the next: 0 is white, 0.9 a rumble.
        "colour": rng.uniform(0.2, 0.9),
        "noise": rng.uniform(0.00015, 0.00035),
        # How near the microphone is.
        "near": rng.uniform(0.5, 1.3),
    }


def air(rng, where, level=1.0):
    """Hum and noise of a room."""
    out = []
    last = 0.0
    phase = rng.uniform(0, 2 * math.pi)
    keep = where["colour"]
    for i in range(SAMPLES):
        last = keep * last + rng.gauss(0, where["noise"] * level)
        hum = where["hum"] * level * math.sin(2 * math.pi * where["hum_hz"] * i / RATE_HZ + phase)
        out.append(last + hum)
    return out


def add(out, at, sound, where):
    """Puts a sound and its echoes into the air of a room."""
    for delay, gain in [(0, 1.0), *where["echoes"]]:
        start = at + delay
        for i, value in enumerate(sound[: max(0, SAMPLES - start)]):
            out[start + i] += gain * where["near"] * value


def whistle(rng, where):
    """A tone that glides, with some breath."""
    out = air(rng, where)
    count = int(rng.uniform(0.25, 0.45) * RATE_HZ)
    low = rng.uniform(900, 1800)
    high = low * rng.uniform(1.1, 1.5)
    if rng.random() < 0.4:
        low, high = high, low
    size = rng.uniform(0.1, 0.3)
    phase = 0.0
    sound = []
    for i in range(count):
        at = i / count
        hz = low + (high - low) * at * at * (3 - 2 * at)
        phase += 2 * math.pi * hz * (1 + 0.01 * math.sin(2 * math.pi * 6 * i / RATE_HZ)) / RATE_HZ
        swell = math.sin(math.pi * at) ** 0.5
        sound.append(size * swell * (math.sin(phase) + 0.06 * math.sin(2 * phase)) + rng.gauss(0, 0.01 * swell))
    add(out, rng.randrange(1000, SAMPLES - count - 1500), sound, where)
    return out


def clap(rng, where):
    """Two claps or three: bursts of noise with a ring to them."""
    out = air(rng, where)
    at = rng.randrange(1000, 6000)
    pitch = rng.uniform(1000, 2200)
    narrow = rng.uniform(0.80, 0.90)
    size = rng.uniform(0.15, 0.4)
    for _ in range(rng.choice([2, 2, 3])):
        decay = rng.uniform(0.015, 0.035) * RATE_HZ
        # Noise through a resonance at the pitch.
        a, b = 2 * narrow * math.cos(2 * math.pi * pitch / RATE_HZ), -narrow * narrow
        y1 = y2 = 0.0
        sound = []
        for i in range(int(5 * decay)):
            y = rng.gauss(0, 1) * math.exp(-i / decay) + a * y1 + b * y2
            y1, y2 = y, y1
            sound.append(0.35 * size * y)
        add(out, at, sound, where)
        at += int(rng.uniform(0.22, 0.36) * RATE_HZ)
    return out


def knock(rng, where):
    """Two to four knocks on wood: a low tone that dies away."""
    out = air(rng, where)
    at = rng.randrange(800, 4000)
    gap = rng.uniform(0.12, 0.2) * RATE_HZ
    hz = rng.uniform(140, 420)
    size = rng.uniform(0.2, 0.5)
    for _ in range(rng.choice([2, 3, 3, 4])):
        decay = rng.uniform(0.012, 0.03) * RATE_HZ
        strength = size * rng.uniform(0.7, 1.1)
        sound = [
            strength
            * math.exp(-i / decay)
            * (math.sin(2 * math.pi * hz * i / RATE_HZ) + 0.4 * math.sin(2 * math.pi * 2.7 * hz * i / RATE_HZ) * math.exp(-2 * i / decay))
            for i in range(int(6 * decay))
        ]
        add(out, at, sound, where)
        at += int(gap * rng.uniform(0.92, 1.08))
        if at > SAMPLES - 1200:
            break
    return out


def background(rng, where):
    """Nothing of these: the room alone, now and then with its fan on."""
    return air(rng, where, rng.choice([1.0, 1.5, 2.5]))


SOUNDS = {"background": background, "clap": clap, "knock": knock, "whistle": whistle}


def wav(values):
    """16-bit PCM, one channel."""
    steps = array.array("h", (16 * max(-2048, min(2047, round(v * 2048))) for v in values))
    if sys.byteorder == "big":
        steps.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(steps.tobytes())
    return out.getvalue()


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("starter-sound.zip")
    index = ["file,split,label,group"]
    files = []
    for name in ROOMS:
        where = room(random.Random(f"room {name}"))
        part = "test" if name in TEST_ROOMS else "train"
        for label, make in SOUNDS.items():
            for take in range(1, TAKES_PER_ROOM + 1):
                rng = random.Random(f"{name} {label} {take}")
                path = f"{part}/{label}/{label}_{name}_{take}.wav"
                files.append((path, wav(make(rng, where))))
                index.append(f"{path},{part},{label},{name}")
    files.append(("index.csv", ("\n".join(index) + "\n").encode()))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path, data in files:
            # A fixed date, so that the bytes depend on nothing but the sounds.
            zipped.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    print(f"{out}: {len(files)} files, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
