// Step 2: what is in the data, and what the network will see of it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { overview, overviewTrouble, recordings, route } from "../../state";
import { Empty, Notice } from "../../widgets/notice";
import { Gallery, Large, MeanPictures } from "../gallery/lazy";
import { ofPictures } from "../shared";
import { Balance } from "./balance";
import { Glass } from "./glass";
import { Health } from "./health";
import { MapPanel } from "./map";
import { PictureForm, PipelineForm, SplitForm } from "./settings";

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

/** Balance and health stand above whatever is recorded. */
function Overall() {
  const known = overview.value;
  if (!known) return null;
  return (
    <div class="columns columns-even">
      <Balance overview={known} />
      <Health issues={known.issues} />
    </div>
  );
}

function Signals() {
  return (
    <>
      <Overall />
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
  );
}

function PictureViews() {
  return (
    <>
      <Overall />
      <Gallery />
      <MeanPictures />
      <div class="columns columns-even">
        <PictureForm />
        <SplitForm />
      </div>
      <MapPanel />
    </>
  );
}

export function Explore() {
  const trouble = overviewTrouble.value;
  const pictures = ofPictures.value;
  return (
    <>
      <div class="view-head">
        <h1>Explore</h1>
        <p>
          {pictures
            ? "See what the pictures hold, and what of them the network will be given."
            : "See what the recordings hold, and which numbers about them the network will be given."}
        </p>
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
          text="Record or import a few pictures, sounds or movements first, or take a starter set."
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
      ) : pictures ? (
        <PictureViews />
      ) : (
        <Signals />
      )}
      <Large />
    </>
  );
}
