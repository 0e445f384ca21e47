"""A rulebook's data as forms change it: categories and leaves by where they stand, then rebuilt.

Places are indexes with points between them: of a leaf the way through the categories, then its own
(`0.2` is the third indicator of the first category, `0.1.2` of its second sub-category).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from saima.problems import Problem, declare, refuse
from saima.rules.documents import Document
from saima.rules.reading import rulebook_from
from saima.rules.rulebook import Leaf, Node, Rulebook
from saima.rules.writing import plain_value, write_rulebook

Data = dict[str, Any]

NOWHERE = declare(
    "draft-no-such-place",
    "草稿里没有第“{at}”处，可能已被改动。",
    "请回到“指标与分值”重新选择。",
    "the draft has no place “{at}”; it may have changed.",
    "Go back to the tree and choose again.",
)
NOT_FORMABLE = declare(
    "draft-not-formable",
    "正文有{count}处问题，暂时不能用表单修改。",
    "请先在“正文”页改正。",
    "the text has {count} problems, so forms cannot change it yet.",
    "Correct them on the Text page first.",
)


def data_of(book: Rulebook) -> Data:
    """A rulebook as the plain mapping that its YAML says, lists written out."""
    data: Data = plain_value(book)
    return data


def rebuilt(data: Data) -> tuple[Rulebook | None, str, list[Problem]]:
    """The rulebook of changed data, its text (empty with problems), and what is wrong."""
    book, problems = rulebook_from(Document("", data), [])
    return book, write_rulebook(book) if book else "", problems


def indexes(at: str) -> list[int]:
    """Errors: Refused for what is no place."""
    try:
        return [int(x) for x in at.split(".")]
    except ValueError:
        raise refuse(NOWHERE, at=at) from None


def node_at(data: Data, at: str) -> Data:
    """The category at a place. Errors: Refused where there is none."""
    try:
        first, *more = indexes(at)
        node: Data = data["tree"][first]
        for index in more:
            node = node["categories"][index]
    except (IndexError, KeyError):
        raise refuse(NOWHERE, at=at) from None
    return node


def leaf_at(data: Data, at: str) -> Data:
    """The leaf at a place. Errors: Refused where there is none."""
    above, _, own = at.rpartition(".")
    try:
        leaf: Data = node_at(data, above)["indicators"][int(own)]
    except (IndexError, KeyError, ValueError):
        raise refuse(NOWHERE, at=at) from None
    return leaf


def set_leaf(data: Data, at: str, leaf: Data) -> None:
    """Put a leaf in place of the one at a place."""
    leaf_at(data, at)
    above, _, own = at.rpartition(".")
    node_at(data, above)["indicators"][int(own)] = leaf


def add_leaf(data: Data, at: str, indicator: str, weight: Any) -> str:
    """Add an indicator to a category, by attainment until its method is chosen; its place."""
    leaves = node_at(data, at).setdefault("indicators", [])
    leaves.append({"indicator": indicator, "weight": weight, "method": "attainment"})
    return f"{at}.{len(leaves) - 1}"


def add_category(data: Data, title: str, at: str = "") -> None:
    """Add a category, at the top or below another."""
    nodes = node_at(data, at).setdefault("categories", []) if at else data.setdefault("tree", [])
    nodes.append({"category": title})


def change_category(data: Data, at: str, title: str, clause: str) -> None:
    """Rename a category and name its clause."""
    node = node_at(data, at)
    node["category"], node["clause"] = title, clause


def _siblings(data: Data, at: str, leaf: bool) -> tuple[list[Data], int]:
    above, _, own = at.rpartition(".")
    (leaf_at if leaf else node_at)(data, at)
    if leaf:
        return node_at(data, above)["indicators"], int(own)
    return (node_at(data, above)["categories"] if above else data["tree"]), int(own)


def remove(data: Data, at: str, *, leaf: bool) -> None:
    """Take a leaf or a category (with all in it) out."""
    siblings, own = _siblings(data, at, leaf)
    del siblings[own]


def move(data: Data, at: str, by: int, *, leaf: bool) -> None:
    """Move a leaf or a category up (-1) or down (1) among its siblings."""
    siblings, own = _siblings(data, at, leaf)
    new = own + by
    if 0 <= new < len(siblings):
        siblings[own], siblings[new] = siblings[new], siblings[own]


def path_of(at: str, *, leaf: bool = True) -> str:
    """The place as problems name it: 0.1.2 -> tree[1].categories[2].indicators[3]."""
    numbers = [n + 1 for n in indexes(at)]
    own = numbers.pop() if leaf else None
    first, *more = numbers
    text = f"tree[{first}]" + "".join(f".categories[{n}]" for n in more)
    return text if own is None else f"{text}.indicators[{own}]"


def placed_leaves(book: Rulebook) -> Iterator[tuple[str, tuple[Node, ...], Leaf]]:
    """Every leaf with its place and the categories above it, in order."""
    for i, node in enumerate(book.tree):
        yield from _placed(f"{i}", (node,))


def _placed(at: str, path: tuple[Node, ...]) -> Iterator[tuple[str, tuple[Node, ...], Leaf]]:
    node = path[-1]
    for j, leaf in enumerate(node.indicators):
        yield f"{at}.{j}", path, leaf
    for j, child in enumerate(node.categories):
        yield from _placed(f"{at}.{j}", (*path, child))


def placed_nodes(book: Rulebook) -> Iterator[tuple[str, int, Node]]:
    """Every category with its place and depth, in order."""

    def walk(at: str, depth: int, node: Node) -> Iterator[tuple[str, int, Node]]:
        yield at, depth, node
        for j, child in enumerate(node.categories):
            yield from walk(f"{at}.{j}", depth + 1, child)

    for i, node in enumerate(book.tree):
        yield from walk(str(i), 0, node)


Change = Callable[[Data], Any]


def changed_text(book: Rulebook | None, problems: int, change: Change) -> tuple[str, list[Problem]]:
    """The text after a change of the data, or what would then be wrong.

    Errors: Refused where the draft cannot be read to begin with.
    """
    if book is None:
        raise refuse(NOT_FORMABLE, count=problems)
    data = data_of(book)
    change(data)
    _, text, found = rebuilt(data)
    return text, found
