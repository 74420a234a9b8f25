// Messages: what happened, where, and what to do about it.

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

export type Severity = "error" | "warning" | "note";

const ICONS: Readonly<Record<Severity, IconName>> = {
  error: "error",
  warning: "warning",
  note: "note",
};

const WORDS: Readonly<Record<Severity, string>> = {
  error: "Error",
  warning: "Warning",
  note: "Note",
};

interface Props {
  severity: Severity;
  what: string;
  place?: string;
  remedy?: string;
  children?: ComponentChildren;
}

export function Notice({ severity, what, place, remedy, children }: Props) {
  return (
    <div class={`notice notice-${severity}`}>
      <span class="notice-icon">
        <Icon name={ICONS[severity]} />
        <span class="sr">{WORDS[severity]}: </span>
      </span>
      <div class="notice-body">
        <p class="notice-what">
          {what}
          {place && <span class="notice-place"> · {place}</span>}
        </p>
        {remedy && <p class="notice-remedy">{remedy}</p>}
        {children}
      </div>
    </div>
  );
}

interface EmptyProps {
  title: string;
  text: string;
  children?: ComponentChildren;
}

/** What a view shows while it has nothing to show: one sentence, and a way on. */
export function Empty({ title, text, children }: EmptyProps) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      <p>{text}</p>
      {children && <div class="empty-actions">{children}</div>}
    </section>
  );
}

interface PanelProps {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}

/** A titled part of a view. */
export function Panel({ title, lead, actions, children, class: extra }: PanelProps) {
  return (
    <section class={extra ? `panel ${extra}` : "panel"}>
      <header class="panel-head">
        <div>
          <h2>{title}</h2>
          {lead && <p class="panel-lead">{lead}</p>}
        </div>
        {actions && <div class="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
