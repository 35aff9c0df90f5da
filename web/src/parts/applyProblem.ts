import { ApiProblem } from "../api/client";

/** What of a Mantine form is needed here. */
export interface FormWithErrors<Values> {
  getValues: () => Values;
  setFieldError: (path: never, error: string) => void;
}

function words(problem: ApiProblem, detail: string): string {
  return problem.hint === null ? detail : `${detail} ${problem.hint}`;
}

/** Whether a path of the service (`entries.0.network`) leads to a field of the form. */
function isField(values: unknown, path: string): boolean {
  let at: unknown = values;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || !(key in at)) {
      return false;
    }
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}

/**
 * Puts a problem at the fields that it is about.
 *
 * Answers whether it stands at one now; else show it above the form.
 */
export function applyProblem<Values>(form: FormWithErrors<Values>, problem: unknown): boolean {
  if (!(problem instanceof ApiProblem)) {
    return false;
  }
  const values = form.getValues();
  let isShown = false;
  for (const fault of problem.errors) {
    // The service writes `entries[0].network` or `entries.0.network`; forms know the second.
    const path = fault.field.replace(/\[(\d+)\]/g, ".$1");
    if (isField(values, path)) {
      form.setFieldError(path as never, words(problem, fault.detail));
      isShown = true;
    }
  }
  return isShown;
}
