// One picture, small, where there are only a few.

import { useEffect, useRef } from "preact/hooks";
import { wantSmall } from "../../state";
import { paintSmall } from "../../widgets/tile";

export function SmallPicture({ id }: { id: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => wantSmall(id, (picture) => paintSmall(canvas.current, picture)), [id]);
  return <canvas key={id} ref={canvas} class="small-picture" width={1} height={1} />;
}
