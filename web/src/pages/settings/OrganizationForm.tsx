import { Alert } from "@mantine/core";
import { useForm } from "@mantine/form";

import { useMay } from "../../api/me";
import { useChangeOrganization, type Organization } from "../../api/organization";
import { notifyDone } from "../../parts/notify";
import { t } from "../../texts";
import { ProblemNote } from "../sign-in/ProblemNote";
import { useProblem } from "../sign-in/useProblem";
import { FormActions } from "./FormActions";
import { GeneralFields } from "./GeneralFields";
import classes from "./OrganizationForm.module.css";
import {
  holidaysFault,
  pathOf,
  toChanges,
  toValues,
  type OrganizationValues,
} from "./organizationValues";
import { RedactionFields } from "./RedactionFields";
import { RetentionFields } from "./RetentionFields";
import { UnsavedGuard } from "./UnsavedGuard";
import { WorkingHoursFields } from "./WorkingHoursFields";

/** All settings of an organization, saved together. */
export function OrganizationForm({ organization }: { organization: Organization }) {
  const words = t.settings.organization;
  const mayChange = useMay("settings:manage");
  const form = useForm<OrganizationValues>({
    initialValues: toValues(organization),
    validate: { working_hours: { holidays: holidaysFault } },
  });
  const change = useChangeOrganization();
  const problem = useProblem(form, pathOf);
  const submit = form.onSubmit((values) => {
    problem.clear();
    change.mutate(toChanges(values, organization), {
      onSuccess: (saved) => {
        form.setInitialValues(toValues(saved));
        form.setValues(toValues(saved));
        form.resetDirty(toValues(saved));
        notifyDone(t.settings.saved);
      },
      onError: problem.show,
    });
  });
  const isDirty = form.isDirty();
  return (
    <form onSubmit={submit} noValidate>
      <UnsavedGuard isDirty={isDirty} />
      {!mayChange && (
        <Alert color="gray" mb="md">
          {words.readOnly}
        </Alert>
      )}
      <fieldset disabled={!mayChange} className={classes.fields}>
        <GeneralFields form={form} organization={organization} />
        <WorkingHoursFields form={form} />
        <RedactionFields form={form} />
        <RetentionFields form={form} />
      </fieldset>
      <ProblemNote error={problem.left} />
      {mayChange && (
        <div className={isDirty ? classes.bar : undefined}>
          <FormActions
            isDirty={isDirty}
            isSaving={change.isPending}
            onDiscard={() => {
              problem.clear();
              form.reset();
            }}
          />
        </div>
      )}
    </form>
  );
}
