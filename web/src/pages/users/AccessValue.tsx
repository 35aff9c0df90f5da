import { Code } from "@mantine/core";

import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./access.module.css";

interface AccessValueProps {
  value: string | string[] | null;
}

/** A role, a level, or a list of permissions or members. */
export function AccessValue({ value }: AccessValueProps) {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
    return <span className="tk-dim">{t.users.access.nothing}</span>;
  }
  if (!Array.isArray(value)) {
    return <Plain text={value} />;
  }
  return (
    <span className={classes.values}>
      {value.map((each) => (
        <Code key={each}>
          <Plain text={each} />
        </Code>
      ))}
    </span>
  );
}
