import { expect, it } from "vitest";

import { effective } from "./effective";
import { addGroup, areSingleKeysOn, readGroups, setSingleKeys } from "./registry";

it("puts the shell's keys before those of pages, so that a page's count", () => {
  const offPage = addGroup({ name: "page", shortcuts: [] });
  const offShell = addGroup({ name: "shell", shortcuts: [], isGlobal: true });
  expect(readGroups().map(({ name }) => name)).toEqual(["shell", "page"]);
  offPage();
  expect(readGroups().map(({ name }) => name)).toEqual(["shell"]);
  offShell();
  expect(readGroups()).toEqual([]);
});

it("remembers that single keys were turned off", () => {
  window.localStorage.clear();
  expect(areSingleKeysOn()).toBe(true);
  setSingleKeys(false);
  expect(areSingleKeysOn()).toBe(false);
});

it("lists keys once: as the page has them where it has taken them over", () => {
  const run = () => undefined;
  const shell = { name: "shell", shortcuts: [{ keys: "/", label: "palette", run }] };
  const page = { name: "page", shortcuts: [{ keys: "/", label: "search", run }] };
  expect(effective([shell, page])).toEqual([page]);
});
