"""Where names of modules live now: those that moved within the standard library, left `typing`, or came from `six`."""

from __future__ import annotations

from typing import Final, NamedTuple


class Home(NamedTuple):
    """Where a name lives: `from module import name`; `import module` when the name is empty."""

    module: str
    name: str


Version = tuple[int, int]
BUILTINS: Final = "builtins"

_ALWAYS: Final = (3, 0)
_ABSTRACT: Final = (
    *("Awaitable", "Coroutine", "AsyncIterable", "AsyncIterator", "AsyncGenerator", "Container", "Collection"),
    *("Hashable", "ItemsView", "Iterable", "Iterator", "Generator", "KeysView", "Mapping", "MappingView"),
    *("MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Sized", "ValuesView"),
)
_BUILTINS: Final = (
    *("ascii", "bytes", "chr", "dict", "filter", "hex", "input", "int", "isinstance", "list", "map", "max", "min"),
    *("next", "object", "oct", "open", "pow", "range", "round", "str", "super", "zip"),
)

# By the module: names, the Python that knows them elsewhere, and that elsewhere.
_FROM_TYPING: Final = {
    **dict.fromkeys(_ABSTRACT, ((3, 9), "collections.abc")),
    "Callable": ((3, 10), "collections.abc"),
    **dict.fromkeys(("ChainMap", "Counter", "OrderedDict"), ((3, 9), "collections")),
    **dict.fromkeys(("Match", "Pattern"), ((3, 9), "re")),
}
_FROM_EXTENSIONS: Final = {
    **dict.fromkeys(
        ("Any", "AsyncContextManager", "ClassVar", "ContextManager", "DefaultDict", "Deque", "NewType", "NoReturn"),
        ((3, 11), "typing"),
    ),
    **dict.fromkeys(("Text", "TYPE_CHECKING", "Type", "cast", "Optional", "Union"), (_ALWAYS, "typing")),
    **dict.fromkeys(("Annotated",), ((3, 9), "typing")),
    **dict.fromkeys(("Concatenate", "ParamSpecArgs", "ParamSpecKwargs", "TypeAlias", "TypeGuard"), ((3, 10), "typing")),
    **dict.fromkeys(("Final", "Literal", "final", "overload", "get_overloads", "clear_overloads"), ((3, 11), "typing")),
    **dict.fromkeys(("Never", "LiteralString", "Self", "assert_never", "assert_type"), ((3, 11), "typing")),
    **dict.fromkeys(("NotRequired", "Required", "reveal_type"), ((3, 11), "typing")),
    **dict.fromkeys(("Protocol", "SupportsIndex", "dataclass_transform", "override", "Unpack"), ((3, 12), "typing")),
    **dict.fromkeys(_ABSTRACT, ((3, 9), "collections.abc")),
    "Callable": ((3, 10), "collections.abc"),
}
_NAMES: Final[dict[str, dict[str, tuple[Version, str]]]] = {
    "collections": dict.fromkeys((*_ABSTRACT, "ByteString", "Callable", "Set"), (_ALWAYS, "collections.abc")),
    "typing": _FROM_TYPING,
    "typing_extensions": _FROM_EXTENSIONS,
    "pipes": {"quote": (_ALWAYS, "shlex")},
    "builtins": dict.fromkeys(_BUILTINS, (_ALWAYS, BUILTINS)),
    "io": {"open": (_ALWAYS, BUILTINS)},
    "six.moves": {
        **dict.fromkeys(("filter", "input", "map", "range", "zip"), (_ALWAYS, BUILTINS)),
        **dict.fromkeys(("StringIO", "cStringIO"), (_ALWAYS, "io")),
        **dict.fromkeys(("UserDict", "UserList", "UserString"), (_ALWAYS, "collections")),
        **dict.fromkeys(("filterfalse", "zip_longest"), (_ALWAYS, "itertools")),
        **dict.fromkeys(("getcwd", "getcwdb"), (_ALWAYS, "os")),
        "getoutput": (_ALWAYS, "subprocess"),
        "intern": (_ALWAYS, "sys"),
        "reduce": (_ALWAYS, "functools"),
        "reload_module": (_ALWAYS, "importlib"),
        "shlex_quote": (_ALWAYS, "shlex"),
    },
    "xml.etree": {"cElementTree": (_ALWAYS, "xml.etree")},
}
_RENAMED: Final = {
    "cElementTree": "ElementTree",
    "cStringIO": "StringIO",
    "reload_module": "reload",
    "shlex_quote": "quote",
}
_MODULES: Final = {  # of `six.moves`
    "_thread": "_thread",
    "builtins": "builtins",
    "configparser": "configparser",
    "copyreg": "copyreg",
    "cPickle": "pickle",
    "html_entities": "html.entities",
    "html_parser": "html.parser",
    "http_client": "http.client",
    "http_cookiejar": "http.cookiejar",
    "http_cookies": "http.cookies",
    "BaseHTTPServer": "http.server",
    "SimpleHTTPServer": "http.server",
    "queue": "queue",
    "reprlib": "reprlib",
    "socketserver": "socketserver",
    "tkinter": "tkinter",
    "urllib_error": "urllib.error",
    "urllib_parse": "urllib.parse",
    "urllib_request": "urllib.request",
    "winreg": "winreg",
    "xmlrpc_client": "xmlrpc.client",
    "xmlrpc_server": "xmlrpc.server",
}
WHOLE: Final = {"xml.etree.cElementTree": "xml.etree.ElementTree"}  # a module of another name
_SIX: Final = "six.moves"


def home(module: str, name: str, version: Version) -> Home | None:
    """Where a name that is imported from a module lives in that version of Python; None when it is right there."""
    if module in WHOLE:
        return Home(WHOLE[module], name)
    if module.startswith(_SIX) and name != "*":
        if module == _SIX and name in _MODULES:
            return Home(_MODULES[name], "")
        inner = module[len(_SIX) + 1 :]
        if inner.startswith("urllib") and (inner == "urllib" or inner[6] == "."):
            return Home(inner, name)
        if inner in _MODULES:
            module = _MODULES[inner]
            return home(module, name, version) or Home(module, name) if module == BUILTINS else Home(module, name)
    if module == BUILTINS and name == "*":
        return Home(BUILTINS, name)
    found = _NAMES.get(module, {}).get(name)
    if found is None or found[0] > version:
        return None
    return Home(found[1], _RENAMED.get(name, name))
