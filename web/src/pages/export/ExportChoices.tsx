import { Checkbox, Radio, SegmentedControl, Stack } from "@mantine/core";

import { FORMATS, type Export, type Order } from "../../api/exporting";
import { t } from "../../texts";

interface ExportChoicesProps {
  wanted: Export;
  onChange: (wanted: Export) => void;
  isDisabled: boolean;
}

const ORDERS: readonly Order[] = ["desc", "asc"];

/** Format and order. */
export function ExportChoices({ wanted, onChange, isDisabled }: ExportChoicesProps) {
  const chooseFormat = (value: string) => {
    const format = FORMATS.find((each) => each === value) ?? "csv";
    onChange({ ...wanted, format });
  };
  const chooseOrder = (value: string) => {
    onChange({ ...wanted, order: ORDERS.find((each) => each === value) ?? "desc" });
  };
  return (
    <Stack gap="sm">
      <Radio.Group label={t.exporting.format} value={wanted.format} onChange={chooseFormat}>
        <Stack gap={6} mt={6}>
          {FORMATS.map((format) => (
            <Radio
              key={format}
              value={format}
              label={t.exporting.formats[format]}
              description={t.exporting.formatTexts[format]}
              disabled={isDisabled}
            />
          ))}
        </Stack>
      </Radio.Group>
      {wanted.format === "csv" && (
        <Checkbox
          label={t.exporting.bom}
          checked={wanted.hasBom}
          disabled={isDisabled}
          onChange={(change) => {
            onChange({ ...wanted, hasBom: change.currentTarget.checked });
          }}
        />
      )}
      <SegmentedControl
        size="xs"
        aria-label={t.exporting.order}
        value={wanted.order}
        disabled={isDisabled}
        onChange={chooseOrder}
        data={ORDERS.map((order) => ({ value: order, label: t.exporting.orders[order] }))}
      />
    </Stack>
  );
}
