// The camera's picture, and beside it the very bytes that the network gets of it.

import { keptSize, live, liveInput, mirrored, type Pictures } from "../../state";
import { plural } from "../../widgets/format";
import { LivePicture } from "../../widgets/live-picture";
import { Panel } from "../../widgets/notice";
import { Pixels } from "../../widgets/pixels";
import { framing } from "../framing";

/** An int8 as the byte that it was made of. */
const byteOf = (value: number) => value + 128;

function Input() {
  const input = liveInput.value;
  if (!input) return null;
  const { width, height, channels, bytes } = input;
  let low = 127;
  let high = -128;
  for (const value of bytes) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const colours = channels === 3 ? "red, green and blue" : "grey";
  return (
    <figure class="seen-input">
      <Pixels
        width={width}
        height={height}
        channels={channels}
        bytes={Uint8Array.from(bytes, byteOf)}
        label={`What the model sees: ${width} × ${height} pixels of ${colours}, from ${low} to ${high}`}
      />
      <figcaption class="fine num">
        {width} × {height}, {colours}: {plural(bytes.length, "int8")}, −128 black to 127{" "}
        {channels === 3 ? "full" : "white"}; now {signed(low)} to {signed(high)}
      </figcaption>
    </figure>
  );
}

const signed = (value: number) => (value < 0 ? `−${-value}` : `${value}`);

function Show({ pictures }: { pictures: Pictures }) {
  const { camera, caption } = pictures;
  const mirror = camera ? (mirrored.value ?? camera.front) : false;
  const said = caption?.() ?? "";
  return (
    <figure>
      <LivePicture
        element={pictures.element}
        size={keptSize(pictures.size())}
        mirror={mirror}
        framing={framing.value}
        label={camera ? `What ${camera.device} shows just now` : `Stored picture ${said}`}
      />
      <figcaption class="fine">
        {said ||
          (mirror
            ? "As in a mirror; the frame is what the model takes."
            : "The frame is what the model takes.")}
      </figcaption>
    </figure>
  );
}

export function SeenPanel() {
  const { pictures } = live.value;
  return (
    <Panel title="What the model sees">
      {pictures ? (
        <div class="seen">
          <Show pictures={pictures} />
          <Input />
        </div>
      ) : (
        <div class="trace-box trace-off">
          <p>The picture appears here, and what the network gets of it.</p>
        </div>
      )}
    </Panel>
  );
}
