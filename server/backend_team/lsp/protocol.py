"""Every message of ours that is not in the Language Server Protocol: commands, notifications and their payloads.

`client-vscode/src/protocol.ts` is generated from this file by `python -m backend_team.lsp.protocol_typescript`;
`make check` fails when the two differ. Field names are camelCase because they travel as JSON.

Commands travel as `workspace/executeCommand` with exactly one argument, an object of the `...Params` type named beside
them. A command that reports progress takes the client's `workDoneToken` and obeys `window/workDoneProgress/cancel`.
A refused command is answered with an error whose message says what happened and what to do. A client that can run the
commands that code actions and lenses name says so in its `initializationOptions`, an `InitializationOptions`.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NotRequired, TypedDict

# Commands ---------------------------------------------------------------------------------------------------------

CHECK_WORKSPACE: Final = "backendTeam.server.checkWorkspace"  # CheckWorkspaceParams -> CheckWorkspaceResult; progress
FIX_FILE: Final = "backendTeam.server.fixFile"  # FixFileParams -> FixFileResult; progress
FIX_WORKSPACE: Final = "backendTeam.server.fixWorkspace"  # FixWorkspaceParams -> FixWorkspaceResult; progress
WRITE_BASELINE: Final = "backendTeam.server.writeBaseline"  # WriteBaselineParams -> WriteBaselineResult; progress
RESTART_ANALYSIS: Final = "backendTeam.server.restartAnalysis"  # Empty -> CheckWorkspaceResult; progress
NEW_RULE: Final = "backendTeam.server.newRule"  # NewRuleParams -> NewRule; writes the file and shows it
LIST_CLEANUP: Final = "backendTeam.server.listCleanup"  # CleanupParams -> list[CleanupItem]
LIST_RULES: Final = "backendTeam.server.listRules"  # Empty -> list[RuleSummary]
SUPPRESS: Final = "backendTeam.server.suppress"  # SuppressParams -> null; applies the edit
SHOW_STATUS: Final = "backendTeam.server.showStatus"  # Empty -> Status
SHOW_RULE: Final = "backendTeam.server.showRule"  # RuleReference -> null; shows the rule's page, or a message
PREPARE_SUGGESTION: Final = "backendTeam.server.prepareSuggestion"  # SuggestionParams -> SuggestionEstimate
SUGGEST_REFACTORING: Final = "backendTeam.server.suggestRefactoring"  # SuggestionParams -> Suggestion; progress
ACCEPT_SUGGESTION: Final = "backendTeam.server.acceptSuggestion"  # SuggestionReference -> null; applies the edit
LIST_TEMPLATES: Final = "backendTeam.server.listTemplates"  # Empty -> list[TemplateSummary]
PLAN_TEMPLATE: Final = "backendTeam.server.planTemplate"  # RunTemplateParams -> TemplatePlan
RUN_TEMPLATE: Final = "backendTeam.server.runTemplate"  # RunTemplateParams -> Execution; progress
LIST_DEPLOYMENTS: Final = "backendTeam.server.listDeployments"  # Empty -> list[Deployment]
REMOVE_DEPLOYMENT: Final = "backendTeam.server.removeDeployment"  # DeploymentReference -> null; progress
SHOW_USAGE: Final = "backendTeam.server.showUsage"  # Empty -> Usage; also sends the notification
APPLY_ACTION: Final = "backendTeam.server.applyAction"  # ActionData -> null; for clients that can't resolve actions

# Commands of the client, of code actions and lenses -----------------------------------------------------------------

# Offered only to clients that name the command in `commands` of their `initializationOptions`.
CLIENT_SUGGEST_REFACTORING: Final = "backendTeam.suggestRefactoring"  # SuggestionParams; asks the person first
CLIENT_SHOW_FINDINGS: Final = "backendTeam.showFindings"  # Place; shows the findings that begin in it

# Notifications of the server --------------------------------------------------------------------------------------

STATUS: Final = "backendTeam/status"  # Status
USAGE: Final = "backendTeam/usage"  # Usage


class Empty(TypedDict):
    """No parameters."""


class InitializationOptions(TypedDict):
    """What `initializationOptions` may hold: the person's settings, and the client's own commands.

    A code action that names a command of the client is offered only when `commands` holds the command.
    """

    ai: NotRequired[dict[str, Any]]
    lint: NotRequired[dict[str, Any]]
    commands: NotRequired[list[str]]


class CheckWorkspaceParams(TypedDict):
    """Check every Python file of the workspace folders."""


class CheckWorkspaceResult(TypedDict):
    """What a check of the workspace found."""

    files: int
    findings: int
    cancelled: bool


class FixFileParams(TypedDict):
    """Apply all safe fixes to one open document; refused when `version` is not the document's."""

    uri: str
    version: int


