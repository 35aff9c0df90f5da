import { useOpening } from "../../shell/useOpening";
import { t } from "../../texts";
import { Dialog } from "../events/Dialog";
import type { ExportFilter } from "./ExportButton";
import { ExportDialog } from "./ExportDialog";

export interface ExportWindowProps {
  isOpen: boolean;
  onClose: () => void;
  filter: ExportFilter;
}

/** The export dialog with its frame. */
export function ExportWindow({ isOpen, onClose, filter }: ExportWindowProps) {
  return (
    <Dialog
      isOpen={useOpening(isOpen)}
      onClose={onClose}
      size="lg"
      title={t.exporting.title}
      closeLabel={t.exporting.close}
    >
      <ExportDialog filter={filter} />
    </Dialog>
  );
}
