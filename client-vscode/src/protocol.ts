// Generated from server/backend_team/lsp/protocol.py by `python -m backend_team.lsp.protocol_typescript`. Do not edit.

/** CheckWorkspaceParams -> CheckWorkspaceResult; progress */
export const CHECK_WORKSPACE = "backendTeam.server.checkWorkspace";
/** FixFileParams -> FixFileResult; progress */
export const FIX_FILE = "backendTeam.server.fixFile";
/** FixWorkspaceParams -> FixWorkspaceResult; progress */
export const FIX_WORKSPACE = "backendTeam.server.fixWorkspace";
/** WriteBaselineParams -> WriteBaselineResult; progress */
export const WRITE_BASELINE = "backendTeam.server.writeBaseline";
/** Empty -> CheckWorkspaceResult; progress */
export const RESTART_ANALYSIS = "backendTeam.server.restartAnalysis";
/** NewRuleParams -> NewRule; writes the file and shows it */
export const NEW_RULE = "backendTeam.server.newRule";
/** CleanupParams -> list[CleanupItem] */
export const LIST_CLEANUP = "backendTeam.server.listCleanup";
/** Empty -> list[RuleSummary] */
export const LIST_RULES = "backendTeam.server.listRules";
/** SuppressParams -> null; applies the edit */
export const SUPPRESS = "backendTeam.server.suppress";
/** Empty -> Status */
export const SHOW_STATUS = "backendTeam.server.showStatus";
/** RuleReference -> null; shows the rule's page, or a message */
export const SHOW_RULE = "backendTeam.server.showRule";
/** SuggestionParams -> SuggestionEstimate */
export const PREPARE_SUGGESTION = "backendTeam.server.prepareSuggestion";
/** SuggestionParams -> Suggestion; progress */
export const SUGGEST_REFACTORING = "backendTeam.server.suggestRefactoring";
/** SuggestionReference -> null; applies the edit */
export const ACCEPT_SUGGESTION = "backendTeam.server.acceptSuggestion";
/** Empty -> list[TemplateSummary] */
export const LIST_TEMPLATES = "backendTeam.server.listTemplates";
/** RunTemplateParams -> TemplatePlan */
export const PLAN_TEMPLATE = "backendTeam.server.planTemplate";
/** RunTemplateParams -> Execution; progress */
export const RUN_TEMPLATE = "backendTeam.server.runTemplate";
/** Empty -> list[Deployment] */
export const LIST_DEPLOYMENTS = "backendTeam.server.listDeployments";
/** DeploymentReference -> null; progress */
export const REMOVE_DEPLOYMENT = "backendTeam.server.removeDeployment";
/** Empty -> Usage; also sends the notification */
export const SHOW_USAGE = "backendTeam.server.showUsage";
/** ActionData -> null; for clients that can't resolve actions */
export const APPLY_ACTION = "backendTeam.server.applyAction";
/** SuggestionParams; asks the person first */
export const CLIENT_SUGGEST_REFACTORING = "backendTeam.suggestRefactoring";
/** Place; shows the findings that begin in it */
export const CLIENT_SHOW_FINDINGS = "backendTeam.showFindings";
/** Status */
export const STATUS = "backendTeam/status";
/** Usage */
export const USAGE = "backendTeam/usage";

/** No parameters. */
export type Empty = Record<string, never>;

/** What `initializationOptions` may hold: the person's settings, and the client's own commands. A code action that names a command of the client is offered only when `commands` holds the command. */
export interface InitializationOptions {
  ai?: Record<string, unknown>;
  lint?: Record<string, unknown>;
  commands?: string[];
}

/** Check every Python file of the workspace folders. */
export type CheckWorkspaceParams = Record<string, never>;

/** What a check of the workspace found. */
export interface CheckWorkspaceResult {
  files: number;
  findings: number;
  cancelled: boolean;
}

/** Apply all safe fixes to one open document; refused when `version` is not the document's. */
export interface FixFileParams {
  uri: string;
  version: number;
}

/** What a code action carries: which edit, for which version of which document. `reason` is written behind a suppression; without one a client that takes snippets is asked for it in the text. */
export interface ActionData {
  what: "fix" | "fixAll" | "fixRule" | "organize" | "suppress" | "suppressInFile" | "leaveOut" | "disable" | "nearest";
  uri: string;
  version: number;
  automatic?: boolean;
  rule?: string;
  start?: number;
  end?: number;
  reason?: string;
}

/** What was applied, and what was withheld with the reason. */
export interface FixFileResult {
  applied: number;
  withheld: WithheldFix[];
}

/** A fix that could not be shown right. */
export interface WithheldFix {
  rule: string;
  line: number;
  reason: string;
}

/** Apply the safe fixes of the workspace, of some rules or one category, or of one file or folder (a URI). Rules that are named are fixed as a whole, what wants a review too, when the client supports change annotations. */
export interface FixWorkspaceParams {
  rule?: string;
  rules?: string[];
  category?: string;
  folder?: string;
}

/** A fix that could not be shown right, and where. */
export interface WithheldInFile {
  uri: string;
  rule: string;
  line: number;
  reason: string;
}

/** A file that was left alone. */
export interface LeftOut {
  uri: string;
  reason: string;
}

/** Files changed, fixes applied, fixes withheld and files left out with the reason; nothing when it was declined. */
export interface FixWorkspaceResult {
  files: number;
  applied: number;
  withheld: WithheldInFile[];
  leftOut: LeftOut[];
}

/** Make what is found now known; `folder` (a URI) is needed when the workspace has several. */
export interface WriteBaselineParams {
  folder?: string;
}

/** The file, the findings known now, files that could not be judged, and whether the settings name the file. */
export interface WriteBaselineResult {
  path: string;
  findings: number;
  unjudged: number;
  inUse: boolean;
}