class ActionData(TypedDict):
    """What a code action carries: which edit, for which version of which document.

    `reason` is written behind a suppression; without one a client that takes snippets is asked for it in the text.
    """

    what: Literal[
        "fix", "fixAll", "fixRule", "organize", "suppress", "suppressInFile", "leaveOut", "disable", "nearest"
    ]
    uri: str
    version: int
    automatic: NotRequired[bool]
    rule: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    reason: NotRequired[str]


class FixFileResult(TypedDict):
    """What was applied, and what was withheld with the reason."""

    applied: int
    withheld: list[WithheldFix]


class WithheldFix(TypedDict):
    """A fix that could not be shown right."""

    rule: str
    line: int
    reason: str


class FixWorkspaceParams(TypedDict):
    """Apply the safe fixes of the workspace, of some rules or one category, or of one file or folder (a URI).

    Rules that are named are fixed as a whole, what wants a review too, when the client supports change annotations.
    """

    rule: NotRequired[str]
    rules: NotRequired[list[str]]
    category: NotRequired[str]
    folder: NotRequired[str]


class WithheldInFile(TypedDict):
    """A fix that could not be shown right, and where."""

    uri: str
    rule: str
    line: int
    reason: str


class LeftOut(TypedDict):
    """A file that was left alone."""

    uri: str
    reason: str


class FixWorkspaceResult(TypedDict):
    """Files changed, fixes applied, fixes withheld and files left out with the reason; nothing when it was declined."""

    files: int
    applied: int
    withheld: list[WithheldInFile]
    leftOut: list[LeftOut]


class WriteBaselineParams(TypedDict):
    """Make what is found now known; `folder` (a URI) is needed when the workspace has several."""

    folder: NotRequired[str]


class WriteBaselineResult(TypedDict):
    """The file, the findings known now, files that could not be judged, and whether the settings name the file."""

    path: str
    findings: int
    unjudged: int
    inUse: bool


class CleanupParams(TypedDict):
    """What is to be cleaned, as a tree: a plan of what gains most, by rule, or by file; `parent` is an item's id."""

    view: Literal["plan", "rules", "files"]
    parent: NotRequired[str]


class Place(TypedDict):
    """A range of a document (lines and characters from 0, negotiated encoding)."""

    uri: str
    line: int
    character: int
    endLine: int
    endCharacter: int


class CleanupItem(TypedDict):
    """An item of the tree, with its findings and how many of them have a fix; `fix` is what its fix button sends."""

    id: str
    kind: Literal["step", "category", "rule", "folder", "file", "finding"]
    label: str
    description: str
    tooltip: str
    findings: int
    fixable: int
    expandable: bool
    severity: NotRequired[Literal["error", "warning", "information", "hint"]]
    rule: NotRequired[str]
    place: NotRequired[Place]
    fix: NotRequired[FixWorkspaceParams]


class RuleSummary(TypedDict):
    """A rule, whether it runs in some folder of the workspace, and how many findings it has there now."""

    id: str
    title: str
    category: str
    runs: bool
    fixable: bool
    findings: int


class SuppressParams(TypedDict):
    """Suppress a rule for the finding at a position, for its file, or for the file in the settings, with a reason."""

    uri: str
    version: int
    line: int
    character: int
    rule: str
    where: Literal["line", "file", "settings"]
    reason: NotRequired[str]


class RuleReference(TypedDict):
    """Names a rule."""

    rule: str


