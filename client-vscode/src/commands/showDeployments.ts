/** Show Deployments: what runs, with a way to open it and to remove it. */

import * as vscode from "vscode";
import { LIST_DEPLOYMENTS, REMOVE_DEPLOYMENT, type Deployment, type DeploymentReference, type Empty } from "../protocol";
import type { Command, Context } from "./command";

export const showDeployments: Command = {
  id: "backendTeam.showDeployments",
  async run(context) {
    const params: Empty = {};
    const deployments = await context.session.execute<Deployment[]>(LIST_DEPLOYMENTS, params);
    if (deployments.length === 0) {
      const run = vscode.l10n.t("Run Template…");
      const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("Nothing is deployed yet."), run);
      if (chosen === run) await vscode.commands.executeCommand("backendTeam.runTemplate");
      return;
    }
    const items = deployments.map((deployment) => ({
      label: `${deployment.status === "running" ? "$(pass-filled)" : "$(circle-outline)"} ${deployment.name}`,
      description: `${deployment.status} · ${deployment.provider} · ${deployment.template}`,
      detail: deployment.url ?? vscode.l10n.t("no address"),
      deployment,
    }));
    const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Deployments"), placeHolder: vscode.l10n.t("Choose one to open or remove it"), matchOnDetail: true });
    if (picked) await act(context, picked.deployment);
  },
};

async function act({ session }: Context, deployment: Deployment): Promise<void> {
  const open = { label: vscode.l10n.t("$(link-external) Open URL"), detail: deployment.url ?? "" };
  const copy = { label: vscode.l10n.t("$(copy) Copy URL") };
  const remove = { label: vscode.l10n.t("$(trash) Remove…"), detail: vscode.l10n.t("Stops the application and removes the deployment; its source folder stays.") };
  const action = await vscode.window.showQuickPick([...(deployment.url ? [open, copy] : []), remove], { title: deployment.name });
  if (action === open && deployment.url) await vscode.env.openExternal(vscode.Uri.parse(deployment.url, true));
  if (action === copy && deployment.url) await vscode.env.clipboard.writeText(deployment.url);
  if (action !== remove) return;
  const yes = vscode.l10n.t("Remove");
  const detail = vscode.l10n.t("The application stops and its data is removed. The generated source folder stays.");
  if ((await vscode.window.showWarningMessage(vscode.l10n.t("Remove the deployment {0}?", deployment.name), { modal: true, detail }, yes)) !== yes) return;
  const params: DeploymentReference = { id: deployment.id };
  const done = await session.executeWithProgress<null>(vscode.l10n.t("Removing {0}", deployment.name), REMOVE_DEPLOYMENT, params);
  if (done !== undefined) void vscode.window.showInformationMessage(vscode.l10n.t("{0} was removed.", deployment.name));
}
