// Plays a recording of sound, or stops it.

import { play, playing, stopPlaying } from "../state";
import { Icon } from "../widgets/icons";

export function PlayButton({ id, name }: { id: string; name: string }) {
  const on = playing.value?.id === id;
  return (
    <button
      type="button"
      class="btn btn-quiet btn-icon"
      aria-label={`${on ? "Stop" : "Play"} ${name}`}
      title={on ? "Stop" : "Play"}
      onClick={() => (on ? stopPlaying() : void play(id))}
    >
      <Icon name={on ? "stop" : "run"} size={16} />
    </button>
  );
}
