// A few choices beside each other, of which one holds.

export function Segmented<T extends string>(props: {
  title: string;
  /** Of the group of radio buttons, where its title stands more than once on the page. */
  name?: string;
  value: T;
  options: readonly { id: T; title: string }[];
  onValue: (value: T) => void;
}) {
  return (
    <fieldset class="segmented">
      <legend>{props.title}</legend>
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
