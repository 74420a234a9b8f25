//! The chip part: what is written is read, and nothing damaged is taken.

#[allow(dead_code)]
mod fixture;

use fixture::{LABELS, Parts, Random, encode, network};
use lampyris_device::{Chip, ChipError, ChipSpec, Decision, Gate, chip};
use lampyris_dsp::{BlockError, Norm};
use lampyris_graph::AlignedBytes;

/// `bytes` with some changed and the checksum made right again.
fn patched(bytes: &AlignedBytes, at: usize, patch: &[u8]) -> AlignedBytes {
    let mut bytes = bytes.clone();
    let content = bytes.as_mut();
    content[at..at + patch.len()].copy_from_slice(patch);
    let mut rest = u32::MAX;
    for (i, byte) in content.iter().enumerate() {
        if !(16..20).contains(&i) {
            rest ^= u32::from(*byte);
            for _ in 0..8 {
                let carry = rest & 1;
                rest = (rest >> 1) ^ (carry * 0xEDB8_8320);
            }
        }
    }
    content[16..20].copy_from_slice(&(!rest).to_le_bytes());
    bytes
}

fn refused(bytes: &AlignedBytes) -> ChipError {
    Chip::parse(bytes.as_ref()).expect_err("must be refused")
}

#[test]
fn what_is_written_is_read() {
    let parts = Parts::small();
    let spec = parts.spec();
    let bytes = encode(&spec);
    let chip = Chip::parse(bytes.as_ref()).expect("just written");
    assert_eq!(chip.bytes(), bytes.as_ref());
    assert_eq!(chip.graph(), spec.graph);
    assert_eq!(chip.graph().as_ptr().align_offset(chip::ALIGN), 0);
    assert_eq!(chip.block().id, "spectral");
    assert_eq!(chip.settings(), spec.settings);
    assert_eq!(chip.norms().collect::<Vec<_>>(), spec.norms);
    assert_eq!((chip.input_scale(), chip.input_zero_point()), (0.03, -5));
    assert_eq!(chip.signal(), parts.signal);
    assert_eq!((chip.window(), chip.hop(), chip.axes()), (40, 20, 2));
    assert_eq!(chip.rate_hz(), 50.0);
    assert_eq!(chip.labels().collect::<Vec<_>>(), LABELS);
    assert_eq!(chip.none().collect::<Vec<_>>(), spec.none);
    assert_eq!(chip.decision(), spec.decision);
    let needs = chip.needs();
    assert_eq!((needs.features, needs.outputs), (16, 3));
    // 40 · 2 samples, 2 values an axis of the gate, and for 3 outputs 2 windows of
    // history and the scores.
    assert_eq!((needs.ring, needs.scratch), (80 + 4 + 9, 55));
    assert_eq!(needs.bytes(), needs.arena + 4 * (93 + 55 + 16));
}

#[test]
fn the_layout_stays() {
    // A reader in another language relies on these places.
    let decision = Decision {
        smoothing: 2,
        threshold: 0.5,
        suppress_ms: 1500,
        gate: Gate {
            level: 0.25,
            hold_ms: 300,
        },
    };
    let bytes = encode(&ChipSpec {
        decision,
        ..Parts::small().spec()
    });
    let bytes = bytes.as_ref();
    assert_eq!(&bytes[..12], b"LAMPYRIS\x02\0\x01\0");
    assert_eq!(bytes[12..16], (bytes.len() as u32).to_le_bytes());
    assert_eq!(bytes[20..24], 0.03f32.to_le_bytes());
    assert_eq!(bytes[32..44], [40, 0, 0, 0, 20, 0, 0, 0, 2, 0, 251, 2]);
    assert_eq!(bytes[44..48], 1500u32.to_le_bytes());
    assert_eq!(bytes[48..52], 0.25f32.to_le_bytes());
    assert_eq!(bytes[52..56], 300u32.to_le_bytes());
    assert_eq!(&bytes[76..84], b"\0\0\0\0LGRF");
    // "idle" is marked as "none of these", "wave" is not.
    let labels = b"\x04\x80idle\x04\0wave\x08\0gr";
    assert_eq!(bytes.windows(16).filter(|w| w == labels).count(), 1);
    assert_eq!(bytes.len() % chip::ALIGN, 0);
}

