// Which stretch of the recording is shown: closer, farther, and along.

import { Icon } from "../../../widgets/icons";
import type { Range } from "./wave";

/** No closer than so many readings. */
const CLOSEST = 400;

interface Props {
  shown: Range;
  samples: number;
  onShow: (range: Range) => void;
}

export function Zoom({ shown, samples, onShow }: Props) {
  const length = shown.to - shown.from;
  const show = (centre: number, wanted: number) => {
    const next = Math.round(Math.min(samples, Math.max(Math.min(CLOSEST, samples), wanted)));
    const from = Math.round(Math.max(0, Math.min(samples - next, centre - next / 2)));
    onShow({ from, to: from + next });
  };
  const centre = (shown.from + shown.to) / 2;
  return (
    <div class="cut-zoom">
      {length < samples && (
        <input
          type="range"
          aria-label="Part of the recording that is shown"
          min={0}
          max={samples - length}
          value={shown.from}
          onInput={(e) => show(Number(e.currentTarget.value) + length / 2, length)}
        />
      )}
      <button
        type="button"
        class="btn btn-icon btn-small"
        aria-label="Show more of the recording"
        disabled={length >= samples}
        onClick={() => show(centre, length * 2)}
      >
        <Icon name="minus" size={16} />
      </button>
      <button
        type="button"
        class="btn btn-icon btn-small"
        aria-label="Look closer"
        disabled={length <= CLOSEST}
        onClick={() => show(centre, length / 2)}
      >
        <Icon name="plus" size={16} />
      </button>
    </div>
  );
}
