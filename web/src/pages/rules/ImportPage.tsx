import { Alert, Anchor, Button, FileInput, Group, Stack, Text } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { useMay } from "../../api/me";
import { useImportRules, type ImportedFile } from "../../api/rules";
import { NoPermission } from "../../parts/NoPermission";
import { PageHeader } from "../../parts/PageHeader";
import { Panel } from "../../parts/Panel";
import { t } from "../../texts";
import { ProblemNote } from "../security/ProblemNote";
import { ImportReport } from "./ImportReport";

const FILES_AT_MOST = 500;

/** Public rules come in: looked at first, kept when somebody says so. */
export function ImportPage() {
  const words = t.rules.importing;
  const mayManage = useMay("rule:manage");
  return (
    <Stack gap="md" className="tk-page">
      <PageHeader
        title={words.title}
        description={words.description}
        trail={[{ label: t.rules.title, to: "/rules" }]}
      />
      {mayManage ? <Import /> : <NoPermission permission="rule:manage" />}
    </Stack>
  );
}

function Import() {
  const words = t.rules.importing;
  const [files, setFiles] = useState<File[]>([]);
  const look = useImportRules();
  const keep = useImportRules();
  const read = (): Promise<ImportedFile[]> =>
    Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })));
  const isTooMany = files.length > FILES_AT_MOST;
  const report = keep.data ?? look.data;
  return (
    <>
      <Panel title={words.files} counts={words.filesHint}>
        <Stack gap="sm" align="flex-start">
          <FileInput
            label={words.choose}
            placeholder={words.choose}
            styles={{ placeholder: { color: "var(--mantine-color-dimmed)" } }}
            accept=".yml,.yaml"
            multiple
            clearable
            w="100%"
            maw={520}
            value={files}
            error={isTooMany ? words.tooMany(files.length) : undefined}
            onChange={(chosen) => {
              setFiles(chosen);
              look.reset();
              keep.reset();
            }}
          />
          <Group>
            <Button
              disabled={files.length === 0 || isTooMany}
              loading={look.isPending}
              onClick={() => void read().then((read) => look.mutate({ files: read, keep: false }))}
            >
              {words.check}
            </Button>
            {look.data !== undefined && look.data.usable > 0 && keep.data === undefined && (
              <Button
                variant="default"
                leftSection={<IconFileImport size={16} aria-hidden />}
                loading={keep.isPending}
                onClick={() => void read().then((read) => keep.mutate({ files: read, keep: true }))}
              >
                {words.keep(look.data.usable)}
              </Button>
            )}
          </Group>
          <ProblemNote problem={look.error ?? keep.error} />
        </Stack>
      </Panel>
      {keep.data && (
        <Alert variant="default" role="status">
          <Text size="sm">
            {keep.data.kept.length > 0 ? words.kept(keep.data.kept.length) : words.keptNone}{" "}
            <Anchor
              size="sm"
              renderRoot={(props) => <Link {...props} to="/rules" search={{ which: "own" }} />}
            >
              {words.toList}
            </Anchor>
          </Text>
        </Alert>
      )}
      {report && <ImportReport report={report} />}
    </>
  );
}
