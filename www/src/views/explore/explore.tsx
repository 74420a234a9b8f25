// Step 2: what is in the data, and what the network will see of it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { overview, overviewTrouble, recordings, route } from "../../state";
import { Empty, Notice } from "../../widgets/notice";
import { Balance } from "./balance";
import { Glass } from "./glass";
import { Health } from "./health";
import { MapPanel } from "./map";
import { PipelineForm, SplitForm } from "./settings";

/** Stays in sight beside the settings; its style has to know how tall it is for that. */
function InSight({ children }: { children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const tell = () => element.style.setProperty("--height", `${element.offsetHeight}px`);
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} class="glass-place">
      {children}
    </div>
  );
}

export function Explore() {
  const trouble = overviewTrouble.value;
  return (
    <>
      <div class="view-head">
        <h1>Explore</h1>
        <p>See what the recordings hold, and which numbers about them the network will be given.</p>
      </div>
      {trouble && (
        <Notice
          severity="error"
          what={trouble.what}
          place={trouble.place}
          remedy={trouble.remedy}
        />
      )}
      {recordings.value.length === 0 ? (
        <Empty
          title="Nothing to explore yet"
          text="Record or import a few sounds or movements first, or take the starter recordings."
        >
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => {
              route.value = "record";
            }}
          >
            Go to Record
          </button>
        </Empty>
      ) : (
        <>
          <div class="columns columns-even">
            {overview.value ? <Balance overview={overview.value} /> : null}
            {overview.value ? <Health issues={overview.value.issues} /> : null}
          </div>
          <div id="glass" class="columns columns-side">
            <InSight>
              <Glass />
            </InSight>
            <div class="stacked">
              <PipelineForm />
              <SplitForm />
            </div>
          </div>
          <MapPanel />
        </>
      )}
    </>
  );
}
