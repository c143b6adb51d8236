"""The smallest case that still shows a fault."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.fuzz.draw import Case, Drawing, Tree
from tests.fuzz.row import ACCEPTED

__all__ = ["shrunken"]


def shrunken(case: Case, shows: Callable[[Case], bool], attempts: int = 300) -> Case:
    """Replace subtrees by smaller ones of the same shape and kind while the fault stays."""
    changed = True
    while changed and attempts > 0:
        changed = False
        for smaller in _smaller(case):
            attempts -= 1
            if attempts <= 0:
                break
            if shows(smaller):
                case, changed = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    if case.numeric:
        yield replace(case, numeric=False)
    for option in ("dense", "texts", "structures"):
        if getattr(case, option):
            yield replace(case, **{option: False})
    if len(case.wrt) > 1:
        yield replace(case, wrt=case.wrt[:-1])
    if len(set(case.wrt)) > 1:
        yield replace(case, wrt=(case.wrt[0],) * len(case.wrt))
    for path, tree in sorted(case.tree.places(), key=lambda p: -p[1].count()):
        for inside in _parts(tree):
            if (
                (inside.shape == tree.shape or not path)
                and inside.kind in ACCEPTED[tree.wanted if path else "g"]
                and inside.count() < tree.count()
            ):
                yield from _usable(case, case.tree.put(path, inside))
        if tree.row is not None and path:
            for variable in case.tree.variables().values():
                leaf = Tree(tree.shape, variable=variable, wanted=tree.wanted)
                if variable.shape == tree.shape and leaf.kind in ACCEPTED[tree.wanted]:
                    yield from _usable(case, case.tree.put(path, leaf))
            drawing = Drawing(random.Random(0))
            drawing.counter = 90
            leaf = drawing.leaf(tree.wanted, tree.shape)
            if leaf.count() < tree.count():
                yield from _usable(case, case.tree.put(path, leaf))


def _parts(tree: Tree) -> Iterator[Tree]:
    for _, inside in tree.places():
        if inside is not tree:
            yield inside


def _usable(case: Case, tree: Tree) -> Iterator[Case]:
    names = tree.variables()
    if all(name in names for name in case.wrt):
        yield replace(case, tree=tree)
