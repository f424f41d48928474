"""The one door out: every text that leaves this machine for an AI service is made here.

Ignore files are asked first, for open documents too; secrets become placeholders; what would leave is a `Prompt` that
can be shown word for word before it does. There is no other way to make one for a provider.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_team.assist import prompt as prompts
from backend_team.assist.ignores import refuse_ignored
from backend_team.assist.redaction import Redaction, redacted
from backend_team.errors import AssistError, RefusedError
from backend_team.parsing import syntax_tree

if TYPE_CHECKING:
    from backend_team.assist.prompt import Prompt
    from backend_team.assist.suggestion import SuggestionRequest


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves for a request, and what is needed to read the answer."""

    prompt: Prompt
    redaction: Redaction
    code: str  # the function as it stands at the margin, secrets included: it stays here
    notes: str

    @property
    def digest(self) -> str:
        """The hash of what leaves: all that is kept of it."""
        return hashlib.sha256(self.prompt.text.encode("utf-8", "surrogatepass")).hexdigest()

    def key(self, *context: str) -> str:
        """The name of the answer in the cache: layout and comments of the code don't change it."""
        return prompts.fingerprint(self.redaction.text, self.notes, *context)

    def again(self, failure: str) -> Outgoing:
        """What leaves for a second try; what failed is told without secrets."""
        prompt = prompts.again(self.prompt, self.redaction.hidden(failure))
        return Outgoing(prompt, self.redaction, self.code, self.notes)


def outgoing(request: SuggestionRequest) -> Outgoing:
    """Make what leaves for a request.

    Raises `RefusedError` when it may not leave, `AssistError` when the function does not parse.
    """
    refuse_ignored(request.path, request.root)
    source, span = request.source, request.span
    index = source.lines
    start = index.starts[index.line_of(span.start)]
    indentation = source.text[start : span.start]
    if indentation.strip():
        raise AssistError(f"{request.symbol} does not begin on a line of its own")
    code = re.sub(r"\r\n?", "\n", source.text[span.start : span.end])
    try:
        code = prompts.dedented(code, indentation)
        syntax_tree(code)
    except (SyntaxError, ValueError):
        raise AssistError(f"{request.symbol} does not parse at the moment", hint="complete it first") from None
    redaction = redacted(code)
    reason, notes = redacted(request.reason).text, redacted(request.notes).text
    try:
        syntax_tree(redaction.text)
    except SyntaxError:
        raise RefusedError("the code holds secrets that can't be taken out without breaking it") from None
    prompt = prompts.refactoring(redaction.text, request.symbol, reason, notes, redaction.prefix)
    return Outgoing(prompt, redaction, code, notes)
