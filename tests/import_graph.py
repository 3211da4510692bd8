"""The imports between the files of the package: `python -m tests.import_graph` prints the circles.

Imports inside functions count; those for type checking alone do not.
"""

import sys

import grimp


def list_circles() -> list[list[str]]:
    """The groups of modules that import each other, directly or through others."""
    graph = grimp.build_graph("maillage", exclude_type_checking_imports=True)
    downstream = {module: graph.find_downstream_modules(module) for module in graph.modules}
    grouped: set[str] = set()
    circles = []
    for module in sorted(graph.modules):
        # What imports this module and is imported by it.
        circle = {other for other in downstream[module] if module in downstream[other]}
        if circle - grouped:
            circles.append(sorted({module, *circle}))
            grouped |= {module, *circle}
    return circles


def main() -> int:
    circles = list_circles()
    for circle in circles:
        print("These import each other:", ", ".join(circle))
    if not circles:
        print("No circle of imports among the files of the package.")
    return bool(circles)


if __name__ == "__main__":
    sys.exit(main())
