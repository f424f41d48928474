/** The steps of the film, in order. A step returns what it saw, or throws. */

import { ASSIST } from "./steps/assist.mjs";
import { CLEANUP } from "./steps/cleanup.mjs";
import { TEMPLATE } from "./steps/template.mjs";
import { TRUST } from "./steps/trust.mjs";

export const STEPS = [...CLEANUP, ...ASSIST, ...TEMPLATE, ...TRUST];
