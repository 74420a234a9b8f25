// One window as pictures over the same time: its samples, the frequencies in it, and what the
// block makes of it.

import type { Picture } from "../../engine/arrays";
import type { Looked } from "../../state";
import { figure } from "../../widgets/format";
import { HeatMap } from "../../widgets/heat-map";
import { Waveform } from "../../widgets/waveform";

interface Named {
  title: string;
  unit: string;
  column: (index: number) => string;
  tick: (index: number) => string;
}

/** Title and unit of what a block's picture shows; another block shows plain values. */
const WORDS: Readonly<Record<string, { title: string; unit: string }>> = {
  spectrogram: { title: "Spectrogram", unit: "dB" },
  mfe: { title: "Mel energies", unit: "" },
  mfcc: { title: "Cepstral coefficients", unit: "" },
  raw: { title: "Samples as they are", unit: "" },
};

/** In hertz, or in kilohertz where that reads better. */
const hertz = (hz: number) => (hz >= 1000 ? `${figure(hz / 1000, 2)} kHz` : `${figure(hz, 2)} Hz`);

/** A column's name where there is little room: the middle of a band, the number of a coefficient. */
function short(name: string): string {
  const [, low, high] = /^([\d.]+)–([\d.]+) Hz/.exec(name) ?? [];
  if (low !== undefined && high !== undefined) return hertz((Number(low) + Number(high)) / 2);
  return /^mfcc (\d+)$/.exec(name)?.[1] ?? name;
}

function named(block: string, picture: Picture): Named {
  const words = WORDS[block] ?? { title: "Features", unit: "" };
  // With one axis alone, its name before each column's tells nothing.
  const axis = picture.axes.length === 1 ? `${picture.axes[0]} ` : "";
  const name = (i: number) => {
    const full = picture.column_names[i] ?? `column ${i + 1}`;
    return axis !== "" && full.startsWith(axis) ? full.slice(axis.length) : full;
  };
  return { ...words, column: name, tick: (i) => short(name(i)) };
}

export function Pictures({ seen, unit }: { seen: Looked; unit: string }) {
  const { features, spectrogram, settings } = seen;
  const span_ms = settings.window_ms;
  const ms = (samples: number, of: Picture) => (samples * 1000) / of.rate_hz;
  const pictures = [
    ...(spectrogram ? [{ block: "spectrogram", picture: spectrogram }] : []),
    ...(features.frames > 1 ? [{ block: settings.block.id, picture: features }] : []),
  ];
  return (
    <div class="pictures">
      <div class="window-wave">
        <Waveform
          values={features.samples}
          axes={features.axes}
          unit={unit}
          label={`Samples of the window, ${figure(span_ms, 4)} ms`}
        />
      </div>
      {pictures.map(({ block, picture }) => (
        <HeatMap
          key={block}
          {...named(block, picture)}
          values={picture.values}
          frames={picture.frames}
          columns={picture.columns}
          span_ms={span_ms}
          frame_ms={ms(picture.frame_samples, picture)}
          step_ms={ms(picture.stride_samples, picture)}
        />
      ))}
    </div>
  );
}
