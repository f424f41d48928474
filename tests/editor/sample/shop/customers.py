"""Customers and their addresses."""

import logging
from typing import Optional

log = logging.getLogger(__name__)

GREETING = "Grüß Gott 🛒"


def greeting(name: Optional[str], regular: bool) -> str:
    """First line of every mail."""
    if name is None:
        return f"{GREETING}!"
    elif regular:
        return f"{GREETING}, {name}, good to see you again!"
    else:
        return f"{GREETING}, {name}!"


def postcode(address) -> Optional[str]:
    """The postcode of an address, given as text or as a mapping."""
    if type(address) == str:
        for word in address.split():
            if word.isdigit() and len(word) == 5:
                return word
        return None
    try:
        return str(address["postcode"])
    except:
        log.warning(f"address without a postcode")
        return None


def same(left: dict, right: dict) -> bool:
    """Whether two records are of one customer."""
    if not left["mail"] is None and left["mail"] == right["mail"]:
        return True
    return False
