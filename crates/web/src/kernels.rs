//! Kernels for relaxed SIMD, where browser and processor have it: see
//! `lampyris_core::relaxed`.

use js_sys::{Function, Object, Reflect, WebAssembly};
use lampyris_core::relaxed::{NAMES, Path, VERSION, adopt, places};
use wasm_bindgen::prelude::*;

/// Puts the kernels of a module (`relaxed.wasm`) to work for models that are opened from now on.
/// Gives which are at work then: `"relaxed"`, or `"simd128"` where the browser refuses the module
/// or the processor's sums are not exact.
#[wasm_bindgen(js_name = useKernels)]
pub fn use_kernels(module: &[u8]) -> String {
    let path = installed(module).unwrap_or(Path::Pairs);
    adopt(path);
    let name = if path == Path::Pairs {
        "simd128"
    } else {
        "relaxed"
    };
    name.to_owned()
}

fn installed(module: &[u8]) -> Result<Path, JsValue> {
    let module = WebAssembly::Module::new(&js_sys::Uint8Array::from(module))?;
    let (imports, env) = (Object::new(), Object::new());
    Reflect::set(&env, &"memory".into(), &wasm_bindgen::memory())?;
    Reflect::set(&imports, &"env".into(), &env)?;
    let exports = WebAssembly::Instance::new(&module, &imports)?.exports();
    let function = |name: &str| Reflect::get(&exports, &name.into())?.dyn_into::<Function>();
    let asked = |name: &str| {
        let answer = function(name)?.call0(&JsValue::UNDEFINED)?;
        // Words of 32 bits come as signed numbers.
        Ok::<i32, JsValue>(answer.as_f64().map_or(0, |number| number as i32))
    };
    if asked("version")? != VERSION as i32 {
        return Ok(Path::Pairs);
    }
    let path = Path::of_probe(asked("probe")?);
    if path != Path::Pairs {
        let table = wasm_bindgen::function_table().dyn_into::<WebAssembly::Table>()?;
        for (place, name) in places().into_iter().zip(NAMES) {
            table.set(place as u32, &function(name)?)?;
        }
    }
    Ok(path)
}
