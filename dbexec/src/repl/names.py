"""Prints names of a session. It runs in a namespace of its own, so that it leaves nothing behind.

`names` are the global names of the session. `request` is the object whose attributes are printed, one name a
line, or None for a table of the variables: a JSON list a line.
"""

import builtins
import inspect
import json
import types

PROVIDED = {
    "spark", "sc", "sqlContext", "dbutils", "display", "displayHTML", "table", "sql", "udf", "getArgument",
    "exit", "quit", "In", "Out", "get_ipython",
}
PLAIN = (int, float, complex, bool, str, bytes, type(None))
CONTAINERS = (list, tuple, dict, set, frozenset, range)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, type)
MAX_CHARS = 60


def attributes(path):
    """Returns the names of the attributes of an object. No code of the user runs to find it."""
    first, *rest = path.split(".")
    if first in names:
        value = names[first]
    elif hasattr(builtins, first):
        value = getattr(builtins, first)
    else:
        return []
    for part in rest:
        value = inspect.getattr_static(value, part)
        if hasattr(type(value), "__get__"):
            return []
    return dir(value)


def describe(value):
    if type(value) in PLAIN:
        return repr(value[: 2 * MAX_CHARS] if isinstance(value, (str, bytes)) else value)
    if type(value) in CONTAINERS:
        return "%d item%s" % (len(value), "" if len(value) == 1 else "s")
    if isinstance(value, FUNCTIONS):
        return str(inspect.signature(value))
    module = type(value).__module__.split(".")[0]
    if module in ("numpy", "pandas"):
        return " x ".join(map(str, value.shape))
    if module == "pyspark" and hasattr(type(value), "schema"):
        return ", ".join(field.name + " " + field.dataType.simpleString() for field in value.schema.fields)
    return ""


def short(value):
    try:
        text = describe(value)
    except Exception:
        return ""
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - 1] + "\u2026"


def is_variable(name, value):
    return not (name.startswith("_") or name in PROVIDED or isinstance(value, types.ModuleType))


if request is None:
    for name, value in sorted(names.items()):
        if is_variable(name, value):
            print(json.dumps([name, type(value).__name__, short(value)]))
else:
    try:
        found = attributes(request) if request else {*names, *dir(builtins)}
        print("\n".join(sorted(name for name in found if isinstance(name, str))))
    except Exception:
        pass
