import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";

import type { SearchFilter } from "../../api/filter";
import { useMay } from "../../api/me";
import { t } from "../../texts";
import { Dialog } from "../events/Dialog";
import { ExportDialog } from "./ExportDialog";

export type ExportFilter = SearchFilter;

export interface ExportButtonProps {
  /** What is exported: the parameters of `GET /audit-logs`; those of pages are passed over. */
  filter: ExportFilter;
  size?: ButtonProps["size"];
  variant?: ButtonProps["variant"];
}

/** Opens the export dialog; not there for who may not export. */
export function ExportButton({ filter, size = "sm", variant = "default" }: ExportButtonProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const mayView = useMay("user:view");
  const mayExport = useMay("export:create");
  if (!mayView || !mayExport) {
    return null;
  }
  return (
    <>
      <Button
        size={size}
        variant={variant}
        leftSection={<IconDownload size={16} aria-hidden />}
        onClick={open}
      >
        {t.exporting.button}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        size="lg"
        title={t.exporting.title}
        closeLabel={t.exporting.close}
      >
        <ExportDialog filter={filter} />
      </Dialog>
    </>
  );
}
