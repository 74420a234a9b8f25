// A box whose content may be wider than itself; it can be reached and scrolled by key.

import type { ComponentChildren } from "preact";

export function ScrollBox({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <section class="scroll-x" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
