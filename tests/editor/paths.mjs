/** Where things are in a checkout. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const TOOLS = join(ROOT, ".tools", "editor");
export const TOOLS_OLDEST = join(ROOT, ".tools", "editor-oldest");
export const SAMPLE = join(ROOT, "tests", "editor", "sample");
export const VSIX = join(ROOT, "build", "ai-backend-team.vsix");
export const FILM = join(ROOT, "build", "film");
export const FILM_OLDEST = join(ROOT, "build", "film-oldest");
