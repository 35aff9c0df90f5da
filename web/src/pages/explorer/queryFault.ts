import { ApiProblem } from "../../api/client";

/** What the service says of a query that it cannot read; undefined for other failures. */
export function queryFault(error: Error | null): ApiProblem | undefined {
  const isFault = error instanceof ApiProblem && error.status === 400 && error.field === "q";
  return isFault ? error : undefined;
}
