// What belongs to a camera: which one it is, so that one that fails can be replaced; what it
// shows, with the part that the model will see; and whether that is a mirror.

import {
  burst,
  type CameraFacts,
  cameraChosen,
  cameraList,
  capture,
  keptSize,
  mirrored,
  setCamera,
} from "../../state";
import { SwitchField } from "../../widgets/fields";
import { LivePicture } from "../../widgets/live-picture";
import { Notice } from "../../widgets/notice";
import { framing } from "../framing";
import { DeviceChoice } from "./device-choice";

function Chooser({ facts }: { facts: CameraFacts | null }) {
  const asked = cameraChosen.value;
  // The one in use may be another than was asked for: that one is unplugged.
  const value = asked.startsWith("facing:") ? asked : (facts?.device_id ?? asked);
  return (
    <DeviceChoice
      sensor="camera"
      value={value}
      name={facts?.device ?? null}
      all={cameraList.value}
      onChoose={setCamera}
    />
  );
}

/** Above the preview. */
function Bar({ facts }: { facts: CameraFacts | null }) {
  return (
    <div class="camera-bar">
      <Chooser facts={facts} />
      {facts && (
        <SwitchField
          title="Mirror"
          on={mirrored.value ?? facts.front}
          onValue={(on) => {
            mirrored.value = on;
          }}
        />
      )}
    </div>
  );
}

/** Says what the frame in the preview means. */
function framed(): string {
  const { width, height, whole } = framing.value;
  const size = `${width} × ${height} pixels`;
  return whole
    ? `The model sees all of it, as ${size}. All of it is kept.`
    : `The model sees what is in the frame, as ${size}. All of it is kept.`;
}

/** Which camera, and how it is shown. */
export function CameraBar() {
  const { pictures, state, sensor } = capture.value;
  if (pictures) return pictures.camera && <Bar facts={pictures.camera} />;
  return state === "failed" && sensor === "camera" ? <Bar facts={null} /> : null;
}

export function CameraPreview() {
  const { pictures, state, amiss } = capture.value;
  if (!pictures)
    return (
      <div class="trace-box trace-off">
        <p>
          {state === "asking"
            ? "Waiting for your permission…"
            : "The camera's picture appears here."}
        </p>
      </div>
    );
  const { camera } = pictures;
  return (
    <>
      <div class="camera-stage">
        <LivePicture
          element={pictures.element}
          size={keptSize(pictures.size())}
          mirror={camera ? (mirrored.value ?? camera.front) : false}
          framing={framing.value}
          label={`What ${camera?.device ?? "the camera"} sees just now`}
        >
          {state === "countdown" && <span class="trace-count num">{capture.value.countdown}</span>}
          {state === "recording" && (
            <span class="camera-count num" aria-hidden="true">
              {burst.value.taken}
            </span>
          )}
        </LivePicture>
      </div>
      <p class="fine camera-note">{framed()}</p>
      {amiss && (
        <Notice severity="warning" what={amiss.what} place={amiss.place} remedy={amiss.remedy} />
      )}
    </>
  );
}
