/** What is accepted as the value of a template's input. */

import { strict as assert } from "node:assert";
import { complaint } from "../src/inputs";
import type { TemplateInput } from "../src/protocol";

const NAME: TemplateInput = { key: "app_name", type: "string", label: "Name", description: "small letters", optional: false, options: [], pattern: "^[a-z]+$" };

const TABLE: [Partial<TemplateInput>, string, RegExp | undefined][] = [
  [{}, "shop", undefined],
  [{}, "  shop ", undefined],
  [{}, "", /Name is needed/],
  [{ optional: true }, " ", undefined],
  [{}, "Shop 1", /does not fit .*small letters/],
  [{ type: "number" }, "12.5", undefined],
  [{ type: "number" }, "twelve", /is a number/],
  [{ type: "array" }, "one, two", undefined],
  [{ type: "array" }, "one, TWO", /"TWO" does not fit/],
];

describe("inputs of a template", () => {
  for (const [more, typed, expected] of TABLE) {
    it(`${JSON.stringify(more)} "${typed}" is ${expected ? "refused" : "accepted"}`, () => {
      const said = complaint({ ...NAME, ...more }, typed);
      if (expected) assert.match(said ?? "", expected);
      else assert.equal(said, undefined);
    });
  }
});
