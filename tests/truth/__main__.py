"""`python -m tests.truth draw|score DIR`: draw samples to label, or compare labels with a graph.

DIR is a project whose release has all public records; the rows are read below KG_HSG, or
../shared/data/hsg.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from pathlib import Path

import yaml

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import graph_of
from tests.truth.answers import asking, on_date
from tests.truth.draw import samples
from tests.truth.raw import services
from tests.truth.score import scores

DRAWN = Path("build/truth")


def main(what: str, project: Path) -> None:
    hsg = Path(os.environ.get("KG_HSG", "../shared/data/hsg"))
    settings = Settings.load(project)
    graph = graph_of(Release.current(project), settings)
    ask = asking(graph)
    if what == "draw":
        DRAWN.mkdir(parents=True, exist_ok=True)
        for name, sample in samples(ask, hsg):
            text = yaml.safe_dump(sample, allow_unicode=True, sort_keys=False, width=1000)
            (DRAWN / f"{name}.yaml").write_text(text, "utf-8")
    else:
        lists = defaultdict(set)
        for each in services(hsg):
            lists[each.list].add(each.ref)
        for score in scores(ask, on_date(ask, settings, graph, lists.__getitem__)):
            print(score)  # noqa: T201 - it is what the command is for


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
