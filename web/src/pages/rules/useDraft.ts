import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { ApiProblem } from "../../api/client";
import { checkQuery, type RuleCheck, type RuleForm } from "../../api/rules";
import { isAskable, toBody, withId, type Draft } from "./draft";

const TYPING_MS = 300;

export interface Editing {
  /** null: the text says more than a form can, or is faulty. */
  form: RuleForm | null;
  text: string;
  /** Of what is there now; undefined while it is asked for, or where nothing is said yet. */
  check: RuleCheck | undefined;
  /** Why there is no check: what the form asks cannot be written as a rule. */
  problem: ApiProblem | null;
  isChecking: boolean;
  isDirty: boolean;
  editForm: (form: RuleForm) => void;
  editText: (text: string) => void;
  /** Begins anew with what was saved. */
  restart: (draft: Draft) => void;
}

/** Keeps form and text in step: whichever is changed, the service says how the other reads. */
export function useDraft(initial: Draft, ruleId?: string): Editing {
  const [start, setStart] = useState(initial);
  const [draft, setDraft] = useState(initial);
  const [asked] = useDebouncedValue(draft, TYPING_MS);
  const found = useQuery({ ...checkQuery(toBody(asked)), enabled: isAskable(asked) });
  const isCurrent = asked === draft;
  const check = isCurrent && isAskable(draft) ? found.data : undefined;
  const checkedText =
    check && ruleId !== undefined && draft.by === "form" ? withId(check.text, ruleId) : check?.text;
  // While one is asked about, the other stays as it was: nothing flickers with each key.
  const lastText = useLast(draft.by === "text" ? draft.text : checkedText);
  const lastForm = useLast(draft.by === "form" ? draft.form : check?.form);
  const isChecking = isAskable(draft) && (!isCurrent || found.isFetching);
  return {
    form: draft.by === "form" ? draft.form : (lastForm ?? null),
    text: draft.by === "text" ? draft.text : (lastText ?? ""),
    check,
    problem: isCurrent && found.error instanceof ApiProblem ? found.error : null,
    isChecking,
    isDirty: draft !== start,
    editForm: (form) => setDraft({ by: "form", form }),
    editText: (text) => setDraft({ by: "text", text }),
    restart: (saved) => {
      setStart(saved);
      setDraft(saved);
    },
  };
}

/** The value, or what it last was while there is none. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) {
    setLast(value);
  }
  return value === undefined ? last : value;
}
