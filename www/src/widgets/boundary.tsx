// Catches what a view throws while drawing, so that one broken view leaves the others usable.

import { Component, type ComponentChildren } from "preact";
import { Notice } from "./notice";

interface Props {
  /** What is drawn, in the words of the message. */
  name: string;
  children: ComponentChildren;
}

export class Boundary extends Component<Props, { error: string | null }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override render({ name, children }: Props) {
    if (this.state.error === null) return children;
    return (
      <>
        <h1>{name}</h1>
        <Notice
          severity="error"
          what={`${name} could not be drawn: ${this.state.error}`}
          remedy="Your recordings and the model are safe. Try again, go to another step, or reload the page."
        />
        <div>
          <button type="button" class="btn" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
        </div>
      </>
    );
  }
}