class NewRuleParams(TypedDict):
    """Make a rule of the selected expression or statement (lines and characters from 0, negotiated encoding).

    `metavariables` turns the local names in it into metavariables. Without an `id` it gets one that no file has;
    `category` is the folder in `.backend-team/rules`.
    """

    uri: str
    version: int
    line: int
    character: int
    endLine: int
    endCharacter: int
    id: NotRequired[str]
    category: NotRequired[str]
    metavariables: NotRequired[bool]


class NewRule(TypedDict):
    """The file of a rule that was made, and its id."""

    uri: str
    id: str


class SuggestionParams(TypedDict):
    """Ask for a refactoring of the function around a position (line and character from 0, negotiated encoding)."""

    uri: str
    version: int
    line: int
    character: int


class SuggestionEstimate(TypedDict):
    """What a request would send, where, and what it can cost at most."""

    symbol: str
    provider: str
    model: str
    host: str
    maximumCost: float
    cached: bool
    redactions: int
    prompt: str
    spentToday: float
    dailyCap: float


class Suggestion(TypedDict):
    """A checked answer, bound to the document version it was made for."""

    id: str
    uri: str
    version: int
    symbol: str
    original: str
    suggested: str
    reason: str
    provider: str
    model: str
    cost: float
    cached: bool
    checks: list[str]


class SuggestionReference(TypedDict):
    """Names a suggestion of this session."""

    id: str


class TemplateInput(TypedDict):
    """One input of a template, to be asked natively."""

    key: str
    type: Literal["string", "number", "boolean", "array"]
    label: str
    description: str
    optional: bool
    options: list[str]
    default: NotRequired[Any]
    pattern: NotRequired[str]


class TemplateSummary(TypedDict):
    """A template as it is offered."""

    id: str
    name: str
    version: str
    description: str
    category: str
    complexity: str
    estimatedMinutes: int
    estimatedCost: float
    inputs: list[TemplateInput]


class RunTemplateParams(TypedDict):
    """Run a template; `destination` is the folder to write the application to (refused unless empty or absent).

    `idempotencyKey` names the run: the same key again re-attaches to it.
    """

    template: str
    configuration: dict[str, Any]
    destination: NotRequired[str]
    idempotencyKey: NotRequired[str]


class PlannedStep(TypedDict):
    """One step of a plan."""

    id: str
    name: str
    command: str
    dependsOn: list[str]


class TemplatePlan(TypedDict):
    """What a run would do: files it writes, steps, what it creates outside, cost."""

    template: str
    files: list[str]
    steps: list[PlannedStep]
    creates: list[str]
    estimatedCost: float


class Administrator(TypedDict):
    """The first account of an application; its `password` is only in a JSON file of the machine that runs it."""

    email: str
    passwordFile: str


class Execution(TypedDict):
    """A run of a template as it stands."""

    id: str
    template: str
    status: Literal["queued", "running", "completed", "failed", "cancelled"]
    currentStep: str | None
    progress: int
    url: str | None
    destination: str | None
    deployment: str | None
    administrator: Administrator | None
    error: str | None


class Deployment(TypedDict):
    """A deployed application."""

    id: str
    name: str
    provider: str
    status: str
    url: str | None
    template: str
    createdAt: str


class DeploymentReference(TypedDict):
    """Names a deployment."""

    id: str


class Meter(TypedDict):
    """Used and included; None means unlimited."""

    used: int
    included: int | None


class Usage(TypedDict):
    """The usage of the current month; `costToday` in US dollars, from the ledger of this machine."""

    plan: str
    period: str
    templateExecutions: Meter
    aiRequests: Meter
    cacheHits: int
    costToday: float
    dailyCap: float


class Versions(TypedDict):
    """What runs: the server, its Python, the number of rules and the beginning of the hash of their files."""

    server: str
    python: str
    rules: int
    ruleSet: str


class StandsDown(TypedDict):
    """How many rules leave their work to another tool in some part of the workspace, and to which."""

    rules: int
    tools: list[Literal["ruff"]]


class Status(TypedDict):
    """The state of the server, for a client's status bar; `score` is 0 to 100, the best."""

    state: Literal["starting", "ready", "busy"]
    findings: int
    files: int
    rules: int
    version: str
    score: float
    versions: Versions
    standsDown: StandsDown