#[test]
fn what_follows_is_left_alone() {
    let bytes = encode(&Parts::small().spec());
    let mut longer = bytes.as_ref().to_vec();
    longer.extend_from_slice(b"the host part");
    let longer = AlignedBytes::new(&longer);
    let chip = Chip::parse(longer.as_ref()).expect("whole");
    assert_eq!(chip.bytes(), bytes.as_ref());
}

#[test]
fn every_flipped_bit_is_refused() {
    let mut bytes = encode(&Parts::small().spec());
    for bit in 0..bytes.as_ref().len() * 8 {
        bytes.as_mut()[bit / 8] ^= 1 << (bit % 8);
        assert!(Chip::parse(bytes.as_ref()).is_err(), "bit {bit}");
        bytes.as_mut()[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(Chip::parse(bytes.as_ref()).is_ok());
}

#[test]
fn every_truncation_is_refused() {
    let bytes = encode(&Parts::small().spec());
    let bytes = bytes.as_ref();
    for len in 0..bytes.len() {
        let error = Chip::parse(&bytes[..len]).expect_err("cut short");
        let needed = if len < 80 { 80 } else { bytes.len() };
        assert_eq!(error, ChipError::Truncated { needed, found: len });
    }
}

#[test]
fn other_versions_are_named_as_such() {
    let mut bytes = encode(&Parts::small().spec());
    for (found, remedy) in [(3, "newer Lampyris"), (1, "export the model again")] {
        bytes.as_mut()[8] = found;
        let error = refused(&bytes);
        let found = found.into();
        assert_eq!(error, ChipError::Version { found });
        assert!(error.to_string().contains(remedy), "{error}");
    }
}

#[test]
fn strange_bytes_never_panic() {
    let good = encode(&Parts::small().spec());
    let mut random = Random(3);
    let mut byte = || (random.unit() * 128.0) as i8 as u8;
    for len in 0..300 {
        let noise: Vec<u8> = (0..len).map(|_| byte()).collect();
        assert!(Chip::parse(AlignedBytes::new(&noise).as_ref()).is_err());
    }
    // With a right checksum, so that every check behind it is reached.
    for _ in 0..3000 {
        let at = usize::from(byte()) % 64 + 20;
        let patch = [byte(), byte(), byte(), byte()];
        let bytes = patched(&good, at.min(76), &patch);
        let _ = Chip::parse(bytes.as_ref());
    }
    for at in good.as_ref().len() - 200..good.as_ref().len() - 4 {
        let bytes = patched(&good, at, &[byte(), byte()]);
        let _ = Chip::parse(bytes.as_ref());
    }
}

#[test]
fn a_misaligned_base_is_refused() {
    let bytes = encode(&Parts::small().spec());
    let mut moved = vec![0];
    moved.extend_from_slice(bytes.as_ref());
    let moved = AlignedBytes::new(&moved);
    assert_eq!(
        Chip::parse(&moved.as_ref()[1..]).err(),
        Some(ChipError::Misaligned)
    );
}

#[test]
fn counts_must_agree() {
    let parts = Parts::small();
    let mut out = AlignedBytes::new(&[0; 1 << 14]);
    let mut encode = |spec: &ChipSpec<'_>| spec.encode(out.as_mut());
    let found = encode(&ChipSpec {
        norms: &parts.norms[1..],
        ..parts.spec()
    });
    let mismatch = |what, expected, found| {
        Err(ChipError::Mismatch {
            what,
            expected,
            found,
        })
    };
    assert_eq!(found, mismatch("norms", 16, 15));
    let found = encode(&ChipSpec {
        none: &[true],
        ..parts.spec()
    });
    assert_eq!(found, mismatch("none", 3, 1));
    assert_eq!(
        encode(&ChipSpec {
            window: 7,
            ..parts.spec()
        }),
        {
            let error = BlockError::WindowTooShort {
                needed: 8,
                found: 7,
            };
            Err(ChipError::Block(error))
        }
    );
    assert_eq!(
        encode(&ChipSpec {
            block: 9,
            ..parts.spec()
        }),
        Err(ChipError::UnknownBlock(9))
    );
    assert!(matches!(
        encode(&ChipSpec {
            settings: &[8.0],
            ..parts.spec()
        }),
        Err(ChipError::Block(BlockError::SettingCount { .. }))
    ));
    let short = parts.spec().encode(&mut [0; 64]);
    assert!(matches!(
        short,
        Err(ChipError::Memory { what: "output", .. })
    ));
}

#[test]
fn fields_have_their_ranges() {
    let parts = Parts::small();
    let mut out = AlignedBytes::new(&[0; 1 << 14]);
    let mut encode = |spec: ChipSpec<'_>| spec.encode(out.as_mut());
    let field = |name| Err(ChipError::Field(name));
    for input_scale in [0.0, -0.1, f32::NAN, f32::INFINITY, 1e-40] {
        let spec = ChipSpec {
            input_scale,
            ..parts.spec()
        };
        assert_eq!(encode(spec), field("input_scale"));
    }
    let spec = ChipSpec {
        hop: 0,
        ..parts.spec()
    };
    assert_eq!(encode(spec), field("hop"));
    // The decision's own ranges are tested beside it.
    let spec = ChipSpec {
        decision: Decision {
            threshold: f32::NAN,
            ..Decision::default()
        },
        ..parts.spec()
    };
    assert_eq!(encode(spec), field("threshold"));
    for rate_hz in [0.0, f32::NAN] {
        let spec = ChipSpec {
            rate_hz,
            ..parts.spec()
        };
        assert_eq!(encode(spec), Err(ChipError::Block(BlockError::Signal)));
    }
    let mut norms = parts.norms.clone();
    norms[3] = Norm {
        mean: f32::NAN,
        inverse_deviation: 1.0,
    };
    let spec = ChipSpec {
        norms: &norms,
        ..parts.spec()
    };
    assert_eq!(encode(spec), field("norms"));
    let spec = ChipSpec {
        labels: &["a", "", "c"],
        ..parts.spec()
    };
    assert_eq!(encode(spec), field("labels"));
    let mut out = AlignedBytes::new(&vec![0; 1 << 17]);
    for (len, good) in [(32_767, true), (32_768, false), (70_000, false)] {
        let long = "x".repeat(len);
        let spec = ChipSpec {
            labels: &["a", "b", &long],
            ..parts.spec()
        };
        assert_eq!(spec.encode(out.as_mut()).is_ok(), good, "{len}");
    }
}

#[test]
fn sections_must_fit_and_labels_be_text() {
    let bytes = encode(&Parts::small().spec());
    let end = bytes.as_ref().len();
    // The counts of graph, settings, norms and label bytes, at their largest.
    for at in [56, 60, 64, 72] {
        let error = refused(&patched(&bytes, at, &[0xFF; 4]));
        assert_eq!(error, ChipError::Field("sections"), "at {at}");
    }
    let error = refused(&patched(&bytes, 68, &4u32.to_le_bytes()));
    assert!(matches!(error, ChipError::Mismatch { what: "labels", .. }));
    // The labels end the chip part: "größer" is the last.
    let place = bytes.as_ref().windows(2).rposition(|w| w == [0xC3, 0xB6]);
    let error = refused(&patched(&bytes, place.expect("an ö"), &[0xFF]));
    assert_eq!(error, ChipError::Field("labels"));
    let error = refused(&patched(&bytes, end - 1, &[1]));
    assert_eq!(error, ChipError::Field("sections"));
    let error = refused(&patched(&bytes, 76, &[1]));
    assert_eq!(error, ChipError::Field("reserved"));
    let error = refused(&patched(&bytes, 12, &((end as u32 - 16).to_le_bytes())));
    assert!(matches!(error, ChipError::Damaged), "{error}");
}

#[test]
fn a_graph_that_is_none_is_refused() {
    let parts = Parts::small();
    let mut out = AlignedBytes::new(&[0; 1 << 14]);
    let spec = ChipSpec {
        graph: b"nonsense",
        ..parts.spec()
    };
    assert!(matches!(
        spec.encode(out.as_mut()),
        Err(ChipError::Model(_))
    ));
    let other = network(&[4, 3]).emit().expect("legal");
    let spec = ChipSpec {
        graph: &other,
        ..parts.spec()
    };
    // The network's own ends are looked at when it is about to run.
    assert!(spec.encode(out.as_mut()).is_ok());
}
