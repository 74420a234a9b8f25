// Light, dark or as the system says; kept over reloads. Canvases read their colours from
// the same custom properties as the style sheets, through `color`.

import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEY = "lampyris-theme";

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be forbidden; the theme is then not kept
  }
}

/** What the person chose. */
export const theme = signal<Theme>(stored());

/** Rises whenever colours change, so that canvases know when to draw again. */
export const colorsChanged = signal(0);

let styles: CSSStyleDeclaration | null = null;

/** The present value of a custom property such as `--accent`. */
export function color(name: string): string {
  styles ??= getComputedStyle(document.documentElement);
  return styles.getPropertyValue(name).trim();
}

effect(() => {
  const chosen = theme.value;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // as above
  }
  colorsChanged.value = colorsChanged.peek() + 1;
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  colorsChanged.value++;
});

/** Whether the person asked for less movement. */
export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
