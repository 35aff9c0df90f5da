import { Popover, UnstyledButton } from "@mantine/core";
import { IconHelpCircle } from "@tabler/icons-react";

import { t } from "../../texts";
import classes from "./FewDetails.module.css";

/** Why some events say less than others. */
export function FewDetails() {
  const { lead, api, system, deleted, redacted } = t.explorer.fewDetails;
  return (
    <Popover width={360} position="top" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.why}>
          <IconHelpCircle size={14} aria-hidden /> {t.explorer.fewDetails.ask}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t.explorer.fewDetails.ask}>
        <p className={classes.whyText} tabIndex={-1} data-autofocus>
          {lead}
        </p>
        <ul className={classes.whyList}>
          {[api, system, deleted, redacted].map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
