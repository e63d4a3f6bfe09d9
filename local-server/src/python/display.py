"""Results of a command that are not texts: tables and images.

A command has one result. It is the last table or all images that have been displayed since.
"""

import base64
import datetime
import decimal
import io
import json
import math
import sys
import types

IMAGES_MAX_CHARS = 8 << 20
BACKEND = "local_server.matplotlib_backend"
LONG_MAX = (1 << 63) - 1

# Types by the kind of a dtype. Others depend on the values.
KINDS_OF_PANDAS = {"b": "boolean", "i": "long", "f": "double", "M": "timestamp"}


class Results:
    def __init__(self, kernel, max_rows, max_bytes):
        self.kernel = kernel
        self.max_rows = max_rows
        self.max_bytes = max_bytes
        self.table = None
        self.images = []

    def display(self, value):
        if self.kernel.in_forked_process():
            # The result of the command belongs to the interpreter.
            self.kernel.write_output(repr(value))
        elif is_spark_frame(value):
            self.add_table(self.kernel.workspace.spark.table(value, self.max_rows, self.max_bytes))
        elif is_pandas_frame(value):
            self.add_table(self.encode_table(*columns_of_pandas(value, self.max_rows + 1)))
        elif is_named_rows(value):
            self.add_table(self.encode_table(*columns_of_rows(value)))
        elif figure_of(value) is not None:
            self.display_figure(figure_of(value))
        else:
            html = value._repr_html_() if has_method(value, "_repr_html_") else None
            self.kernel.write_output(repr(value) if html is None else html)

    def add_table(self, table):
        self.table = table
        self.images.clear()

    def add_image(self, png):
        self.table = None
        self.images.append("data:image/png;base64," + base64.b64encode(png).decode())
        if sum(map(len, self.images)) > IMAGES_MAX_CHARS:
            self.images.clear()
            message = "the images of this command are larger than %d MiB; use a lower `dpi`"
            raise ValueError(message % (IMAGES_MAX_CHARS >> 20))

    def display_figure(self, figure):
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", bbox_inches="tight")
        self.add_image(buffer.getvalue())
        # Otherwise it is displayed again at the end of the command.
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close(figure)

    def display_figures(self):
        """Displays the open figures of matplotlib, and closes them."""
        pyplot = sys.modules["matplotlib.pyplot"]
        for number in pyplot.get_fignums():
            self.display_figure(pyplot.figure(number))

    def take(self):
        """Returns the outcome of a command, or None if it has displayed nothing, and closes its
        figures. If the command has succeeded, none is open."""
        table, images = self.table, self.images
        self.table, self.images = None, []
        close_figures()
        if table is not None:
            return {"outcome": "table", "table": table}
        if len(images) == 1:
            return {"outcome": "image", "fileName": images[0]}
        if images:
            return {"outcome": "images", "fileNames": images}
        return None

    def select_backend(self):
        """Selects a backend of matplotlib that displays figures as images of the command, unless
        the user has selected one."""
        import matplotlib

        # Not by the attribute or the environment: one would import a backend of the desktop, the
        # other would also apply to child processes.
        if not isinstance(dict.__getitem__(matplotlib.rcParams, "backend"), str):
            sys.modules[BACKEND] = self.create_backend()
            matplotlib.use("module://" + BACKEND)

    def create_backend(self):
        from matplotlib.backends import backend_agg

        backend = types.ModuleType(BACKEND)
        backend.FigureCanvas = backend_agg.FigureCanvasAgg
        backend.FigureManager = backend_agg.FigureManagerBase
        backend.show = lambda *args, **options: self.display_figures()
        return backend

    def encode_table(self, names, columns, kinds):
        """Encodes a table as Databricks does. Types are encoded as JSON within JSON."""
        schema = [
            {"name": valid(str(name)), "type": json.dumps(kind), "metadata": "{}"}
            for name, kind in zip(names, kinds)
        ]
        rows, size, is_truncated = [], 0, False
        for row in zip(*columns):
            text = json.dumps([encode_cell(cell, kind) for cell, kind in zip(row, kinds)])
            size += len(text)
            if len(rows) == self.max_rows or size > self.max_bytes:
                is_truncated = True
                break
            rows.append(text)
        return '{"schema":%s,"data":[%s],"truncated":%s,"isJsonSchema":true}' % (
            json.dumps(schema),
            ",".join(rows),
            json.dumps(is_truncated),
        )


