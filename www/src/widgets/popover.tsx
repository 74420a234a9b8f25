// A button that opens a small panel beside itself. The platform's own popover gives light
// dismissal, Escape and the top layer; only its place is ours.

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

const GAP_PX = 8;
const EDGE_PX = 8;

/** Puts `panel` under `anchor`, inside the window; above it where there is more room. */
function place(anchor: HTMLElement, panel: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const width = panel.offsetWidth;
  const height = panel.offsetHeight;
  const left = Math.max(EDGE_PX, Math.min(at.left, innerWidth - width - EDGE_PX));
  const below = at.bottom + GAP_PX;
  const above = at.top - GAP_PX - height;
  const top = below + height > innerHeight - EDGE_PX && above > EDGE_PX ? above : below;
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
  panel.style.maxHeight = `${innerHeight - top - EDGE_PX}px`;
}

interface Props {
  /** What stands in the button. */
  button: ComponentChildren;
  /** The panel's heading, also its name for assistive technology. */
  title: string;
  children: ComponentChildren;
  class?: string;
  testId?: string;
  /** Named here where the button's own content does not say enough. */
  label?: string;
  disabled?: boolean;
  /** What the panel shows may have changed elsewhere. */
  onOpen?: () => void;
}

export function Popover(props: Props) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  return (
    <>
      <button
        type="button"
        ref={anchor}
        class={props.class ?? "btn"}
        aria-label={props.label}
        aria-haspopup="dialog"
        data-testid={props.testId}
        disabled={props.disabled ?? false}
        popovertarget={id}
      >
        {props.button}
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        class="popover"
        role="dialog"
        aria-label={props.title}
        onToggle={(event) => {
          const open = event.newState === "open";
          if (open) props.onOpen?.();
          if (open && anchor.current && panel.current) place(anchor.current, panel.current);
        }}
      >
        <p class="popover-title">{props.title}</p>
        {props.children}
      </div>
    </>
  );
}

/** Closes the popover that holds `element`, for use after a choice was made in it. */
export function closePopover(element: EventTarget | null): void {
  const open = element instanceof Element ? element.closest("[popover]") : null;
  if (open instanceof HTMLElement) open.hidePopover();
}
