/** The steps of the film, in order. A step returns what it saw, or throws. */

import { ASSIST } from "./steps/assist.mjs";
import { CLEANUP } from "./steps/cleanup.mjs";
import { COMMANDS } from "./steps/commands.mjs";
import { PROJECT } from "./steps/project.mjs";
import { TEMPLATE } from "./steps/template.mjs";
import { TRUST } from "./steps/trust.mjs";
import { VIEW } from "./steps/view.mjs";

export const STEPS = [...CLEANUP, ...COMMANDS, ...ASSIST, ...VIEW, ...PROJECT, ...TEMPLATE, ...TRUST];
