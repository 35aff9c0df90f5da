import { expect, it } from "vitest";

import { ApiProblem } from "../api/client";
import { applyProblem } from "./applyProblem";

function formOf(values: unknown) {
  const errors: Record<string, string> = {};
  const form = {
    getValues: () => values,
    setFieldError: (path: string, error: string) => {
      errors[path] = error;
    },
  };
  return { form, errors };
}

function problemAt(field: string): ApiProblem {
  return new ApiProblem({
    status: 400,
    code: "X",
    detail: "It is wrong.",
    hint: "Mend it.",
    field,
  });
}

it("stands at the field that it is about", () => {
  const { form, errors } = formOf({ entries: [{ network: "1" }] });
  expect(applyProblem(form, problemAt("entries[0].network"))).toBe(true);
  expect(errors).toEqual({ "entries.0.network": "It is wrong. Mend it." });
});

it("says so where it is about no field of the form", () => {
  const { form, errors } = formOf({ name: "" });
  expect(applyProblem(form, problemAt("cursor"))).toBe(false);
  expect(applyProblem(form, new Error("else"))).toBe(false);
  expect(errors).toEqual({});
});
