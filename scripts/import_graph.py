"""Which room imports which, and whether modules import each other in a circle.

Run by `scripts/run python scripts/import_graph.py`. Imports within functions count,
those for types alone do not. Exits with 1 where there is a circle.
"""

import sys
from collections import defaultdict

import grimp
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


def main() -> int:
    """Print the rooms and the circles; returns the exit code."""
    graph = grimp.build_graph("maillage", exclude_type_checking_imports=True)
    modules = sorted(graph.modules)
    imports = [(name, target) for name in modules for target in graph.find_modules_directly_imported_by(name)]
    print_rooms(imports)
    circles = find_circles(modules, imports)
    for circle in circles:
        print("Circle:", ", ".join(circle))
    print(f"{len(modules)} modules, {len(imports)} imports, {len(circles)} circles")
    return 1 if circles else 0


def print_rooms(imports: list[tuple[str, str]]) -> None:
    """Print each room with the rooms that it imports."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for name, target in imports:
        rooms[room_of(name)].add(room_of(target))
    for room, targets in sorted(rooms.items()):
        print(f"{room}: {', '.join(sorted(targets - {room}))}")


def room_of(module: str) -> str:
    """The room of a module: `register` of `maillage.register.models`."""
    return module.split(".")[1] if "." in module else module


def find_circles(modules: list[str], imports: list[tuple[str, str]]) -> list[list[str]]:
    """The groups of modules of which each reaches each other by imports."""
    place = {name: number for number, name in enumerate(modules)}
    edges = np.array([(place[name], place[target]) for name, target in imports]).reshape(-1, 2)
    matrix = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(len(modules), len(modules)))
    _number, labels = connected_components(matrix, directed=True, connection="strong")
    groups: dict[int, list[str]] = defaultdict(list)
    for name, label in zip(modules, labels, strict=True):
        groups[int(label)].append(name)
    return [group for group in groups.values() if len(group) > 1]


if __name__ == "__main__":
    sys.exit(main())
