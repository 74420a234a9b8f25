//! Exports for chips, made of a bundle in the page.

use lampyris_formats::firmware::{self, Kit, Opened};
use wasm_bindgen::prelude::*;

use crate::js;

/// The zips that the export named `target` is made of: `kits/<id>.zip` beside the page.
#[wasm_bindgen]
pub fn export_kits(target: &str) -> Result<Vec<String>, JsValue> {
    let target = firmware::target(target).map_err(js::error)?;
    Ok(target.all_kits().map(Into::into).collect())
}

/// One model's export as it is being put together.
#[wasm_bindgen]
pub struct Export {
    target: &'static firmware::Target,
    kit: Kit,
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

    /// Takes the zip of one of [`export_kits`].
    pub fn add_kit(&mut self, id: &str, zip: &[u8]) -> Result<(), JsValue> {
        self.kit.add(id, zip).map_err(js::error)
    }

    /// The whole export as a zip.
    pub fn finish(self, bundle: &[u8], title: &str) -> Result<Vec<u8>, JsValue> {
        let made = || {
            let opened = Opened::new(bundle)?;
            let source = opened.source(title)?;
            let files = firmware::files(&source, self.target, &self.kit)?;
            firmware::zip(&format!("{}_{}", source.name, self.target.id), &files)
        };
        made().map_err(js::error)
    }
}
