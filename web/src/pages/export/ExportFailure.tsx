import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import type { Export } from "../../api/exporting";
import { Plain } from "../../parts/Plain";
import { t } from "../../texts";
import classes from "./Export.module.css";
import { Outcome } from "./Outcome";
import { droppable, newerHalf, otherFormats, without } from "./smaller";
import type { Failure } from "./useExport";

interface ExportFailureProps {
  failure: Failure;
  wanted: Export;
  onRetry: (wanted: Export) => void;
}

/** What went wrong, and what often helps, each one click away. */
export function ExportFailure({ failure, wanted, onRetry }: ExportFailureProps) {
  const words = t.exporting.failed;
  const half = newerHalf(wanted, new Date());
  const { problem } = failure;
  const button = (label: string, next: Export) => (
    <Button
      key={label}
      size="xs"
      variant="default"
      onClick={() => {
        onRetry(next);
      }}
    >
      {label}
    </Button>
  );
  return (
    <Outcome kind="bad" icon={<IconAlertTriangle size={20} />} title={words.title}>
      <p className={classes.what}>
        {words[failure.kind]}{" "}
        {failure.kind === "refused" && (
          <>
            <Plain text={problem?.detail} none="" /> <Plain text={problem?.hint} none="" />
          </>
        )}
      </p>
      {problem?.request_id && (
        <p className={`${classes.what ?? ""} tk-mono`}>{words.request(problem.request_id)}</p>
      )}
      <p className={classes.what}>{words.tries}:</p>
      <div className={classes.buttons}>
        {button(words.again, wanted)}
        {half !== null && button(words.smaller, half)}
        {droppable(wanted).map((name) => {
          const shown = t.exporting.names[name] ?? name;
          return button(words.without(shown), without(wanted, name));
        })}
        {otherFormats(wanted.format).map((format) =>
          button(words.other[format], { ...wanted, format }),
        )}
      </div>
    </Outcome>
  );
}
