// Window, block and split. The block's fields are made from the catalog, so that a new block
// needs no new form.

import type { BlockInfo } from "../../engine/types/BlockInfo";
import type { SettingInfo } from "../../engine/types/SettingInfo";
import {
  catalog,
  defaults,
  overview,
  project,
  readOnly,
  resetSettings,
  switchTask,
  updateSettings,
} from "../../state";
import { NumberField, SelectField, SwitchField } from "../../widgets/fields";
import { plural } from "../../widgets/format";
import { Panel } from "../../widgets/notice";
import { ofPictures } from "../shared";

/** The block that makes pictures smaller; it is for nothing else. */
const PICTURE_BLOCK = "image";

function BlockField({ info, value }: { info: SettingInfo; value: number }) {
  const set = (v: number) =>
    updateSettings((s) => {
      s.block.settings[info.id] = v;
    });
  if (info.step === "switch") {
    return (
      <SwitchField
        title={info.title}
        help={info.help}
        on={value !== 0}
        disabled={readOnly.value}
        onValue={(on) => set(on ? 1 : 0)}
      />
    );
  }
  return (
    <NumberField
      title={info.title}
      unit={info.unit}
      help={info.help}
      min={info.min}
      max={info.max}
      step={info.step}
      slider
      fallback={info.default}
      value={value}
      disabled={readOnly.value}
      onValue={set}
    />
  );
}

function TaskField() {
  const settings = project.value?.settings;
  const known = catalog.value;
  if (!settings || !known) return null;
  return (
    <SelectField
      title="Task"
      value={settings.task}
      options={known.tasks}
      help="Another task brings its own defaults; Undo takes it back."
      disabled={readOnly.value}
      onValue={(id) => {
        const task = known.tasks.find((one) => one.id === id)?.id;
        if (task) switchTask(task);
      }}
    />
  );
}

function BlockFields({ info }: { info: BlockInfo | undefined }) {
  const settings = project.value?.settings;
  if (!settings || !info) return null;
  return (
    <div class="field-grid">
      {info.settings.map((one) => (
        <BlockField
          key={one.id}
          info={one}
          value={settings.block.settings[one.id] ?? one.default}
        />
      ))}
    </div>
  );
}

/** What of a picture the network gets, and how often it looks. */
export function PictureForm() {
  const settings = project.value?.settings;
  const known = catalog.value;
  const usual = defaults.value;
  if (!settings || !known || !usual) return null;
  const block = known.blocks.find((b) => b.id === settings.block.id);
  const o = overview.value;
  return (
    <Panel
      title="What the model sees"
      lead={o && <span class="num">{plural(o.features, "number")} a picture</span>}
      actions={
        <button
          type="button"
          class="btn btn-small"
          disabled={readOnly.value}
          onClick={resetSettings}
        >
          Reset all
        </button>
      }
    >
      <TaskField />
      <hr />
      <BlockFields info={block} />
      {block && <p class="fine">{block.help}</p>}
      <hr />
      <NumberField
        title="Pictures a second"
        value={1000 / settings.hop_ms}
        min={0.1}
        max={60}
        fallback={1000 / usual.hop_ms}
        help="How often the model looks while it runs."
        disabled={readOnly.value}
        onValue={(v) =>
          updateSettings((s) => {
            s.hop_ms = 1000 / v;
          })
        }
      />
    </Panel>
  );
}

export function PipelineForm() {
  const settings = project.value?.settings;
  const known = catalog.value;
  const usual = defaults.value;
  if (!settings || !known || !usual) return null;
  const block = known.blocks.find((b) => b.id === settings.block.id);
  const blocks = known.blocks.filter((b) => b.id !== PICTURE_BLOCK || b === block);
  const locked = readOnly.value;
  const o = overview.value;
  return (
    <Panel
      title="Window and features"
      lead={
        o && (
          <span class="num">
            {plural(o.window, "sample")} a window, {plural(o.features, "feature")}
          </span>
        )
      }
      actions={
        <button type="button" class="btn btn-small" disabled={locked} onClick={resetSettings}>
          Reset all
        </button>
      }
    >
      <TaskField />
      <hr />
      <div class="field-grid field-grid-3">
        <NumberField
          title="Rate"
          unit="Hz"
          value={settings.rate_hz}
          min={1}
          max={48000}
          fallback={usual.rate_hz}
          help="Everything is resampled to this."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.rate_hz = v;
            })
          }
        />
        <NumberField
          title="Window"
          unit="ms"
          value={settings.window_ms}
          min={100}
          max={10000}
          fallback={usual.window_ms}
          help="What one decision looks at."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.window_ms = v;
            })
          }
        />
        <NumberField
          title="Hop"
          unit="ms"
          value={settings.hop_ms}
          min={10}
          max={10000}
          fallback={usual.hop_ms}
          help="From one decision to the next."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.hop_ms = v;
            })
          }
        />
      </div>
      <hr />
      <SelectField
        title="Features"
        value={settings.block.id}
        options={blocks}
        help={block?.help ?? ""}
        disabled={locked || blocks.length < 2}
        onValue={(id) =>
          updateSettings((s) => {
            s.block = { id, settings: {} };
          })
        }
      />
      <BlockFields info={block} />
    </Panel>
  );
}

export function SplitForm() {
  const settings = project.value?.settings;
  const usual = defaults.value?.split;
  if (!settings || !usual) return null;
  const locked = readOnly.value;
  return (
    <Panel
      title="Split"
      lead={
        ofPictures.value
          ? "Pictures of one person or occasion are alike: kept together, the test stays honest."
          : "Whole recordings go to one side, never single windows, so that the test stays honest."
      }
    >
      <SelectField
        title="Keep together"
        value={settings.split.by}
        options={[
          { id: "recording", title: ofPictures.value ? "each picture" : "each recording" },
          { id: "group", title: "each person or occasion" },
        ]}
        help="By person or occasion the test tells how well it works for someone new."
        disabled={locked}
        onValue={(v) =>
          updateSettings((s) => {
            s.split.by = v === "group" ? "group" : "recording";
          })
        }
      />
      <div class="field-grid field-grid-3">
        <NumberField
          title="Test"
          unit="%"
          value={Math.round(settings.split.test_fraction * 100)}
          min={0}
          max={50}
          step="whole"
          fallback={Math.round(usual.test_fraction * 100)}
          help="Held out to the end."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.split.test_fraction = v / 100;
            })
          }
        />
        <NumberField
          title="Validation"
          unit="%"
          value={Math.round(settings.split.validation_fraction * 100)}
          min={0}
          max={50}
          step="whole"
          fallback={Math.round(usual.validation_fraction * 100)}
          help="Chooses the best epoch."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.split.validation_fraction = v / 100;
            })
          }
        />
        <NumberField
          title="Seed"
          value={settings.split.seed}
          min={0}
          max={4294967295}
          step="whole"
          fallback={usual.seed}
          help="Another seed, another draw."
          disabled={locked}
          onValue={(v) =>
            updateSettings((s) => {
              s.split.seed = v;
            })
          }
        />
      </div>
    </Panel>
  );
}
