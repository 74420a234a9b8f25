// The line between the views and everything else: what a view may read, and what it
// may ask for. No function here rejects: it shows a toast or sets a trouble instead.
// Only `samplesOf`, `thumbnailOf` and `bitmapOf` give a value, and reject without it.

export {
  type CameraFacts,
  isPicture,
  isSound,
  keptSize,
  type MediaDevice,
  PICTURE_AXIS,
  type Pictures,
  type SoundFacts,
} from "../sensors";
export { PCM_SCALE } from "../worker/pcm";
export { answered, wantAnswers } from "./answers";
export { booted, bootTrouble } from "./boot-state";
export { burst, endBurst, startBurst, strip, undoBurst } from "./camera";
export { cameraChosen, cameraList, mirrored, setCamera } from "./cameras";
export { capture, closeSensor, openSensor, sensors, startTake, stopTake } from "./capture";
export {
  acceptPieces,
  addPiece,
  closeCutter,
  cutting,
  findPieces,
  movePiece,
  openCutter,
  pickPiece,
  removePiece,
  wholePiece,
} from "./cut";
export {
  bitmapOf,
  overview,
  overviewTrouble,
  recordings,
  relabel,
  remove,
  rename,
  samplesOf,
  setGroup,
  setNotes,
  setSplit,
  signalOf,
  thumbnailOf,
} from "./data";
export { importFiles, importProblems, importRefused, loadStarter } from "./import";
export { level } from "./level";
export {
  acceptAsProject,
  acceptSettings,
  copyLink,
  type Difference,
  declineSettings,
  offered,
} from "./link";
export { clearHappened, live, startLive, stopLive, strength } from "./live";
export { liveInput } from "./live-pictures";
export { meanPictures, sampleMap, watchMap, watchMeans } from "./map";
export { microphoneChosen, microphoneList, setMicrophone } from "./microphones";
export { download, latency, measureLatency, quantize, quantizing, report } from "./model";
export {
  chooseModelFile,
  closeModelFile,
  expected,
  isModelFile,
  modelFile,
  openModelFile,
} from "./model-file";
export { changeNetwork, undoable, undoNetwork } from "./network-edits";
export { install, installable, newVersion, offline, prepareOffline, renew } from "./offline";
export { forgetLooked, type Looked, lookAt, looked, lookTrouble } from "./picture";
export {
  judgedPicture,
  lookAtPicture,
  seenPicture,
  smallAtHand,
  wantSmall,
} from "./pictures";
export { play, playedAt, playing, stopPlaying } from "./playback";
export {
  bytesSent,
  countStored,
  probes,
  runPrivacySelfTest,
  type StoredHere,
  sizesByProject,
  storedHere,
} from "./privacy";
export {
  askToKeep,
  catalog,
  defaults,
  nearlyFull,
  project,
  readOnly,
  refreshStorage,
  renameProject,
  resetSettings,
  saved,
  storage,
  updateSettings,
} from "./project";
export {
  deleteEverything,
  deleteProject,
  duplicateProject,
  exportDataset,
  exportProject,
  importProject,
  listProjects,
  newProject,
  openProject,
  projects,
  renameAny,
} from "./projects";
export { route } from "./route";
export { Selection } from "./selection";
export { slideChoices } from "./slides";
export { steps } from "./steps";
export { chooseTask, switchTask } from "./task";
export { busy, dismiss, holdMessages, toasts } from "./toasts";
export { trace } from "./trace";
export { cancelTraining, pauseTraining, resumeTraining, train, training } from "./training";
export * from "./types";
export { filling } from "./workers";
