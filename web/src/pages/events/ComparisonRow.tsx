import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./Changes.module.css";
import type { Side } from "./changesOf";
import type { Pair } from "./compare";
import { Value } from "./Value";

function sideOf(value: unknown): Side {
  return value === undefined ? { kind: "absent" } : { kind: "value", value };
}

/** One field of both events. */
export function ComparisonRow({ pair }: { pair: Pair }) {
  const mark = pair.differs ? classes.differs : undefined;
  const label = t.event.fields[pair.field];
  return (
    <tr>
      <th scope="row">
        {label ?? <Plain text={pair.field} isMono />}
        {pair.differs && <span className="tk-visually-hidden"> ({t.event.compare.differs})</span>}
      </th>
      <td>
        <Value side={sideOf(pair.first)} className={mark} />
      </td>
      <td>
        <Value side={sideOf(pair.second)} className={mark} />
      </td>
    </tr>
  );
}
