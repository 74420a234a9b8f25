// A few choices beside each other, of which one holds.

export function Segmented<T extends string>(props: {
  title: string;
  /** Of the group of radio buttons, where its title stands more than once on the page. */
  name?: string;
  /** Small, with a title for assistive technology alone. */
  small?: boolean;
  value: T;
  options: readonly { id: T; title: string }[];
  onValue: (value: T) => void;
}) {
  return (
    <fieldset class={props.small ? "segmented segmented-small" : "segmented"}>
      <legend class={props.small ? "sr" : ""}>{props.title}</legend>
      <div class="segmented-row">
        {props.options.map((o) => (
          <label key={o.id}>
            <input
              type="radio"
              name={props.name ?? props.title}
              checked={props.value === o.id}
              onChange={() => props.onValue(o.id)}
            />
            <span>{o.title}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
