// What the page has to say in passing: toasts with undo, and long work with its progress.

import { useEffect } from "preact/hooks";
import { busy, dismiss, type Toast, toasts } from "../../state";
import { Icon, type IconName } from "../../widgets/icons";

const ICONS: Readonly<Record<Toast["kind"], IconName>> = {
  info: "note",
  success: "check",
  warning: "warning",
  error: "error",
};

const SHOWN_MS = 8000;
/** More than this at once would cover the page; the newest count. */
const SHOWN = 4;

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    if (toast.kind === "error") return; // stays until it was read
    const timer = setTimeout(() => dismiss(toast.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast.id, toast.kind]);
  return (
    <li class={`toast toast-${toast.kind}`}>
      <Icon name={ICONS[toast.kind]} />
      <div class="toast-body">
        <p class="toast-text">{toast.text}</p>
        {toast.detail && (
          <p class="toast-detail">
            {toast.detail.what} ({toast.detail.place}). {toast.detail.remedy}
          </p>
        )}
      </div>
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
  return (
    // A new one appears above those that are there, so that nothing jumps.
    <ul class="messages" aria-live="polite" aria-label="Messages">
      {toasts.value.slice(-SHOWN).map((t) => (
        <ToastCard key={t.id} toast={t} />
      ))}
    </ul>
  );
}

export function Messages() {
  const work = busy.value;
  return (
    <>
      {work && (
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
                {work.done} of {work.total}
              </p>
            )}
          </div>
          {work.cancel && (
            <button type="button" class="btn btn-small" onClick={() => work.cancel?.()}>
              Cancel
            </button>
          )}
        </div>
      )}
      <Toasts />
    </>
  );
}
