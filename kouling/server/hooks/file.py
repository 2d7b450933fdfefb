"""A file of hooks: names of yours, and what is behind them; mistakes are told with their places."""

from __future__ import annotations

import re
from pathlib import Path

from kouling.address import read_address
from kouling.document import Node, read_document, read_file
from kouling.errors import InvalidInput
from kouling.gate import Policy, Surface, bundled_policy, read_policy
from kouling.language import Language
from kouling.server.hooks.adapter import Adapter
from kouling.server.hooks.adapters import adapters
from kouling.server.hooks.mapping import read_mapping
from kouling.server.hooks.records import Hook

hooks_max = 100
"""Hooks in one file."""

secret_min = 8
"""Characters of a secret: fewer can be tried out."""

mute_seconds_max = 30 * 24 * 3_600
"""Seconds for which a chat mutes somebody at most."""

_name = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_needed = {Surface.group: "group", Surface.comment: "under", Surface.direct: "to"}


def read_hooks(path: Path) -> tuple[Hook, ...]:
    """Read the hooks of a file; raise `InvalidInput` with the place of what is wrong."""
    root = read_document(read_file(path), str(path))
    named = root.pairs()
    if len(named) > hooks_max:
        raise root.error(f"{len(named)} hooks", f"write at most {hooks_max} into one file")
    return tuple(_hook(name, node, path.parent) for name, node in named.items())


def _hook(name: str, node: Node, folder: Path) -> Hook:
    if _name.fullmatch(name) is None:
        hint = "take small letters, digits and -, at most 32"
        raise node.error(f"{name!r:.60} can't be in an address", hint)
    kind = _kind(name, node)
    adapter = adapters[kind]
    known = {"adapter", "secret", "secret_file", "language", *adapter.knows}
    known |= {"policy", "surface"} if adapter.surfaces else set()
    known |= {"token_file"} if "token" in adapter.knows else set()
    given = node.fields((), sorted(known))
    surface = _surface(given, adapter)
    language = given["language"].choice(Language) if "language" in given else adapter.language
    hook = Hook(
        name=name,
        kind=kind,
        secret=_secret(node, given, "secret", folder),
        policy=_policy(given["policy"], folder) if "policy" in given else None,
        surface=surface,
        language=Language(language),
        host=_host(given["host"]) if "host" in given else adapter.host,
        token=_secret(node, given, "token", folder) if {"token", "token_file"} & {*given} else "",
        mute_seconds=given["mute_seconds"].whole(1, mute_seconds_max)
        if "mute_seconds" in given
        else 0,
        mapping=read_mapping(given["mapping"], _needed.get(surface, ""))
        if "mapping" in given
        else None,
    )
    missing = [one for one in adapter.needs if not getattr(hook, one)]
    if missing:
        raise node.error(f"{kind} needs {', '.join(missing)}", f"add '{missing[0]}: …'")
    return hook


def _kind(name: str, node: Node) -> str:
    """Return the adapter's name; one hook of a kind may simply be called so."""
    given = node.pairs().get("adapter")
    if given is not None:
        return given.choice(adapters)
    if name not in adapters:
        hint = f"add 'adapter: …', one of: {', '.join(adapters)}"
        raise node.error(f"{name!r:.60} has no adapter", hint)
    return name


def _surface(given: dict[str, Node], adapter: Adapter) -> Surface:
    if "surface" in given:
        return Surface(given["surface"].choice(adapter.surfaces))
    return adapter.surfaces[0] if adapter.surfaces else Surface.market


def _policy(node: Node, folder: Path) -> Policy:
    name = node.text()
    if name.endswith((".yaml", ".yml")):
        return read_policy(folder / name)
    try:
        return bundled_policy(name)
    except InvalidInput as error:
        raise node.error(error.message, error.hint) from None


def _secret(node: Node, given: dict[str, Node], name: str, folder: Path) -> str:
    """Return what is secret: written in the file itself, or better in one of its own."""
    other = f"{name}_file"
    if (name in given) == (other in given):
        raise node.error(f"it has either {name} or {other}", f"add '{other}: …', or remove one")
    at = given.get(name) or given[other]
    secret = at.text() if name in given else read_file(folder / at.text()).strip()
    if len(secret) < secret_min or not secret.isprintable():
        hint = "make one with: openssl rand -hex 24"
        raise at.error(f"a {name} has at least {secret_min} printable characters", hint)
    return secret


def _host(node: Node) -> str:
    address = read_address(node.text())
    if address is None or address.has_user or address.query or address.path not in ("", "/"):
        hint = "write its address alone, such as https://forum.example"
        raise node.error(f"{node.text()!r:.80} is no host", hint)
    return node.text().rstrip("/")
