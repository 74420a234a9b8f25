// Step 2: what is in the data, and what the network will see of it.

import { overview, overviewTrouble, recordings, route } from "../../state";
import { Empty, Notice } from "../../widgets/notice";
import { Balance } from "./balance";
import { Glass } from "./glass";
import { Health } from "./health";
import { MapPanel } from "./map";
import { PipelineForm, SplitForm } from "./settings";

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
          <div class="columns columns-side">
            <Glass />
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
