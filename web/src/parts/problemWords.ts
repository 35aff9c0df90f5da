import { ApiProblem } from "../api/client";
import { t } from "../texts";

export interface ProblemWords {
  title: string;
  detail: string;
  hint: string | null;
  requestId: string | null;
}

/** A problem in words for people, whatever went wrong. */
export function problemWords(problem: unknown): ProblemWords {
  const words = t.parts.error;
  if (!(problem instanceof ApiProblem)) {
    const hint = problem instanceof Error && problem.message !== "" ? problem.message : null;
    return { title: words.unexpected, detail: words.unexpectedDetail, hint, requestId: null };
  }
  const requestId = problem.request_id;
  if (problem.code === "NO_ANSWER") {
    return { title: words.noAnswer, detail: words.noAnswerDetail, hint: null, requestId };
  }
  if (problem.code === "NOT_UNDERSTOOD") {
    const detail = words.notUnderstoodDetail(problem.status);
    return { title: words.notUnderstood, detail, hint: problem.detail || null, requestId };
  }
  const title = problem.status === 404 ? words.notFound : words.title;
  return { title, detail: problem.detail, hint: problem.hint, requestId };
}
