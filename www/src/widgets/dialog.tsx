// A question that must be answered before something is lost.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface Props {
  /** What stands in the button that asks. */
  button: ComponentChildren;
  class?: string;
  title: string;
  children: ComponentChildren;
  /** The word on the button that does it. */
  confirm: string;
  onConfirm: () => void;
  disabled?: boolean;
}

export function ConfirmButton(props: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button
        type="button"
        class={props.class ?? "btn"}
        disabled={props.disabled ?? false}
        onClick={() => dialog.current?.showModal()}
      >
        {props.button}
      </button>
      <dialog ref={dialog} class="dialog" aria-label={props.title}>
        <h2>{props.title}</h2>
        {props.children}
        <form method="dialog" class="dialog-actions">
          <button type="submit" class="btn">
            Keep
          </button>
          <button type="submit" class="btn btn-danger" onClick={props.onConfirm}>
            {props.confirm}
          </button>
        </form>
      </dialog>
    </>
  );
}
