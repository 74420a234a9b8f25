#!/usr/bin/env python3
"""Makes sound.csv beside this file: features of sound and vibration in f64.

    python3 crates/dsp/tests/reference/sound.py        (needs NumPy and SciPy)

Each case is one row: name, block, rate, axes, samples, settings as name=value, and the
features, frame by frame, as NumPy's and SciPy's own functions compute them: Fourier and
cosine transforms by scipy.fft, windows by scipy.signal. The filters are written down as
triangles, one after another. Windows come from `window`, which ../sound.rs has too.
"""

import csv
import pathlib

import numpy as np
from scipy import fft, signal


def window(axes, samples):
    """Tones that come and go over noise, made of whole numbers only."""
    out = np.zeros((samples, axes))
    state = 1
    for i in range(samples):
        for axis in range(axes):
            state = (1664525 * state + 1013904223) % 2**32
            loud = i * 7 // samples % 3
            low = i % 37 * 4096 // 37 - 2048
            high = (i + axis) % 5 * 4096 // 5 - 2048
            out[i, axis] = low * loud + high * (2 - loud) + ((state >> 20) - 2048) // 8 + 300
    return out / 32768


def mel(hz):
    return 1127 * np.log(1 + hz / 700)


def filterbank(filters, low, high, length, rate):
    edges = np.linspace(mel(low), mel(high), filters + 2)
    bins = mel(np.arange(length // 2 + 1) * rate / length)
    rows = []
    for left, middle, right in zip(edges, edges[1:], edges[2:]):
        up = (bins - left) / (middle - left)
        down = (right - bins) / (right - middle)
        rows.append(np.clip(np.minimum(up, down), 0, None))
    return np.array(rows)


def spectra(x, rate, s):
    """[frames, bins] of one axis."""
    length, stride = (round(s[key] * rate / 1000) for key in ("frame_ms", "stride_ms"))
    taper = signal.get_window("hann", length) if s["hann"] else np.ones(length)
    frames = []
    for start in range(0, len(x) - length + 1, stride):
        frame = x[start : start + length]
        frame = frame - s["pre_emphasis"] * np.concatenate([frame[:1], frame[:-1]])
        frames.append(np.abs(fft.rfft(frame * taper, s["fft_length"])))
    magnitudes = np.array(frames)
    return magnitudes if s["magnitude"] else magnitudes**2 / s["fft_length"]


def normalised(columns, reach):
    out = np.zeros_like(columns)
    for i in range(len(columns)):
        around = columns[max(0, i - reach) : i + reach + 1]
        out[i] = (columns[i] - around.mean(axis=0)) / (around.std(axis=0) + 1e-5)
    return out


SHARED = dict(frame_ms=30, stride_ms=20, fft_length=512, low_hz=20, high_hz=0, pre_emphasis=0, hann=1, magnitude=0)
OWN = dict(
    mfe=dict(filters=40),
    mfcc=dict(filters=40, coefficients=13, energy=0, peak=0, cmvn_frames=0),
    spectrogram=dict(group_bins=4),
)


def features(block, x, rate, s):
    if s.get("peak"):
        x = x / x.max()
    high = s["high_hz"] or rate / 2
    decibels = 20 if s["magnitude"] else 10
    floor = 10 ** (s["noise_floor_db"] / decibels)
    out = []
    for axis in x.T:
        power = spectra(axis, rate, s)
        if block == "spectrogram":
            hz = np.arange(power.shape[1]) * rate / s["fft_length"]
            power = power[:, (hz >= s["low_hz"]) & (hz <= high)]
            groups = range(0, power.shape[1], s["group_bins"])
            means = [power[:, g : g + s["group_bins"]].mean(axis=1) for g in groups]
            out.append(decibels * np.log10(np.stack(means, axis=1) + floor))
            continue
        energies = power @ filterbank(s["filters"], s["low_hz"], high, s["fft_length"], rate).T
        if block == "mfe":
            out.append(decibels * np.log10(energies + floor))
            continue
        columns = fft.dct(np.log(energies + floor), type=2, norm="ortho", axis=1)[:, : s["coefficients"]]
        columns[:, 0] *= np.sqrt(2)
        if s["energy"]:
            columns[:, 0] = np.log(power.sum(axis=1) + floor)
        out.append(columns)
    out = np.concatenate(out, axis=1)
    return normalised(out, s["cmvn_frames"] // 2) if s.get("cmvn_frames") else out


def case(writer, name, block, rate=16000, axes=1, samples=1700, **settings):
    settings = dict(noise_floor_db=-52) | settings
    s = SHARED | OWN[block] | settings
    row = [name, block, rate, axes, samples, " ".join(f"{k}={v}" for k, v in s.items())]
    values = features(block, window(axes, samples), rate, s).ravel()
    writer.writerow(row + [" ".join(f"{v:.8g}" for v in values)])


def main():
    with open(pathlib.Path(__file__).with_name("sound.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        case(writer, "mfe", "mfe")
        case(writer, "mfe emphasised", "mfe", rate=8000, samples=500, frame_ms=10, stride_ms=5.1, fft_length=128, hann=0, pre_emphasis=0.97, filters=12, high_hz=3700)
        case(writer, "mfe of two microphones", "mfe", axes=2, filters=10, magnitude=1, noise_floor_db=-90)
        case(writer, "mfcc", "mfcc")
        case(writer, "mfcc of odd filters", "mfcc", filters=21, coefficients=21, fft_length=1024, low_hz=0)
        case(writer, "mfcc relative to the window", "mfcc", samples=4000, energy=1, peak=1, cmvn_frames=5)
        case(writer, "mfcc divided by the largest magnitude", "mfcc", peak=1, magnitude=1, noise_floor_db=-120, high_hz=4000, coefficients=10)
        case(writer, "spectrogram", "spectrogram")
        case(writer, "spectrogram of a vibration", "spectrogram", rate=100, axes=3, samples=200, frame_ms=330, stride_ms=170, fft_length=64, low_hz=1, high_hz=30, group_bins=3)
        case(writer, "longest frame", "spectrogram", rate=44100, samples=3000, frame_ms=46, fft_length=2048, group_bins=16)


main()
