import { describe, expect, it } from "vitest";

import { detailOf, initialsOf, nameOf } from "./who";

describe("nameOf and detailOf", () => {
  it("take the best that is known, and never say the same twice", () => {
    const both = { user_id: "u-1", name: "Ada Byron", user_email: "ada@acme.example" };
    expect([nameOf(both), detailOf(both)]).toEqual(["Ada Byron", "ada@acme.example"]);
    const mail = { user_id: "u-1", name: null, email: "ada@acme.example" };
    expect([nameOf(mail), detailOf(mail)]).toEqual(["ada@acme.example", "u-1"]);
    expect([nameOf({ user_id: "u-1" }), detailOf({ user_id: "u-1" })]).toEqual(["u-1", "u-1"]);
  });
});

describe("initialsOf", () => {
  it("takes the first and the last word's letter", () => {
    expect(initialsOf("Ada King Byron")).toBe("AB");
    expect(initialsOf("ada.byron@acme.example")).toBe("AB");
    expect(initialsOf("élan")).toBe("É");
    expect(initialsOf("")).toBe("");
  });

  it("does not break letters that are two code units", () => {
    expect(initialsOf("𝒜da 𝓑yron")).toBe("𝒜𝓑");
  });
});
