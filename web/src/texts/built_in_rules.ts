/** What each built-in rule means, and what to do: as docs/built-in-rules.md says it. */

export interface Meaning {
  means: string;
  do: string;
}

export const builtInMeanings: Partial<Record<string, Meaning>> = {
  // Many failed logins from one address
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0a02": {
    means: "Somebody, or a program, tries passwords.",
    do:
      "Look whether one of the accounts signed in afterwards; block the address; say that " +
      "your own scanners are expected.",
  },
  // Failed logins to one account from several addresses
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0b02": {
    means: "Attempts are spread over addresses, to stay below limits.",
    do: "Ask the person; have them set a new password and a second factor.",
  },
  // Bulk deletions by one person
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0c02": {
    means: "Sabotage, a taken-over account, or a script that went wrong.",
    do:
      "Open the search link and see what is gone; disable the person or revoke the key if " +
      "nobody knows of it.",
  },
  // Role with wide permissions given
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1701": {
    means: "Somebody may administer from now on.",
    do: "Look for the request. Somebody who raised their own role is an incident.",
  },
  // Second factor removed
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1801": {
    means: "Passwords alone protect one account, or all.",
    do: "See that a second factor is set up again; ask who lifted the requirement, and why.",
  },
  // Sign-in from a country that is new for this person
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0d01": {
    means: "The account may be used by somebody else.",
    do: "Ask the person by another way; end their sessions if they do not know of it.",
  },
  // Impossible travel
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0e01": {
    means: "Two people use one account.",
    do: "Compare user agents in the evidence; ask the person.",
  },
  // Changes outside of working hours
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0f01": {
    means: "An account is used when its owner sleeps.",
    do: "Read what was done; deletions at night deserve a call.",
  },
  // Dormant account awake
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1001": {
    means: "A forgotten account was found by somebody.",
    do: "Ask whether the account is still needed, and disable it if not.",
  },
  // First use of a sensitive action by this person
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1101": {
    means: "New rights are tried out, by them or by somebody else.",
    do: "Read them together now and then; turn the rule off if you do not.",
  },
  // Export of unusual size
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1201": {
    means: "Data leaves.",
    do: "Ask who wanted it. The next export as large is no longer unusual.",
  },
  // Sign-in right after a burst of failures
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1401": {
    means: "A password was guessed, or fitted from a leaked list.",
    do: "End the person's sessions, have them set a new password, and read what was done since.",
  },
  // Activity of a disabled person, or with a key that one made
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1301": {
    means: "Somebody who was shut out is not.",
    do: "Revoke the key; give programs keys of their own.",
  },
  // Allow-list widened
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1501": {
    means: "The door is opened further.",
    do: "Ask whoever changed it; the old list is in the reasons.",
  },
  // A source has gone silent
  "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f1601": {
    means: "A program has stopped, lost its key, or was kept from telling.",
    do: "Look at the program, and at rejected requests of its key.",
  },
};
