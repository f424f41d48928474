"""Rules that need Python, one file each, named by `check:` in a YAML file of the catalogue.

A check is one or more of these functions; each yields hits, whose captures its docstring names for the fixes:

    NODES, check(node, view)              looks at each node of these types
    CALLS, check(node, view)              looks at each call of a function or method of these names
    check_scope(scope, view)              looks at the names of a function, a class body or the module
    check_text(view)                      looks at the text of a block
    check_module(imports, used, path)     looks at what the imports of a block mean to the whole module
    check_blocks(blocks, path, settings)  looks at the blocks of the module; its hits count from there

Constants keep a check from being asked in vain. Beside `NODES`: `PAIRS`, types of two statements (None is any), one
right below the other in a body of the node; `SHAPES`, for a type of node what its parts must be, in the words of
`rules/shape.py`: `{ast.If: {"orelse#": (1,), "orelse0": (ast.If,)}}`; a tuple of such where one will do; `KEYS`, for an
assignment or a statement the names of what its value calls, for a subscript those of what is indexed. `SCOPES` are
the kinds `check_scope` is about; `WANTS` names what they must have, "assignments" or "imports". `SIGNS` are texts of
which one must stand in the block for `check_text`.

A check sees one block at a time: a top-level class comes without its members, which are blocks of their own.
"""
