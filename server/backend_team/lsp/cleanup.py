"""The tree of what is to be cleaned: a ranked plan, by rule, or by file; each item says how its findings can go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from backend_team.errors import FileError
from backend_team.lsp import cleanup_words as words
from backend_team.lsp import convert
from backend_team.lsp.cleanup_counts import Counted, Step, ranked
from backend_team.workspace import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_team.lsp import protocol
    from backend_team.lsp.inventory import Inventory, Shown
    from backend_team.lsp.seen import Seen
    from backend_team.text import LineIndex

    Kind = Literal["step", "category", "rule", "file", "finding"]
    View = Literal["plan", "rules", "files"]

Entry = TypeVar("Entry")
MOST: Final = 500  # items of a parent; a last one says how many more there are
PROBLEMS: Final = "problems"  # the category of what no rule says
WIDTH: Final = 100  # characters of a line behind a finding
LEVELS: Final = {"plan": 2, "rules": 3, "files": 1}  # parts of the id of a file's item, below which are its findings


def parts_of(params: protocol.CleanupParams) -> list[str] | None:
    """The parts of the parent's id, none at the top; None for an id that is not of this view."""
    parent = params.get("parent")
    if parent is None:
        return []
    try:
        view, *parts = json.loads(parent)
    except (ValueError, TypeError, RecursionError):
        return None
    if view != params["view"] or len(parts) > LEVELS[view]:
        return None
    return [one for one in parts if isinstance(one, str)]


def file_of(view: str, parts: list[str]) -> str | None:
    """The file whose findings are asked for; None where it is more than one."""
    return parts[-1] if len(parts) == LEVELS[view] else None


def children(inventory: Inventory, view: View, parts: list[str]) -> list[protocol.CleanupItem]:
    """The items below the one that these are the parts of; nothing where it is gone."""
    tree = _Tree(inventory, view, parts)
    if file_of(view, parts) is not None:
        return tree.findings()
    match view, parts:
        case "plan", []:
            return tree.steps()
        case "rules", []:
            return tree.categories()
        case "rules", [_]:
            return tree.rules()
        case _:
            return tree.files()


