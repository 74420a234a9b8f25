//! Bundles on their own, and the exports for chips that are made of them in the page.

use lampyris_formats::firmware::{self, Kit, Opened, Target};
use lampyris_lab::OpenBundle;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::js;

/// One model's export as it is being put together. Which zips it is made of, the catalog
/// tells: `kits/<name>.zip` beside the page.
#[wasm_bindgen]
pub struct Export {
    target: &'static Target,
    kit: Kit,
}

/// A finished export.
#[wasm_bindgen]
pub struct Exported {
    name: String,
    zip: Vec<u8>,
    files: Vec<ExportedFile>,
}

/// A file within an export.
#[derive(Serialize)]
struct ExportedFile {
    path: String,
    bytes: usize,
}

#[wasm_bindgen]
impl Export {
    /// Of the target of that name.
    #[wasm_bindgen(constructor)]
    pub fn new(target: &str) -> Result<Export, JsValue> {
        let target = firmware::target(target).map_err(js::error)?;
        Ok(Export {
            target,
            kit: Kit::new(),
        })
    }

    /// Takes the zip of one of the target's kits.
    pub fn add_kit(&mut self, id: &str, zip: &[u8]) -> Result<(), JsValue> {
        self.kit.add(id, zip).map_err(js::error)
    }

    /// The whole export of a bundle, under a person's name for it.
    pub fn finish(self, bundle: &[u8], title: &str) -> Result<Exported, JsValue> {
        let made = || {
            let opened = Opened::new(bundle)?;
            let source = opened.source(title)?;
            let files = firmware::files(&source, self.target, &self.kit)?;
            let name = format!("{}_{}", source.name, self.target.id);
            let zip = firmware::zip(&name, &files)?;
            let files = files.into_iter().map(|file| ExportedFile {
                path: file.path,
                bytes: file.bytes.len(),
            });
            Ok::<_, lampyris_formats::FormatError>(Exported {
                files: files.collect(),
                name,
                zip,
            })
        };
        made().map_err(js::error)
    }
}

#[wasm_bindgen]
impl Exported {
    /// Its name: that of the folder within the zip, and of the zip without its ending.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// What is inside, by path below the export's folder.
    #[wasm_bindgen(unchecked_return_type = "{ path: string; bytes: number }[]")]
    pub fn files(&self) -> Result<JsValue, JsValue> {
        js::value(&self.files)
    }

    /// The zip; once.
    pub fn zip(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.zip)
    }
}

/// A `model.lampyris` that somebody opens.
#[wasm_bindgen]
pub struct BundleFile(OpenBundle);

#[wasm_bindgen]
impl BundleFile {
    /// Opens it. Throws where it was cut, changed, or is newer than this build.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<BundleFile, JsValue> {
        OpenBundle::open(bytes).map(BundleFile).map_err(js::error)
    }

    /// What it says of itself.
    #[wasm_bindgen(unchecked_return_type = "BundleInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        js::value(self.0.info())
    }

    /// Its network as a `.tflite` file.
    pub fn tflite(&self) -> Vec<u8> {
        self.0.tflite().to_vec()
    }

    /// Runs golden vector `i` and tells whether the bytes are the same; nothing beyond the last.
    #[wasm_bindgen(unchecked_return_type = "GoldenCheck | null")]
    pub fn check(&self, i: usize) -> Result<JsValue, JsValue> {
        js::value(&self.0.check(i).map_err(js::error)?)
    }

    /// What it costs on each board, used as the settings of a project say.
    #[wasm_bindgen(unchecked_return_type = "Footprint[]")]
    pub fn footprints(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
    ) -> Result<JsValue, JsValue> {
        js::value(&self.0.footprints(&crate::lab::settings(settings)?))
    }
}
