#!/usr/bin/env python3
"""Makes spectral.csv beside this file: windows and their spectral features in f64.

    python3 crates/dsp/tests/reference/make.py        (needs NumPy and SciPy)

Each case is one row of settings, one row of samples (f32, written exactly) and one
row of features as SciPy's own functions compute them: skewness and kurtosis by
scipy.stats, the power by scipy.signal.welch with a boxcar. The signals come from a
small integer generator, so a new run gives the same file.
"""

import csv
import math
import pathlib

import numpy as np
from scipy import signal, stats

STILL = 1e-6
KURTOSIS_MAX = 20.0


def noise(n, seed):
    """Numbers in -1..1 from a 32-bit linear congruential generator."""
    out = []
    for _ in range(n):
        seed = (1664525 * seed + 1013904223) % 2**32
        out.append(seed / 2**31 - 1)
    return np.array(out)


def features(x, rate_hz, fft_length, overlap, log, floor, shape, signed, bands):
    mean = x.mean()
    y = x - mean
    rms = math.sqrt((y**2).mean())
    still = rms <= STILL
    out = [
        mean if signed else abs(mean),
        rms,
        x.max() - x.min(),
        np.mean((y[1:] < 0) != (y[:-1] < 0)),
    ]
    if shape:
        out += [
            0.0 if still else stats.skew(x),
            0.0 if still else min(stats.kurtosis(x), KURTOSIS_MAX),
        ]
    _, power = signal.welch(
        y,
        fs=rate_hz,
        window="boxcar",
        nperseg=fft_length,
        noverlap=fft_length // 2 if overlap else 0,
        detrend=False,
        scaling="spectrum",
    )
    power = power[1:]
    if bands:
        ends = [end for end in (1, 2, 3, 4, 6, 8) if end < len(power)] + [len(power)]
        power = np.array([power[a:b].sum() for a, b in zip([0] + ends, ends)])
    return out + list(np.log10(power + floor**2) if log else np.sqrt(power))


def case(writer, name, axes, rate_hz, fft_length=32, overlap=1, log=1, noise_floor=0.01, shape=1, signed=0, bands=0, magnitude=0):
    window = np.stack(axes, axis=1).astype(np.float32)
    writer.writerow(["settings", name, rate_hz, len(axes), fft_length, overlap, log, noise_floor, shape, signed, bands, magnitude])
    writer.writerow(["window"] + [repr(float(v)) for v in window.ravel()])
    row = []
    channels = list(window.astype(np.float64).T)
    if magnitude:
        channels.append(np.linalg.norm(window.astype(np.float64), axis=1))
    for channel in channels:
        row += features(channel, rate_hz, fft_length, overlap, log, noise_floor, shape, signed, bands)
    writer.writerow(["features"] + [f"{v:.9g}" for v in row])


def main():
    t = np.arange(100) / 50
    with open(pathlib.Path(__file__).with_name("spectral.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        sine = 0.5 * np.sin(2 * np.pi * 3.125 * t)
        case(writer, "sine and noise", [sine, 0.2 * noise(100, 1), sine - 0.9 + 0.01 * noise(100, 2)], 50)
        case(writer, "signed, no overlap", [sine - 0.9, 1.0 + 0.3 * noise(100, 3)], 50, overlap=0, signed=1)
        case(writer, "root of power", [9.81 + 4 * noise(64, 4)], 100, fft_length=16, log=0)
        knock = np.zeros(100)
        knock[40] = 3.0
        case(writer, "one knock", [knock, -knock], 50, fft_length=8)
        case(writer, "long frame", [np.sin(t * t * 9) + 0.1 * noise(100, 5)], 50, fft_length=64, noise_floor=0.001)
        case(writer, "longest frame, no shape", [noise(128, 6)], 104, fft_length=128, shape=0)
        three = [0.3 + sine, 0.4 * noise(100, 7), 0.8 + 0.05 * noise(100, 8)]
        case(writer, "the defaults", three, 50, fft_length=64, shape=0, bands=1, magnitude=1)
        case(writer, "bands of a short frame", three[:2], 50, fft_length=16, bands=1)


main()
