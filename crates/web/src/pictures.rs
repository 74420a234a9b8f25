//! Pictures for the page: taking them in, and what the model sees of them.

use js_sys::{Float32Array, Uint8Array, Uint32Array};
use lampyris_dataset::{NewRecording, Picture, PictureLook, Recording, RecordingMeta};
use lampyris_formats::picture;
use lampyris_lab::LabError;
use wasm_bindgen::prelude::*;

use crate::explore::{object, texts};
use crate::js;
use crate::lab::{Lab, settings};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the model sees of one picture: `[height, width, channels]`, 0 to 255. */
export interface Shown {
  width: number;
  height: number;
  channels: number;
  bytes: Uint8Array;
}

/** The mean of each label's pictures: `[labels, height, width, channels]`. */
export interface Means {
  width: number;
  height: number;
  channels: number;
  labels: string[];
  /** Pictures that the mean of each label is of. */
  counts: Uint32Array;
  bytes: Uint8Array;
}
"#;

/// A picture as it is to be kept.
#[wasm_bindgen]
pub struct MadePicture {
    recording: Recording,
    note: Option<String>,
}

impl MadePicture {
    fn picture(&self) -> Result<&Picture, JsValue> {
        let missing = || LabError::new("there is no picture", "picture", "give the file again");
        let picture = self.recording.picture.as_ref();
        picture.ok_or_else(|| js::error(missing()))
    }
}

#[wasm_bindgen]
impl MadePicture {
    /// What is said of it, with its id.
    #[wasm_bindgen(unchecked_return_type = "RecordingMeta")]
    pub fn meta(&self) -> Result<JsValue, JsValue> {
        js::value(&self.recording.meta)
    }

    /// The file.
    pub fn encoded(&self) -> Result<Vec<u8>, JsValue> {
        self.picture().map(|picture| picture.encoded.clone())
    }

    /// What it looks like, for [`Lab::put_picture`].
    pub fn look(&self) -> Result<Vec<u8>, JsValue> {
        self.picture().map(|picture| picture.look.to_bytes())
    }

    /// What was changed of the file that was given, where something was.
    pub fn note(&self) -> Option<String> {
        self.note.clone()
    }
}

#[wasm_bindgen]
impl Lab {
    /// Takes a picture that was imported or made, as a JPEG or PNG file; one of the same id is
    /// replaced. Gives what it looks like where `look` was not given or is of another build.
    pub fn put_picture(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RecordingMeta")] meta: &JsValue,
        encoded: Vec<u8>,
        look: Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, JsValue> {
        let meta: RecordingMeta = js::read(meta, "recording")?;
        let known = look.and_then(|bytes| PictureLook::from_bytes(&bytes));
        let fresh = known.is_none();
        let look = match known {
            Some(look) => look,
            None => {
                let decoded = picture::decode(&encoded).map_err(js::error)?;
                PictureLook::of(decoded.width, decoded.height, &decoded.rgb)
            }
        };
        let told = fresh.then(|| look.to_bytes());
        let picture = Picture { encoded, look };
        let recording = Recording::restore_picture(meta, picture).map_err(js::error)?;
        self.lab.put(recording);
        Ok(told)
    }

    /// Takes what is said of a recording (name, labels, group, part, notes) anew; its content
    /// stays. Throws where there is no such recording.
    pub fn put_meta(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RecordingMeta")] meta: &JsValue,
    ) -> Result<(), JsValue> {
        let meta: RecordingMeta = js::read(meta, "recording")?;
        self.lab.put_meta(meta).map_err(js::error)
    }

    /// Makes of a JPEG or PNG file what is kept of it: upright, small, without what it tells
    /// beside its pixels, and with its content id; does not put it.
    pub fn make_picture(
        &self,
        #[wasm_bindgen(unchecked_param_type = "NewRecording")] meta: &JsValue,
        file: &[u8],
    ) -> Result<MadePicture, JsValue> {
        let new: NewRecording = js::read(meta, "recording")?;
        let kept = picture::kept(file).map_err(js::error)?;
        let recording = Recording::picture(new, kept.picture, kept.size).map_err(js::error)?;
        let note = kept.note;
        Ok(MadePicture { recording, note })
    }

    /// What the model sees of a picture.
    #[wasm_bindgen(unchecked_return_type = "Shown")]
    pub fn shown(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        id: &str,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let shown = self.lab.shown(&settings, id).map_err(js::error)?;
        Ok(object([
            ("width", shown.width.into()),
            ("height", shown.height.into()),
            ("channels", shown.channels.into()),
            ("bytes", Uint8Array::from(&shown.bytes[..]).into()),
        ]))
    }

    /// The mean picture of each label.
    #[wasm_bindgen(unchecked_return_type = "Means")]
    pub fn mean_pictures(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let means = self.lab.mean_pictures(&settings).map_err(js::error)?;
        Ok(object([
            ("width", means.width.into()),
            ("height", means.height.into()),
            ("channels", means.channels.into()),
            ("labels", texts(&means.labels)),
            ("counts", Uint32Array::from(&means.counts[..]).into()),
            ("bytes", Uint8Array::from(&means.bytes[..]).into()),
        ]))
    }

    /// The model's scores of one picture, 0 to 1, in the order of its labels; nothing where
    /// there is no model for such pictures.
    pub fn scores(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        id: &str,
    ) -> Result<Option<Float32Array>, JsValue> {
        let settings = self::settings(settings)?;
        let scores = self.lab.scores(&settings, id).map_err(js::error)?;
        Ok(scores.map(|scores| Float32Array::from(&scores[..])))
    }
}
