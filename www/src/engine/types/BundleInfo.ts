// placeholder until generated
import type { ModelInfo } from "./ModelInfo";
export type BundleInfo = { model: ModelInfo, file_bytes: number, tflite_bytes: number, golden: number, card: string, };
