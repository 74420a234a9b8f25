//! Numbers of TFLite's schema: fields of tables, and values of enumerations.
//! Fields are numbered from 0 in the order of the schema; a union takes two.

pub(super) mod options;

/// Identifier of a model file.
pub(super) const MODEL_ID: &[u8; 4] = b"TFL3";
/// The version of the schema.
pub(super) const SCHEMA_VERSION: u32 = 3;
/// Identifier of a metadata buffer.
pub(super) const METADATA_ID: &[u8; 4] = b"M001";
/// Name of the metadata entry that TFLite's own tools read.
pub(super) const METADATA_NAME: &str = "TFLITE_METADATA";
/// Name of the metadata entry that plans the arena of TFLite Micro.
pub(super) const ARENA_NAME: &str = "OfflineMemoryAllocation";
/// Name of the metadata entry of files whose weights TFLite Micro unpacks as it runs.
pub(super) const COMPRESSION_NAME: &str = "COMPRESSION_METADATA";
/// Name of our metadata entry.
pub(super) const SETTINGS_NAME: &str = "LAMPYRIS_SETTINGS";

/// `Model`.
pub(super) mod model {
    pub(crate) const VERSION: u16 = 0;
    pub(crate) const OPERATOR_CODES: u16 = 1;
    pub(crate) const SUBGRAPHS: u16 = 2;
    pub(crate) const DESCRIPTION: u16 = 3;
    pub(crate) const BUFFERS: u16 = 4;
    pub(crate) const METADATA: u16 = 6;
}

/// `OperatorCode`.
pub(super) mod operator_code {
    pub(crate) const DEPRECATED_BUILTIN: u16 = 0;
    pub(crate) const CUSTOM: u16 = 1;
    pub(crate) const VERSION: u16 = 2;
    pub(crate) const BUILTIN: u16 = 3;
}

/// `SubGraph`.
pub(super) mod subgraph {
    pub(crate) const TENSORS: u16 = 0;
    pub(crate) const INPUTS: u16 = 1;
    pub(crate) const OUTPUTS: u16 = 2;
    pub(crate) const OPERATORS: u16 = 3;
    pub(crate) const NAME: u16 = 4;
}

/// `Tensor`.
pub(super) mod tensor {
    pub(crate) const SHAPE: u16 = 0;
    pub(crate) const TYPE: u16 = 1;
    pub(crate) const BUFFER: u16 = 2;
    pub(crate) const NAME: u16 = 3;
    pub(crate) const QUANTIZATION: u16 = 4;
    pub(crate) const IS_VARIABLE: u16 = 5;
    pub(crate) const SPARSITY: u16 = 6;
}

/// `QuantizationParameters`.
pub(super) mod quantization {
    pub(crate) const SCALE: u16 = 2;
    pub(crate) const ZERO_POINT: u16 = 3;
    pub(crate) const AXIS: u16 = 6;
}

/// `Operator`.
pub(super) mod operator {
    pub(crate) const OPCODE_INDEX: u16 = 0;
    pub(crate) const INPUTS: u16 = 1;
    pub(crate) const OUTPUTS: u16 = 2;
    pub(crate) const OPTIONS_TYPE: u16 = 3;
    pub(crate) const OPTIONS: u16 = 4;
}

/// `Buffer`.
pub(super) mod buffer {
    pub(crate) const DATA: u16 = 0;
    pub(crate) const OFFSET: u16 = 1;
}

/// `Metadata`.
pub(super) mod metadata {
    pub(crate) const NAME: u16 = 0;
    pub(crate) const BUFFER: u16 = 1;
}

/// `TensorType`.
pub(super) mod tensor_type {
    pub(crate) const FLOAT32: i8 = 0;
    pub(crate) const INT32: i8 = 2;
    pub(crate) const UINT8: i8 = 3;
    pub(crate) const INT64: i8 = 4;
    pub(crate) const INT16: i8 = 7;
    pub(crate) const INT8: i8 = 9;
    pub(crate) const RESOURCE: i8 = 13;
}

/// `BuiltinOperator`, those that are looked for by number. The others are known by
/// `options::ROWS`.
pub(super) mod builtin {
    pub(crate) const DEQUANTIZE: u32 = 6;
    pub(crate) const CUSTOM: u32 = 32;
    pub(crate) const QUANTIZE: u32 = 114;
    /// `PLACEHOLDER_FOR_GREATER_OP_CODES`.
    pub(crate) const GREATER: u32 = 127;
    pub(crate) const CALL_ONCE: u32 = 129;
    pub(crate) const VAR_HANDLE: u32 = 142;
    pub(crate) const READ_VARIABLE: u32 = 143;
    pub(crate) const ASSIGN_VARIABLE: u32 = 144;
}

/// Tables of `metadata_schema.fbs`.
pub(super) mod model_metadata {
    pub(crate) const NAME: u16 = 0;
    pub(crate) const DESCRIPTION: u16 = 1;
    pub(crate) const SUBGRAPHS: u16 = 3;
    /// `SubGraphMetadata`.
    pub(crate) const INPUT_TENSORS: u16 = 2;
    pub(crate) const OUTPUT_TENSORS: u16 = 3;
    /// `TensorMetadata`.
    pub(crate) const TENSOR_NAME: u16 = 0;
    pub(crate) const TENSOR_DESCRIPTION: u16 = 1;
    pub(crate) const CONTENT: u16 = 3;
    pub(crate) const FILES: u16 = 6;
    /// `Content`: a union; 1 is `FeatureProperties`, an empty table.
    pub(crate) const CONTENT_TYPE: u16 = 0;
    pub(crate) const CONTENT_PROPERTIES: u16 = 1;
    pub(crate) const FEATURES: u8 = 1;
    /// `AssociatedFile`.
    pub(crate) const FILE_NAME: u16 = 0;
    pub(crate) const FILE_DESCRIPTION: u16 = 1;
    pub(crate) const FILE_TYPE: u16 = 2;
    /// `AssociatedFileType.TENSOR_AXIS_LABELS`.
    pub(crate) const AXIS_LABELS: i8 = 2;
}
