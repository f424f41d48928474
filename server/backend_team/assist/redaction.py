"""Secrets in code, replaced by placeholders before it leaves and put back into the answer.

Only what has the structure of a secret counts: our own patterns and the structural detectors of detect-secrets (its
entropy detector takes ordinary calls for secrets). A private key is never replaced: it stops the request.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from backend_team.errors import RefusedError, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PRIVATE_KEY: Final = re.compile(
    r"-----\s*BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?\s*-----|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[0-9A-Z]{20}"
)
# The group `secret`, or the whole match.
_OWN: Final[Mapping[str, re.Pattern[str]]] = {
    "ANTHROPIC_KEY": re.compile(r"\bsk-ant-[\w-]{16,}"),
    "OPENAI_KEY": re.compile(r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
    "AWS_KEY": re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    "GITHUB_TOKEN": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})"),
    "GITLAB_TOKEN": re.compile(r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|oas)-[\w-]{20,}"),
    "GOOGLE_KEY": re.compile(r"\bAIza[\w-]{35}\b"),
    "SLACK_TOKEN": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    "STRIPE_KEY": re.compile(r"\b(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{20,}"),
    "JWT": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "PASSWORD_IN_URL": re.compile(
        r"\b[a-z][a-z0-9+.-]*://[^\s:/@'\"{}]*:(?P<secret>[^\s/@'\"{}%]{3,})@", re.IGNORECASE
    ),
    "BEARER": re.compile(r"\b(?:Bearer|Basic) (?P<secret>[A-Za-z0-9+/_.=~-]{16,})"),
    "PASSWORD": re.compile(
        r"(?:passwo?r?d|passwd|passphrase|secret|token|api_?key|access_?key|private_?key)\w*[\"']?\s*\]?\s*"
        r"(?::\s*\w+\s*)?(?:=|:|==)\s*[rbuRBU]{0,2}(?P<quote>[\"'])(?P<secret>[^\"'\s{}]{6,})(?P=quote)",
        re.IGNORECASE,
    ),
}
_DETECTORS: Final = (
    "artifactory.ArtifactoryDetector",
    "aws.AWSKeyDetector",
    "azure_storage_key.AzureStorageKeyDetector",
    "basic_auth.BasicAuthDetector",
    "cloudant.CloudantDetector",
    "discord.DiscordBotTokenDetector",
    "github_token.GitHubTokenDetector",
    "gitlab_token.GitLabTokenDetector",
    "ibm_cloud_iam.IbmCloudIamDetector",
    "ibm_cos_hmac.IbmCosHmacDetector",
    "jwt.JwtTokenDetector",
    "mailchimp.MailchimpDetector",
    "npm.NpmDetector",
    "openai.OpenAIDetector",
    "pypi_token.PypiTokenDetector",
    "sendgrid.SendGridDetector",
    "slack.SlackDetector",
    "softlayer.SoftlayerDetector",
    "square_oauth.SquareOAuthDetector",
    "stripe.StripeDetector",
    "telegram_token.TelegramBotTokenDetector",
    "twilio.TwilioKeyDetector",
)
_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without its secrets, and the secrets by placeholder.

    The same secret has the same placeholder everywhere in a text, numbered in order of appearance.
    """

    text: str
    prefix: str
    secrets: Mapping[str, str]

    def restored(self, answer: str) -> str:
        """The answer with the secrets in place.

        Raises `RejectedError` when the answer lost a placeholder or made one up.
        """
        placeholder = re.compile(rf"{re.escape(self.prefix)}\w+")
        used = Counter(placeholder.findall(answer))
        if lost := [name for name in self.secrets if name not in used]:
            raise RejectedError(f"the answer lost {lost[0]}, which stands for a secret")
        if invented := [name for name in used if name not in self.secrets]:
            raise RejectedError(f"the answer made up {invented[0]}")
        return placeholder.sub(lambda found: self.secrets[found[0]], answer) if self.secrets else answer

    def hidden(self, text: str) -> str:
        """Another text about the same code, without its secrets."""
        for name, secret in self.secrets.items():
            text = text.replace(secret, name)
        return _hidden(text, self.prefix, {secret: name for name, secret in self.secrets.items()})


def redacted(text: str) -> Redaction:
    """The text with every secret replaced.

    Raises `RefusedError` for a private key, and when secrets are left after all.
    """
    if key := _PRIVATE_KEY.search(text):
        line = text.count("\n", 0, key.start()) + 1
        raise RefusedError(f"there is a private key in line {line} of the code: it never leaves this machine")
    prefix = "REDACTED_"
    while prefix in text:
        prefix = f"{prefix[:-1]}X_"
    names: dict[str, str] = {}
    hidden = _hidden(text, prefix, names)
    return Redaction(hidden, prefix, {name: secret for secret, name in names.items()})


def _hidden(text: str, prefix: str, names: dict[str, str]) -> str:
    """The text with placeholders; `names` gains the name of each secret. What is hidden may lay bare another."""
    for _ in range(_ROUNDS):
        spans = _merged(_own(text, prefix)) or _merged(_detected(text, prefix))
        if not spans:
            return text
        parts: list[str] = []
        done = 0
        for start, end, kind in spans:
            parts += text[done:start], names.setdefault(text[start:end], f"{prefix}{kind}_{len(names) + 1}")
            done = end
        text = "".join([*parts, text[done:]])
    raise RefusedError("the code holds secrets that could not all be taken out")


def _own(text: str, prefix: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _OWN.items():
        for match in pattern.finditer(text):
            yield from _span(match, "secret" if "secret" in pattern.groupindex else 0, kind, prefix)


def _detected(text: str, prefix: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _detectors():
        for match in pattern.finditer(text):
            # A group is the secret, unless it is but the mark by which the secret is known.
            longest = max(range(pattern.groups + 1), key=lambda group: (group > 0) * len(match[group] or ""))
            yield from _span(match, longest if len(match[longest]) >= 12 else 0, kind, prefix)


def _span(match: re.Match[str], group: int | str, kind: str, prefix: str) -> Iterator[tuple[int, int, str]]:
    start, end = match.span(group)
    secret = match[group]
    # What an f-string or a format fills in is a name, not a secret.
    if start < end and prefix not in secret and "{" not in secret and "%(" not in secret and "\n" not in secret:
        yield start, end, kind


def _merged(found: Iterator[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found):
        if merged and start < merged[-1][1]:
            first, last, name = merged[-1]
            merged[-1] = (first, max(last, end), name)
        else:
            merged.append((start, end, kind))
    return merged


@cache
def _detectors() -> tuple[tuple[str, re.Pattern[str]], ...]:
    from importlib import import_module

    patterns: list[tuple[str, re.Pattern[str]]] = []
    for name in _DETECTORS:
        module, _, detector = name.partition(".")
        plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), detector)
        kind = module.removesuffix("_token").removesuffix("_key").upper()
        patterns += ((kind, pattern) for pattern in plugin.denylist)
    return tuple(patterns)