def close_figures():
    try:
        pyplot = sys.modules["matplotlib.pyplot"]
        if pyplot.get_fignums():
            pyplot.close("all")
    except BaseException:  # not imported, or replaced by an object of the user
        pass


def is_spark_frame(value):
    return hasattr(type(value), "_jdf") or hasattr(value, "__dict__") and "_jdf" in value.__dict__


def is_pandas_frame(value):
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, (pandas.DataFrame, pandas.Series))


def is_named_rows(value):
    """Returns whether a value is a list of named tuples, or of rows of Spark, of one type."""
    if type(value) is not list or not value:
        return False
    names = names_of(value[0])
    return names is not None and all(names_of(row) == names for row in value)


def names_of(row):
    names = getattr(row, "_fields", None) or getattr(row, "__fields__", None)
    return list(names) if isinstance(row, tuple) and names and len(names) == len(row) else None


def columns_of_rows(rows):
    columns = [list(column) for column in zip(*rows)]
    return names_of(rows[0]), columns, [kind_of(column) for column in columns]


def columns_of_pandas(frame, max_rows):
    if not hasattr(frame, "columns"):
        frame = frame.to_frame()
    frame = frame.head(max_rows)
    columns, kinds = [], []
    for index in range(frame.shape[1]):
        series = frame.iloc[:, index]
        # As objects, because integers become floats beside missing values.
        column = series.astype(object).where(series.notna(), None).tolist()
        columns.append(column)
        kinds.append(KINDS_OF_PANDAS.get(getattr(series.dtype, "kind", None)) or kind_of(column))
    return list(frame.columns), columns, kinds


def figure_of(value):
    """Returns the figure of matplotlib that a value is or belongs to."""
    if "matplotlib.figure" not in sys.modules:
        return None
    figure = value if has_method(value, "savefig") else getattr(value, "figure", None)  # of axes
    return figure if isinstance(figure, sys.modules["matplotlib.figure"].Figure) else None


def has_method(value, name):
    return not isinstance(value, type) and callable(getattr(type(value), name, None))


def kind_of(column):
    """Returns the type of Spark of the values of a column."""
    kinds = {kind_of_value(value) for value in column if value is not None}
    if kinds == {"long", "double"}:
        return "double"
    return kinds.pop() if len(kinds) == 1 else "string"


def kind_of_value(value):
    value = scalar(value)
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "long" if -LONG_MAX - 1 <= value <= LONG_MAX else "string"
    if isinstance(value, float):
        return "double"
    if isinstance(value, decimal.Decimal):
        return "decimal(38,18)"
    if isinstance(value, datetime.datetime):  # which is a date too
        return "timestamp"
    if isinstance(value, datetime.date):
        return "date"
    return "binary" if isinstance(value, (bytes, bytearray)) else "string"


def encode_cell(value, kind):
    if value is None:
        return None
    value = scalar(value)
    if kind in ("boolean", "long"):
        return value
    if kind == "double":
        value = float(value)
        return value if math.isfinite(value) else special_float(value)
    if kind == "timestamp":
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc)
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
    if kind == "date":
        return value.isoformat()
    if kind == "binary":
        return base64.b64encode(value).decode()
    if kind.startswith("decimal"):
        return format(value, "f")
    return valid(str(value))


def special_float(value):
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def scalar(value):
    """Converts a scalar of numpy to an object of Python."""
    if type(value).__module__ == "numpy" and hasattr(value, "item") and not value.shape:
        return value.item()
    return value

