// The sensors of this page, one row each. A new sensor is a file and a row.
import { accelerometer } from "./accelerometer";
import { microphone } from "./microphone";
import type { Sensor } from "./sensor";

export {
  chooseMicrophone,
  chosenMicrophone,
  type Microphone,
  microphones,
  watchMicrophones,
} from "./microphone";
export { replay } from "./replay";
export * from "./sensor";

export const SENSORS: readonly Sensor[] = [accelerometer, microphone];