/** What is to be cleaned, as a tree: a plan of what gains most, by rule, or by file; `parent` is an item's id. */
export interface CleanupParams {
  view: "plan" | "rules" | "files";
  parent?: string;
}

/** A range of a document (lines and characters from 0, negotiated encoding). */
export interface Place {
  uri: string;
  line: number;
  character: number;
  endLine: number;
  endCharacter: number;
}

/** An item of the tree, with its findings and how many of them have a fix; `fix` is what its fix button sends. */
export interface CleanupItem {
  id: string;
  kind: "step" | "category" | "rule" | "folder" | "file" | "finding";
  label: string;
  description: string;
  tooltip: string;
  findings: number;
  fixable: number;
  expandable: boolean;
  severity?: "error" | "warning" | "information" | "hint";
  rule?: string;
  place?: Place;
  fix?: FixWorkspaceParams;
}

/** A rule, whether it runs in some folder of the workspace, and how many findings it has there now. */
export interface RuleSummary {
  id: string;
  title: string;
  category: string;
  runs: boolean;
  fixable: boolean;
  findings: number;
}

/** Suppress a rule for the finding at a position, for its file, or for the file in the settings, with a reason. */
export interface SuppressParams {
  uri: string;
  version: number;
  line: number;
  character: number;
  rule: string;
  where: "line" | "file" | "settings";
  reason?: string;
}

/** Names a rule. */
export interface RuleReference {
  rule: string;
}

/** Make a rule of the selected expression or statement (lines and characters from 0, negotiated encoding). `metavariables` turns the local names in it into metavariables. Without an `id` it gets one that no file has; `category` is the folder in `.backend-team/rules`. */
export interface NewRuleParams {
  uri: string;
  version: number;
  line: number;
  character: number;
  endLine: number;
  endCharacter: number;
  id?: string;
  category?: string;
  metavariables?: boolean;
}

/** The file of a rule that was made, and its id. */
export interface NewRule {
  uri: string;
  id: string;
}

/** Ask for a refactoring of the function around a position (line and character from 0, negotiated encoding). */
export interface SuggestionParams {
  uri: string;
  version: number;
  line: number;
  character: number;
}

/** What a request would send, where, and what it can cost at most. */
export interface SuggestionEstimate {
  symbol: string;
  provider: string;
  model: string;
  host: string;
  maximumCost: number;
  cached: boolean;
  redactions: number;
  prompt: string;
  spentToday: number;
  dailyCap: number;
}

/** A checked answer, bound to the document version it was made for. */
export interface Suggestion {
  id: string;
  uri: string;
  version: number;
  symbol: string;
  original: string;
  suggested: string;
  reason: string;
  provider: string;
  model: string;
  cost: number;
  cached: boolean;
  checks: string[];
}

/** Names a suggestion of this session. */
export interface SuggestionReference {
  id: string;
}

/** One input of a template, to be asked natively. */
export interface TemplateInput {
  key: string;
  type: "string" | "number" | "boolean" | "array";
  label: string;
  description: string;
  optional: boolean;
  options: string[];
  default?: unknown;
  pattern?: string;
}

/** A template as it is offered. */
export interface TemplateSummary {
  id: string;
  name: string;
  version: string;
  description: string;
  category: string;
  complexity: string;
  estimatedMinutes: number;
  estimatedCost: number;
  inputs: TemplateInput[];
}

/** Run a template; `destination` is the folder to write the application to (refused unless empty or absent). `idempotencyKey` names the run: the same key again re-attaches to it. */
export interface RunTemplateParams {
  template: string;
  configuration: Record<string, unknown>;
  destination?: string;
  idempotencyKey?: string;
}

/** One step of a plan. */
export interface PlannedStep {
  id: string;
  name: string;
  command: string;
  dependsOn: string[];
}

/** What a run would do: files it writes, steps, what it creates outside, cost. */
export interface TemplatePlan {
  template: string;
  files: string[];
  steps: PlannedStep[];
  creates: string[];
  estimatedCost: number;
}

/** The first account of an application; its `password` is only in a JSON file of the machine that runs it. */
export interface Administrator {
  email: string;
  passwordFile: string;
}

/** A run of a template as it stands. */
export interface Execution {
  id: string;
  template: string;
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  currentStep: string | null;
  progress: number;
  url: string | null;
  destination: string | null;
  deployment: string | null;
  administrator: Administrator | null;
  error: string | null;
}

/** A deployed application. */
export interface Deployment {
  id: string;
  name: string;
  provider: string;
  status: string;
  url: string | null;
  template: string;
  createdAt: string;
}

/** Names a deployment. */
export interface DeploymentReference {
  id: string;
}

/** Used and included; None means unlimited. */
export interface Meter {
  used: number;
  included: number | null;
}

/** The usage of the current month; `costToday` in US dollars, from the ledger of this machine. */
export interface Usage {
  plan: string;
  period: string;
  templateExecutions: Meter;
  aiRequests: Meter;
  cacheHits: number;
  costToday: number;
  dailyCap: number;
}

/** What runs: the server, its Python, the number of rules and the beginning of the hash of their files. */
export interface Versions {
  server: string;
  python: string;
  rules: number;
  ruleSet: string;
}

/** How many rules leave their work to another tool in some part of the workspace, and to which. */
export interface StandsDown {
  rules: number;
  tools: "ruff"[];
}

/** The state of the server, for a client's status bar; `score` is 0 to 100, the best. */
export interface Status {
  state: "starting" | "ready" | "busy";
  findings: number;
  files: number;
  rules: number;
  version: string;
  score: number;
  versions: Versions;
  standsDown: StandsDown;
}
