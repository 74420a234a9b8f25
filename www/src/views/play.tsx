// Hears a stretch of a sound; pressed again, stops it.

import { play, playing, stopPlaying } from "../state";
import { Icon } from "../widgets/icons";

interface Props {
  id: string;
  /** What is heard, in words: the recording's name, "this window". */
  name: string;
  from_s?: number;
  seconds?: number;
  /** What stands behind the word on the button, where there are several. */
  words?: string;
}

export function PlayButton({ id, name, from_s = 0, seconds, words }: Props) {
  const on = playing.value?.id === id && Math.abs(playing.value.from_s - from_s) < 0.001;
  const word = on ? "Stop" : "Play";
  return (
    <button
      type="button"
      class="btn btn-small"
      aria-label={`${word} ${name}`}
      onClick={() => (on ? stopPlaying() : void play(id, from_s, seconds))}
    >
      <Icon name={on ? "stop" : "run"} size={16} />
      {words ? `${word} ${words}` : word}
    </button>
  );
}
