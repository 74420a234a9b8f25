// Boards, by what their cores tell the compiler: facts of each core's boards.txt and
// platform.txt. Options that only concern warnings, USB, paths and the like are left out.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SMALL = ["-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions", "-fno-rtti"];
const ARM = { tools: "arm-none-eabi-", has_c: true, flash_at: 0, ram_at: 0x20000000 };
const M33 = {
  ...ARM,
  machine: ["arm", "-M", "mps2-an505"],
  flash_at: 0x10000000,
  ram_at: 0x38000000,
};

/**
 * mcu: the core's build.mcu; flags: what says processor and floating point, in its order;
 * std: the core's standard of C++; defines: what a sketch may ask for.
 */
export const CORES = [
  {
    ...ARM,
    id: "nano33ble",
    core: "Arduino Mbed OS, Nano 33 BLE",
    mcu: "cortex-m4",
    flags: [
      "-mcpu=cortex-m4",
      "-mthumb",
      "-mfloat-abi=softfp",
      "-mfpu=fpv4-sp-d16",
      "-funsigned-char",
    ],
    std: "gnu++14",
    defines: ["ARDUINO_ARDUINO_NANO33BLE", "ARDUINO_ARCH_MBED_NANO"],
    machine: ["arm", "-M", "mps2-an386"],
  },
  {
    ...ARM,
    id: "uno_r4",
    core: "Arduino UNO R4, Minima",
    mcu: "cortex-m4",
    flags: ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-fsigned-char"],
    std: "gnu++11",
    defines: ["ARDUINO_MINIMA", "ARDUINO_ARCH_RENESAS_UNO"],
    machine: ["arm", "-M", "mps2-an386"],
  },
  {
    ...ARM,
    id: "nano_33_iot",
    core: "Arduino SAMD, Nano 33 IoT",
    mcu: "cortex-m0plus",
    flags: ["-mcpu=cortex-m0plus", "-mthumb", "-fno-threadsafe-statics"],
    std: "gnu++11",
    defines: ["ARDUINO_SAMD_NANO_33_IOT", "ARDUINO_ARCH_SAMD"],
    machine: ["arm", "-M", "mps2-an385"],
  },
  {
    ...ARM,
    id: "nano_rp2040",
    core: "Arduino Mbed OS, Nano RP2040 Connect",
    mcu: "cortex-m0plus",
    flags: ["-mcpu=cortex-m0plus", "-mthumb", "-funsigned-char"],
    std: "gnu++14",
    defines: ["ARDUINO_NANO_RP2040_CONNECT", "ARDUINO_ARCH_MBED_NANO"],
    machine: ["arm", "-M", "mps2-an385"],
  },
  {
    ...ARM,
    id: "pico",
    core: "Raspberry Pi Pico by Earle Philhower",
    mcu: "cortex-m0plus",
    flags: ["-march=armv6-m", "-mcpu=cortex-m0plus", "-mthumb"],
    std: "gnu++17",
    defines: ["ARDUINO_RASPBERRY_PI_PICO", "ARDUINO_ARCH_RP2040"],
    machine: ["arm", "-M", "mps2-an385"],
  },
  {
    ...M33,
    id: "pico2",
    core: "Raspberry Pi Pico 2 by Earle Philhower",
    mcu: "cortex-m33",
    flags: [
      "-mcpu=cortex-m33",
      "-mthumb",
      "-march=armv8-m.main+fp+dsp",
      "-mfloat-abi=softfp",
      "-mcmse",
    ],
    std: "gnu++17",
    defines: ["ARDUINO_RASPBERRY_PI_PICO_2", "ARDUINO_ARCH_RP2040"],
  },
  {
    ...M33,
    id: "portenta_c33",
    core: "Arduino Portenta C33",
    mcu: "cortex-m33",
    flags: [
      "-mcpu=cortex-m33",
      "-mthumb",
      "-mfloat-abi=hard",
      "-mfpu=fpv5-sp-d16",
      "-fsigned-char",
    ],
    std: "gnu++11",
    defines: ["ARDUINO_PORTENTA_C33", "ARDUINO_ARCH_RENESAS_PORTENTA"],
  },
  {
    ...M33,
    id: "stm32u5",
    core: "STM32duino, Nucleo U575ZI-Q",
    mcu: "cortex-m33",
    flags: [
      "-mcpu=cortex-m33",
      "-mfpu=fpv4-sp-d16",
      "-mfloat-abi=hard",
      "-mthumb",
      "-fno-threadsafe-statics",
    ],
    std: "gnu++14",
    defines: ["ARDUINO_NUCLEO_U575ZI_Q", "ARDUINO_ARCH_STM32"],
  },
  {
    ...ARM,
    id: "portenta_h7",
    core: "Arduino Mbed OS, Portenta H7",
    mcu: "cortex-m7",
    flags: [
      "-mcpu=cortex-m7",
      "-mthumb",
      "-mfloat-abi=softfp",
      "-mfpu=fpv5-d16",
      "-funsigned-char",
    ],
    std: "gnu++14",
    defines: ["ARDUINO_PORTENTA_H7_M7", "ARDUINO_ARCH_MBED_PORTENTA"],
    machine: ["arm", "-M", "mps2-an500"],
  },
  {
    ...ARM,
    id: "stm32h7",
    core: "STM32duino, Nucleo H743ZI",
    mcu: "cortex-m7",
    flags: [
      "-mcpu=cortex-m7",
      "-mfpu=fpv4-sp-d16",
      "-mfloat-abi=hard",
      "-mthumb",
      "-fno-threadsafe-statics",
    ],
    std: "gnu++14",
    defines: ["ARDUINO_NUCLEO_H743ZI", "ARDUINO_ARCH_STM32"],
    machine: ["arm", "-M", "mps2-an500"],
  },
  {
    ...ARM,
    id: "stm32f1",
    core: "STM32duino, a Cortex-M3",
    mcu: "cortex-m3",
    flags: ["-mcpu=cortex-m3", "-mthumb", "-fno-threadsafe-statics"],
    std: "gnu++14",
    defines: ["ARDUINO_NUCLEO_F103RB", "ARDUINO_ARCH_STM32"],
    machine: ["arm", "-M", "mps2-an385"],
  },
  {
    id: "esp32c3",
    core: "ESP32, ESP32-C3",
    mcu: "esp32c3",
    flags: ["-march=rv32imc", "-mabi=ilp32", "-ffreestanding"],
    std: "gnu++2b",
    defines: ["ARDUINO_ESP32C3_DEV", "ARDUINO_ARCH_ESP32"],
    // Debian's compiler comes without a C library, the core's with one.
    tools: "riscv64-unknown-elf-",
    has_c: false,
    machine: ["riscv32", "-M", "virt", "-bios", "none"],
    flash_at: 0x80000000,
    ram_at: 0x80400000,
  },
].map((core) => ({ ...core, flags: [...core.flags, ...SMALL] }));

/**
 * The folder below src/ whose library the IDE links, by its rule: build.mcu, then the values of
 * the first option with "fpu" and of the first with "float-abi" in them, where that folder holds
 * files; build.mcu alone else.
 */
export function library_folder(core, library) {
  const value = (word) =>
    core.flags.find((flag) => flag.includes(word) && flag.includes("="))?.split("=")[1];
  const options = [value("fpu"), value("float-abi")].filter(Boolean).join("-");
  const holds = (folder) => {
    const path = join(library, "src", folder);
    return (
      existsSync(path) && readdirSync(path, { withFileTypes: true }).some((entry) => entry.isFile())
    );
  };
  const found = [options && join(core.mcu, options), core.mcu].find(
    (folder) => folder && holds(folder),
  );
  assert.ok(found, `${core.id}: the IDE finds no library in src/${core.mcu}`);
  return found;
}
