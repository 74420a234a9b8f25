// Plays a recording of sound, or a stretch of it; pressed again, stops it.

import { play, playing, stopPlaying } from "../state";
import { Icon } from "../widgets/icons";

interface Props {
  id: string;
  /** What is heard, in words: the recording's name, "this window". */
  name: string;
  /** The stretch, in seconds; left out: all of it. */
  from_s?: number;
  to_s?: number;
  /** Stands beside the sign, where there is room. */
  text?: string;
}

export function PlayButton({ id, name, from_s = 0, to_s, text }: Props) {
  const now = playing.value;
  const on = now?.id === id && Math.abs(now.from_s - from_s) < 0.001;
  const word = on ? "Stop" : "Play";
  return (
    <button
      type="button"
      class={text ? "btn btn-small" : "btn btn-quiet btn-icon"}
      aria-label={text && !on ? `${text}: ${name}` : `${word} ${name}`}
      title={word}
      onClick={() => (on ? stopPlaying() : void play(id, from_s, to_s))}
    >
      <Icon name={on ? "stop" : "run"} size={16} />
      {text && (on ? "Stop" : text)}
    </button>
  );
}
