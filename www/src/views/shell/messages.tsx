// What the page has to say in passing: toasts with undo, and long work with its progress.

import { useEffect, useState } from "preact/hooks";
import { type Busy, busy, dismiss, holdMessages, type Toast, toasts } from "../../state";
import { count } from "../../widgets/format";
import { Icon, type IconName } from "../../widgets/icons";

const ICONS: Readonly<Record<Toast["kind"], IconName>> = {
  info: "note",
  success: "check",
  warning: "warning",
  error: "error",
};

/** More than this at once would cover the page; the newest count. */
const SHOWN = 3;

function ToastCard({ toast }: { toast: Toast }) {
  return (
    <li class={`toast toast-${toast.kind}`}>
      <Icon name={ICONS[toast.kind]} />
      <div class="toast-body">
        <p class="toast-text">{toast.text}</p>
        {toast.detail && (
          <p class="toast-detail">
            {toast.detail.what !== toast.text && `${toast.detail.what} `}({toast.detail.place}).{" "}
            {toast.detail.remedy}
          </p>
        )}
        {toast.action && (
          <button
            type="button"
            class="btn btn-small"
            onClick={() => {
              toast.action?.run();
              dismiss(toast.id);
            }}
          >
            {toast.action.label}
          </button>
        )}
      </div>
      <button
        type="button"
        class="btn btn-quiet btn-icon btn-small"
        aria-label="Dismiss"
        onClick={() => dismiss(toast.id)}
      >
        <Icon name="close" size={16} />
      </button>
    </li>
  );
}

/** Also inside of a dialog, which covers those of the page. */
export function Toasts() {
  const [held, setHeld] = useState(false);
  const some = toasts.value.slice(-SHOWN);
  // The last one under the pointer is gone without the pointer having left it.
  const still = held && some.length > 0;
  useEffect(() => (still ? holdMessages() : undefined), [still]);
  useEffect(() => {
    if (some.length === 0) setHeld(false);
  }, [some.length]);
  return (
    // A new one appears above those that are there, so that nothing jumps.
    <ul
      class="messages"
      aria-live="polite"
      aria-label="Messages"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      {some.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </ul>
  );
}

/** Escape sends the newest away, unless it is meant for something that is open or being typed. */
function onEscape(event: KeyboardEvent): void {
  const newest = toasts.peek().at(-1);
  if (event.key !== "Escape" || event.defaultPrevented || !newest) return;
  if (document.querySelector(":popover-open, dialog[open]")) return;
  if (event.target instanceof Element && event.target.matches("input, select, textarea")) return;
  dismiss(newest.id);
}

function BusyCard({ work }: { work: Busy }) {
  return (
    <div class="toast toast-busy">
      <div class="toast-body">
        <p class="toast-text" role="status">
          {work.what}
        </p>
        <progress
          aria-label={work.what}
          max={work.total || 1}
          {...(work.total > 0 ? { value: work.done } : {})}
        />
        {work.total > 0 && (
          <p class="toast-detail num">
            {count(work.done)} of {count(work.total)}
          </p>
        )}
      </div>
      {work.cancel && (
        <button type="button" class="btn btn-small" onClick={() => work.cancel?.()}>
          Cancel
        </button>
      )}
    </div>
  );
}

/** Stands at the foot of the rail, where it covers nothing that one works with. */
export function Messages() {
  useEffect(() => {
    addEventListener("keydown", onEscape);
    return () => removeEventListener("keydown", onEscape);
  }, []);
  return (
    <div class="corner">
      <Toasts />
      {busy.value && <BusyCard work={busy.value} />}
    </div>
  );
}
