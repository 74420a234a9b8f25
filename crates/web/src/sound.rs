//! A take of sound on its way from a microphone to the store: from the microphone's
//! rate to the one that recordings keep, in 16-bit numbers.

use lampyris_dataset::pcm::nearest_step;
use lampyris_dsp::resample::ResampleError;
use lampyris_dsp::resample::polyphase::{Design, Polyphase};
use lampyris_lab::LabError;
use wasm_bindgen::prelude::*;

use crate::js;

/// Turns chunks of one take, of any length, into what the store keeps of them. The
/// pieces, put together, are the same numbers however the take was cut into chunks.
#[wasm_bindgen]
pub struct SoundTake {
    polyphase: Polyphase<Vec<f32>, Vec<f32>>,
}

#[wasm_bindgen]
impl SoundTake {
    /// A take from `from_hz` to `to_hz`.
    #[wasm_bindgen(constructor)]
    pub fn new(from_hz: f64, to_hz: f64) -> Result<SoundTake, JsValue> {
        Self::prepared(from_hz, to_hz).map_err(|e| {
            js::error(LabError::new(
                format!("sound of {from_hz} Hz can't be kept at {to_hz} Hz: {e}"),
                "microphone",
                "choose another microphone",
            ))
        })
    }

    /// Takes samples, shares of full scale from −1 to 1; gives those that are now
    /// complete. Louder ones are cut off at full scale.
    pub fn push(&mut self, values: &[f32]) -> Vec<i16> {
        let mut kept = Vec::with_capacity(values.len());
        self.polyphase.push(values, |out| kept.extend(pcm(out)));
        kept
    }

    /// Gives the last samples, which waited for more; the next one pushed is the first
    /// of another take.
    pub fn finish(&mut self) -> Vec<i16> {
        let mut kept = Vec::new();
        self.polyphase.finish(|out| kept.extend(pcm(out)));
        kept
    }
}

impl SoundTake {
    fn prepared(from_hz: f64, to_hz: f64) -> Result<Self, ResampleError> {
        let design = Design::new(from_hz, to_hz)?;
        let mut table = vec![0.0; design.table_len()];
        design.fill(&mut table);
        let history = vec![0.0; design.history_len(1)];
        let polyphase = Polyphase::new(design, 1, table, history)?;
        Ok(Self { polyphase })
    }
}

/// 32768 of which make 1; the nearest ones, within what 16 bits hold.
fn pcm(values: &[f32]) -> impl Iterator<Item = i16> {
    values.iter().map(|value| nearest_step(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate_hz: f64, hz: f64, samples: usize) -> Vec<f32> {
        let step = hz * std::f64::consts::TAU / rate_hz;
        (0..samples)
            .map(|i| (0.5 * (step * i as f64).sin()) as f32)
            .collect()
    }

    fn take(from_hz: f64, values: &[f32], chunk: usize) -> Vec<i16> {
        let mut take = SoundTake::prepared(from_hz, 16000.0).expect("usual rates");
        let mut kept: Vec<i16> = values.chunks(chunk).flat_map(|c| take.push(c)).collect();
        kept.extend(take.finish());
        kept
    }

    #[test]
    fn a_second_is_a_second_and_a_tone_that_tone() {
        for from_hz in [48000.0, 44100.0] {
            let kept = take(from_hz, &tone(from_hz, 440.0, from_hz as usize), 2048);
            assert_eq!(kept.len(), 16000);
            let wanted = tone(16000.0, 440.0, 16000);
            // The ends lean on readings that are not there.
            for (i, (got, want)) in kept.iter().zip(&wanted).enumerate().skip(200).take(15600) {
                let off = (f32::from(*got) / 32768.0 - want).abs();
                assert!(off < 2e-4, "{from_hz} Hz, sample {i}: {off}");
            }
        }
    }

    #[test]
    fn chunks_of_any_length_give_the_same() {
        let values = tone(48000.0, 1234.0, 9001);
        let whole = take(48000.0, &values, values.len());
        assert_eq!(take(48000.0, &values, 128), whole);
        assert_eq!(take(48000.0, &values, 777), whole);
    }

    #[test]
    fn the_rate_of_the_store_comes_through_as_it_is_and_full_scale_is_kept() {
        let values = [0.0, 1.0, -1.0, 2.0, -2.0, f32::NAN, 1.0 / 32768.0];
        let kept = take(16000.0, &values, 3);
        assert_eq!(kept[..5], [0, 32767, -32768, 32767, -32768]);
        assert_eq!(kept[6], 1);
    }

    #[test]
    fn another_take_begins_afresh() {
        let values = tone(48000.0, 300.0, 4800);
        let mut one = SoundTake::prepared(48000.0, 16000.0).expect("usual rates");
        let mut first = one.push(&values);
        first.extend(one.finish());
        let mut second = one.push(&values);
        second.extend(one.finish());
        assert_eq!(first, second);
    }

    #[test]
    fn rates_without_meaning_are_refused() {
        assert!(SoundTake::prepared(0.0, 16000.0).is_err());
        assert!(SoundTake::prepared(f64::NAN, 16000.0).is_err());
    }
}
