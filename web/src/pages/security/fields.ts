/** Fields of a detection's group whose value is a user's id, or may be one. */
export const PEOPLE: ReadonlySet<string> = new Set(["user", "user_id"]);
