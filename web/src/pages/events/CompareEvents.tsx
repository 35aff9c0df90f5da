import { useQuery } from "@tanstack/react-query";

import { eventQuery } from "../../api/event";
import { LoadingState } from "../../parts/LoadingState";
import { t } from "../../texts";
import { Comparison } from "./Comparison";
import { Dialog } from "./Dialog";
import { EventProblem } from "./EventProblem";

export interface CompareEventsProps {
  /** Both are needed; without one of them nothing is open. */
  first: string | null | undefined;
  second: string | null | undefined;
  onClose: () => void;
}

/** Two events side by side. */
export function CompareEvents({ first, second, onClose }: CompareEventsProps) {
  const isOpen = Boolean(first && second);
  const one = useQuery({ ...eventQuery(first ?? ""), enabled: isOpen });
  const other = useQuery({ ...eventQuery(second ?? ""), enabled: isOpen });
  const failed = one.error !== null ? one : other;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      size="xl"
      title={t.event.compare.title}
      closeLabel={t.event.compare.close}
    >
      {failed.error !== null && (
        <EventProblem
          id={(failed === one ? first : second) ?? ""}
          problem={failed.error}
          retry={() => void failed.refetch()}
        />
      )}
      {failed.error === null &&
        (one.data === undefined || other.data === undefined ? (
          <LoadingState rows={10} height={32} label={t.event.loading} />
        ) : (
          <Comparison first={one.data} second={other.data} />
        ))}
    </Dialog>
  );
}
