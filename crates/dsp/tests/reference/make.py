#!/usr/bin/env python3
"""Makes spectral.csv, statistics.csv and resample.csv beside this file: windows and what
NumPy and SciPy make of them in f64.

    python3 crates/dsp/tests/reference/make.py        (needs NumPy and SciPy)

Each case is one row of settings, one row of samples (f32, written exactly) and one
row of features as SciPy's own functions compute them: skewness and kurtosis by
scipy.stats, the power by scipy.signal.welch with a boxcar, the filter by
scipy.signal.butter and sosfilt, resampling by scipy.signal.resample_poly with a filter
of firwin and kaiser. The signals come from a small integer generator, so a new run
gives the same files.
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


def filtered(x, rate_hz, kind, cutoff_hz, sections):
    """Butterworth of order 2 · sections, begun as if the first sample had always been there."""
    if kind == 0:
        return x
    sos = signal.butter(2 * sections, cutoff_hz, "low" if kind == 1 else "high", fs=rate_hz, output="sos")
    return signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0]


def rows(writer, settings, window, found):
    writer.writerow(["settings"] + settings)
    writer.writerow(["window"] + [repr(float(v)) for v in window.ravel()])
    writer.writerow(["features"] + [f"{v:.9g}" for v in found])


def case(writer, name, axes, rate_hz, fft_length=32, overlap=1, log=1, noise_floor=0.01, shape=1, signed=0, bands=0, magnitude=0, kind=0, cutoff_hz=3, sections=3):
    window = np.stack(axes, axis=1).astype(np.float32)
    row = []
    channels = list(window.astype(np.float64).T)
    if magnitude:
        channels.append(np.linalg.norm(window.astype(np.float64), axis=1))
    for channel in channels:
        channel = filtered(channel, rate_hz, kind, cutoff_hz, sections)
        row += features(channel, rate_hz, fft_length, overlap, log, noise_floor, shape, signed, bands)
    rows(writer, [name, rate_hz, len(axes), fft_length, overlap, log, noise_floor, shape, signed, bands, magnitude, kind, cutoff_hz, sections], window, row)


def statistics(writer, name, axes, rate_hz, switches=(1, 1, 1, 1, 1, 1, 1)):
    window = np.stack(axes, axis=1).astype(np.float32)
    row = []
    for x in window.astype(np.float64).T:
        still = x.std() <= STILL
        found = [
            x.mean(),
            x.min(),
            x.max(),
            math.sqrt((x**2).mean()),
            x.std(),
            0.0 if still else stats.skew(x),
            0.0 if still else min(stats.kurtosis(x), KURTOSIS_MAX),
        ]
        row += [value for value, on in zip(found, switches) if on]
    rows(writer, [name, rate_hz, len(axes), *switches], window, row)


def resampled(writer, name, x, source_hz, rate_hz):
    """resample_poly with the low-pass that polyphase.rs describes, ends held."""
    x = x.astype(np.float32)
    common = math.gcd(source_hz, rate_hz)
    up, down = rate_hz // common, source_hz // common
    half = math.floor(57.15 * max(up, down))
    beta = signal.kaiser_beta(90)
    # The window of that length need not end at a tap.
    taps = np.arange(-half, half + 1)
    window = np.i0(beta * np.sqrt(1 - (taps / (57.15 * max(up, down))) ** 2))
    cutoff = 0.95 / max(up, down)
    filter = cutoff * np.sinc(cutoff * taps) * window
    filter /= filter.sum()
    found = signal.resample_poly(x.astype(np.float64), up, down, window=filter, padtype="edge")
    count = (len(x) - 1) * up // down + 1
    rows(writer, [name, source_hz, rate_hz], x, found[:count])


def table(name):
    file = open(pathlib.Path(__file__).with_name(name), "w", newline="")
    return file, csv.writer(file, lineterminator="\n")


def main():
    t = np.arange(100) / 50
    file, writer = table("spectral.csv")
    with file:
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
        case(writer, "low-pass", three, 50, signed=1, kind=1)
        case(writer, "low-pass of order 8, far below the rate", [9.81 + noise(256, 9)], 1000, signed=1, kind=1, cutoff_hz=10, sections=4)
        case(writer, "high-pass, magnitude", three, 50, fft_length=64, magnitude=1, kind=2, cutoff_hz=0.5, sections=1)
        case(writer, "high-pass near half the rate", [noise(100, 10)], 50, kind=2, cutoff_hz=24, sections=2)
    file, writer = table("statistics.csv")
    with file:
        statistics(writer, "three axes", three, 50)
        statistics(writer, "gravity and a knock", [9.81 + knock, -knock], 50)
        statistics(writer, "still", [0.25 * np.ones(10)], 50)
        statistics(writer, "one sample", [np.array([-3.0])], 1)
        statistics(writer, "some", three[:2], 50, (1, 0, 0, 1, 0, 1, 0))
    file, writer = table("resample.csv")
    with file:
        resampled(writer, "down", noise(1200, 11), 48000, 16000)
        resampled(writer, "down, 441 to 160", noise(900, 12), 44100, 16000)
        resampled(writer, "up", noise(200, 13), 8000, 16000)
        resampled(writer, "up, 320 to 441", noise(300, 14), 16000, 22050)
        resampled(writer, "odd", noise(300, 15), 12345, 16000)
        resampled(writer, "a step", np.repeat([0.5, -0.25], 200), 22050, 16000)


main()
