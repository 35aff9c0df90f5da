import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { exportCountQuery, type Export } from "../../api/exporting";
import type { SearchFilter } from "../../api/filter";
import { t } from "../../texts";
import classes from "./Export.module.css";
import { ExportChoices } from "./ExportChoices";
import { ExportCommands } from "./ExportCommands";
import { ExportDone } from "./ExportDone";
import { ExportFailure } from "./ExportFailure";
import { ExportFilters } from "./ExportFilters";
import { ExportProgress } from "./ExportProgress";
import { LargeExport } from "./LargeExport";
import { useExport } from "./useExport";

interface ExportDialogProps {
  filter: SearchFilter;
}

/** Exactly what is filtered as a file: how many rows before, how far meanwhile, how many then. */
export function ExportDialog({ filter: given }: ExportDialogProps) {
  // As it was when the dialog was opened: a range that ends "now" must not move on under it.
  const [wanted, setWanted] = useState<Export>(() => ({
    filter: given,
    format: "csv",
    order: "desc",
    hasBom: false,
  }));
  const counting = useQuery(exportCountQuery(wanted.filter));
  const { progress, start, cancel, reset } = useExport();
  const total = counting.data ?? null;
  const isRunning = progress.step === "running";
  const retry = (next: Export) => {
    setWanted(next);
    void start(next);
  };
  const change = (next: Export) => {
    setWanted(next);
    if (progress.step !== "idle") {
      void reset();
    }
  };
  return (
    <div className={classes.body}>
      <ExportFilters filter={wanted.filter} total={total} error={counting.error} />
      <ExportChoices wanted={wanted} onChange={change} isDisabled={isRunning} />
      <LargeExport wanted={wanted} total={total} />
      {isRunning && <ExportProgress rows={progress.rows} bytes={progress.bytes} total={total} />}
      {progress.step === "done" && <ExportDone done={progress} total={total} />}
      {progress.step === "cancelled" && (
        <p className={classes.what} role="status">
          {t.exporting.cancelled}
        </p>
      )}
      {progress.step === "failed" && (
        <ExportFailure failure={progress.failure} wanted={wanted} onRetry={retry} />
      )}
      <div className={classes.buttons}>
        {isRunning ? (
          <Button variant="default" onClick={() => void cancel()}>
            {t.exporting.cancel}
          </Button>
        ) : (
          <Button onClick={() => void start(wanted)}>
            {progress.step === "idle" ? t.exporting.start : t.exporting.again}
          </Button>
        )}
      </div>
      <ExportCommands wanted={wanted} />
    </div>
  );
}
