//! Processor cores, and which of the measured ones each is like.

use serde::Serialize;

/// A processor core that boards have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Core {
    /// ARMv6-M: neither floating point nor DSP instructions. Stands for Cortex-M0 too.
    CortexM0Plus,
    /// ARMv7E-M with single-precision floating point.
    CortexM4,
    /// ARMv8-M with DSP and floating point.
    CortexM33,
    /// ARMv7E-M, dual issue, with floating point.
    CortexM7,
    /// RISC-V, RV32IMC without floating point.
    Rv32Imc,
    /// Xtensa LX7: no library of ours is built for it.
    XtensaLx7,
}

impl Core {
    /// Its maker's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CortexM0Plus => "Cortex-M0+",
            Self::CortexM4 => "Cortex-M4F",
            Self::CortexM33 => "Cortex-M33",
            Self::CortexM7 => "Cortex-M7",
            Self::Rv32Imc => "RISC-V RV32IMC",
            Self::XtensaLx7 => "Xtensa LX7",
        }
    }
}
