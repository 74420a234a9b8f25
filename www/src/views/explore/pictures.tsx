// One window as pictures over the same time: its samples, the frequencies in it, and what the
// block makes of it.

import type { Picture } from "../../engine/contract";
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

/** "1.2 kHz" from a name that begins with hertz, for the axis. */
function short(name: string): string {
  const hz = /^([\d.]+) Hz/.exec(name)?.[1];
  if (hz === undefined) return name.replace(/^coefficient /, "");
  const value = Number(hz);
  return value >= 1000 ? `${figure(value / 1000, 2)} kHz` : `${figure(value, 3)} Hz`;
}

function named(block: string, picture: Picture): Named {
  const words = WORDS[block] ?? { title: "Features", unit: "" };
  const name = (i: number) => picture.column_names[i] ?? `column ${i + 1}`;
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