class _Tree:
    """One answer."""

    def __init__(self, inventory: Inventory, view: str, parts: list[str]) -> None:
        self.inventory = inventory
        self.view = view
        self.parts = parts
        self.several = sum(folder.path is not None for folder in inventory.folders) > 1

    # Levels -------------------------------------------------------------------------------------------------------

    def steps(self) -> list[protocol.CleanupItem]:
        """One step for each rule, those that cost least first."""
        counts = self._counted(lambda one: one.code)
        return self._listed(
            "step", ranked(counts, self.inventory.score), self._step, lambda step: step.counted.findings
        )

    def categories(self) -> list[protocol.CleanupItem]:
        """The categories of the rules, the one with most findings first."""
        counts = self._counted(lambda one: self._category(one.code))
        return self._listed("category", _most(counts), self._of_category, _size)

    def rules(self) -> list[protocol.CleanupItem]:
        """The rules of a category, the one with most findings first."""
        (category,) = self.parts
        counts = self._counted(lambda one: one.code if self._category(one.code) == category else None)
        return self._listed("rule", _most(counts), self._of_rule, _size)

    def files(self) -> list[protocol.CleanupItem]:
        """The files with findings, of one rule below it, the one with most first."""
        code = self.parts[-1] if self.parts else None
        found: list[tuple[Shown, Counted]] = []
        for file in self.inventory.files():
            counted = Counted()
            for one in file.items:
                if code is None or one.code == code:
                    counted.add(self.inventory, file, one)
            if counted.findings:
                found.append((file, counted))
        found.sort(key=lambda each: (-each[1].findings, each[0].uri))
        return self._listed("file", found, lambda each: self._of_file(each, code), _size)

    def findings(self) -> list[protocol.CleanupItem]:
        """The findings of a file, of one rule below it, in the order of the text."""
        *above, uri = self.parts
        code = above[-1] if above else None
        shown = [one for file in self.inventory.files() if file.uri == uri for one in file.items]
        chosen = [one for one in shown if code is None or one.code == code]
        if not any(one.cell for one in chosen):
            chosen.sort(key=lambda one: (one.line, one.character))
        seen: dict[str, int] = {}
        texts = {place: self._lines(place) for place in {one.cell or uri for one in chosen}}

        def item(one: Seen) -> protocol.CleanupItem:
            place = f"{one.cell}#{one.code}:{one.line}:{one.character}-{one.end_line}:{one.end_character}"
            number = seen[place] = seen.get(place, 0) + 1
            return self._of_finding(one, uri, f"{place}/{number}", _row(texts[one.cell or uri], one.line))

        return self._listed("finding", chosen, item)

    def _counted(self, key: Callable[[Seen], str | None]) -> dict[str, Counted]:
        """The findings counted by a key; those without are left out."""
        found: dict[str, Counted] = {}
        for file in self.inventory.files():
            for one in file.items:
                name = key(one)
                if name is not None:
                    found.setdefault(name, Counted()).add(self.inventory, file, one)
        return found

    # Items --------------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> protocol.CleanupItem:
        item = self._item("step", step.code, self._title(step.code), step.counted)
        item["description"] = words.of_step(step)
        item["tooltip"] = words.about_step(step, self.inventory, item["label"])
        return self._about(item, step.code, step.counted)

    def _of_category(self, entry: tuple[str, Counted]) -> protocol.CleanupItem:
        name, counted = entry
        item = self._item("category", name, words.spoken(name), counted)
        if counted.safe:
            item["fix"] = {"category": name}
            item["tooltip"] = f"{words.amount(counted.safe, 'safe fix', 'safe fixes')} can be applied at once."
        return item

    def _of_rule(self, entry: tuple[str, Counted]) -> protocol.CleanupItem:
        code, counted = entry
        item = self._item("rule", code, self._title(code), counted)
        item["tooltip"] = words.about_rule(code, self.inventory.rules.get(code), item["label"])
        return self._about(item, code, counted)

    def _about(self, item: protocol.CleanupItem, code: str, counted: Counted) -> protocol.CleanupItem:
        """An item of a whole rule."""
        item["severity"] = words.severity(counted.worst)
        if code in self.inventory.rules:
            item["rule"] = code
        if counted.in_bulk:
            item["fix"] = {"rules": [code]}
        return item

    def _of_file(self, entry: tuple[Shown, Counted], code: str | None) -> protocol.CleanupItem:
        """A file: of one rule all is fixed, otherwise what is safe first, and then what wants a review."""
        file, counted = entry
        item = self._item("file", file.uri, self._name(file.uri), counted)
        item["tooltip"] = words.code(str(convert.path_of(file.uri) or file.uri))
        item["severity"] = words.severity(counted.worst)
        if code is not None:
            if code in self.inventory.rules:
                item["rule"] = code
            if counted.in_bulk:
                item["fix"] = {"rules": [code], "folder": file.uri}
        elif counted.safe:
            item["fix"] = {"folder": file.uri}
        elif counted.in_bulk:
            review = {one.code for one in file.items if self.inventory.is_fixed_in_bulk(file, one)}
            item["fix"] = {"rules": sorted(review), "folder": file.uri}
        return item

    def _of_finding(self, one: Seen, uri: str, name: str, row: str) -> protocol.CleanupItem:
        rule = self.inventory.rules.get(one.code)
        line = f"line {one.line + 1}"
        item: protocol.CleanupItem = {
            "id": self._id(name),
            "kind": "finding",
            "label": one.message.partition("\n")[0],
            "description": f"{line} · {row}" if row else line,
            "tooltip": words.about_finding(one, rule),
            "findings": 1,
            "fixable": int(one.is_fixable),
            "expandable": False,
            "severity": words.severity(one.severity),
            "place": {
                "uri": one.cell or uri,
                "line": one.line,
                "character": one.character,
                "endLine": one.end_line,
                "endCharacter": one.end_character,
            },
        }
        if rule is not None:
            item["rule"] = one.code
        return item

    def _item(self, kind: Kind, name: str, label: str, counted: Counted) -> protocol.CleanupItem:
        said = words.counted(counted.findings, counted.fixable)
        return {
            "id": self._id(name),
            "kind": kind,
            "label": label,
            "description": said,
            "tooltip": said,
            "findings": counted.findings,
            "fixable": counted.fixable,
            "expandable": True,
        }

    def _listed(
        self,
        kind: Kind,
        entries: Sequence[Entry],
        item: Callable[[Entry], protocol.CleanupItem],
        size: Callable[[Entry], int] = lambda _: 1,
    ) -> list[protocol.CleanupItem]:
        """The items of the first entries, and one that says how many more there are."""
        found = [item(entry) for entry in entries[:MOST]]
        rest = entries[MOST:]
        if rest:
            more = self._item(kind, "", f"{len(rest):,} more", Counted(findings=sum(size(one) for one in rest)))
            said = f"Only {MOST} are listed at a time."
            found.append({**more, "description": "", "tooltip": said, "fixable": 0, "expandable": False})
        return found

    # Names --------------------------------------------------------------------------------------------------------

    def _id(self, name: str) -> str:
        return json.dumps([self.view, *self.parts, name], separators=(",", ":"))

    def _category(self, code: str) -> str:
        rule = self.inventory.rules.get(code)
        return PROBLEMS if rule is None else rule.category

    def _title(self, code: str) -> str:
        rule = self.inventory.rules.get(code)
        return words.PROBLEMS.get(code, words.spoken(code)) if rule is None else rule.title

    def _name(self, uri: str) -> str:
        """The path of a file in its folder, whose name comes first where there are several."""
        path = convert.path_of(uri)
        if path is None:
            return uri.partition(":")[2] or uri
        folder = self.inventory.folder_of(path).path
        if folder is None:
            return str(path)
        return path.relative_to(folder.parent if self.several else folder).as_posix()

    def _lines(self, uri: str) -> LineIndex | None:
        """The lines of a file or a cell; None for what can't be read."""
        source = self.inventory.sources.get(uri)
        path = convert.path_of(uri)
        if source is None and path is not None:
            try:
                source = files.read(path)
            except FileError:
                return None
        return None if source is None else source.lines


def _most(counts: dict[str, Counted]) -> list[tuple[str, Counted]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1].findings, entry[0]))


def _size(entry: tuple[object, Counted]) -> int:
    return entry[1].findings


def _row(lines: LineIndex | None, number: int) -> str:
    """A line as it is shown behind a finding."""
    if lines is None or number >= len(lines):
        return ""
    text = " ".join(lines.line_text(number).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
