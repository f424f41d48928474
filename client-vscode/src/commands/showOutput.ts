/** Show Output: what the server and the extension log. */

import type { Command } from "./command";

export const showOutput: Command = {
  id: "backendTeam.showOutput",
  async run({ session }) {
    session.log.show();
  },
};
