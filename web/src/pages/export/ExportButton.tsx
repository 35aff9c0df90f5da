import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

import type { SearchFilter } from "../../api/filter";
import { useMay } from "../../api/me";
import { usePrefetch } from "../../shell/usePrefetch";
import { t } from "../../texts";

const load = () => import("./ExportWindow");
const ExportWindow = lazy(async () => ({ default: (await load()).ExportWindow }));

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
  const [wasOpened, setOpened] = useState(false);
  usePrefetch(load);
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
        onClick={() => {
          setOpened(true);
          open();
        }}
      >
        {t.exporting.button}
      </Button>
      <Suspense>
        {wasOpened && <ExportWindow isOpen={isOpen} onClose={close} filter={filter} />}
      </Suspense>
    </>
  );
}
