// One picture of many. It is drawn again only when something about it changes.

import { Component, type ComponentChildren, createRef } from "preact";
import { Shape } from "./class-mark";
import { Icon } from "./icons";

interface Props {
  id: string;
  element: string;
  i: number;
  of: number;
  x: number;
  y: number;
  side: number;
  selected: boolean;
  active: boolean;
  want: (id: string, draw: (picture: ImageBitmap) => void) => () => void;
  name: (id: string) => string;
  mark: (id: string) => number;
  foot?: ((id: string) => ComponentChildren) | undefined;
}

const PROPS = [
  "id",
  "element",
  "i",
  "of",
  "x",
  "y",
  "side",
  "selected",
  "active",
  "name",
  "mark",
  "foot",
] as const satisfies readonly (keyof Props)[];

/** Fills a canvas with a square picture. */
export function paintSmall(canvas: HTMLCanvasElement | null, picture: ImageBitmap): void {
  if (!canvas) return;
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0);
}

export class Tile extends Component<Props> {
  private readonly canvas = createRef<HTMLCanvasElement>();
  private withdraw: () => void = () => undefined;

  override componentDidMount() {
    const { want, id } = this.props;
    this.withdraw = want(id, (picture) => paintSmall(this.canvas.current, picture));
  }

  override componentWillUnmount() {
    this.withdraw();
  }

  override shouldComponentUpdate(next: Props): boolean {
    return PROPS.some((one) => next[one] !== this.props[one]);
  }

  override render({ id, element, i, of, x, y, side, selected, active, name, mark, foot }: Props) {
    const looks = ["tile", selected && "tile-selected", active && "tile-active"];
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the box around all keeps the focus, and names the tile
      <div
        id={element}
        class={looks.filter(Boolean).join(" ")}
        role="option"
        aria-selected={selected}
        aria-setsize={of}
        aria-posinset={i + 1}
        aria-label={name(id)}
        data-i={i}
        style={{ transform: `translate(${x}px, ${y}px)`, width: `${side}px` }}
      >
        <span class="tile-picture" style={{ height: `${side}px` }}>
          <canvas ref={this.canvas} width={1} height={1} />
          <span class="tile-mark">
            <Shape index={mark(id)} />
          </span>
          <span class="tile-check">
            <Icon name="check" size={16} />
          </span>
        </span>
        {foot?.(id)}
      </div>
    );
  }
}
