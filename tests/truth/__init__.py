"""How right the graph of the public records is: samples labelled from raw rows, and their figures.

`python -m tests.truth draw RELEASE_DIR` writes what is to be labelled, with the raw rows, to
build/truth; `python -m tests.truth score RELEASE_DIR` compares labels/ with the graph.
"""
