// The sensors of this page, one row each. A new sensor is a file and a row.
import { accelerometer } from "./accelerometer";
import { camera } from "./camera";
import { microphone } from "./microphone";
import type { Sensor } from "./sensor";

export { cameras, chooseCamera, chosenCamera } from "./camera";
export { type MediaDevice, watchDevices } from "./media-device";
export { chooseMicrophone, chosenMicrophone, microphones } from "./microphone";
export { replay } from "./replay";
export * from "./sensor";
export { type Slide, slideshow } from "./slideshow";
export { keptSize, Still } from "./still";

export const SENSORS: readonly Sensor[] = [accelerometer, microphone, camera];
