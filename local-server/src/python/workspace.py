"""Names of a notebook: `display`, `displayHTML`, `dbutils`, and those of Spark.

The programs behind them are compiled at the first use: a context that uses none of them starts as fast
as without them.
"""

import builtins
import re
import sys

SPARK_NAMES = ("spark", "sc", "sqlContext")
SPARK_PATTERN = re.compile(r"\b(?:%s)\b" % "|".join(SPARK_NAMES))


class Workspace:
    def __init__(self, kernel):
        self.kernel = kernel
        self.setup = None
        self.results = None  # `Results` of `display.py`
        self.spark = None  # `Spark` of `spark.py`

    def install(self, setup):
        """Defines the names. They are builtins, so that commands can use their own instead."""
        self.setup = setup
        builtins.display = self.display
        builtins.displayHTML = self.display_html
        builtins.dbutils = LazyObject(self.load_dbutils)
        sys.meta_path.insert(0, ImportHook(self))

    def load(self, name):
        """Executes a program whose source is part of the `setup` request."""
        source = self.setup["programs"].get(name)
        if source is not None:
            exec(compile(source, KERNEL_FILE, "exec"), globals())
            # Only now: after an interrupt, the next use executes the program again.
            self.setup["programs"].pop(name, None)

    def load_results(self):
        if self.results is None:
            self.load("display")
            self.results = Results(self.kernel, self.setup["max_rows"], self.setup["max_bytes"])
        return self.results

    def load_dbutils(self):
        self.load("dbutils")
        return DbUtils(self.setup["dbfs"])

    def load_spark(self):
        """Attaches to the Spark application of the cluster at the first use."""
        if self.spark is None:
            import pyspark  # see `ImportHook`
        if self.spark is None:
            raise RuntimeError("`pyspark` has been imported by other means than `import`")
        return self.spark

    def display(self, *values):
        """Displays values as the result of the command: tables, figures, HTML, or texts."""
        for value in values:
            self.load_results().display(value)

    def display_html(self, html):
        """Displays HTML as the result of the command."""
        self.kernel.write_output(str(html))

    def begin(self, id):
        """Prepares for a command."""
        if self.spark is not None:
            self.spark.begin(id)

    def prepare(self, source, tree):
        """Attaches to Spark if the command refers to names of Spark."""
        if self.spark is None and SPARK_PATTERN.search(source):
            self.load("spark")
            program = self.kernel.program
            missing = [name for name in SPARK_NAMES if name not in program.namespace]
            code = compile(tree, KERNEL_FILE, "exec", program.flags, dont_inherit=True)
            if any(name in missing for name in global_names(code)):
                self.load_spark()

    def run_sql(self, source):
        """Runs a statement, displays its rows, and assigns its result to `_sqldf`."""
        frame = self.load_spark().session.sql(source)
        self.kernel.program.namespace["_sqldf"] = frame
        self.display(frame)

    def finish(self):
        """Displays the figures that a command has left open."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        # An object of the user may replace the module.
        if hasattr(pyplot, "get_fignums") and not self.kernel.in_forked_process():
            self.load_results().display_figures()

    def take_outcome(self):
        """Returns the outcome of a command that has not failed, and closes its figures."""
        outcome = None if self.results is None else self.results.take()
        return outcome or {"outcome": "text"}

    def describe(self, error):
        """Returns the summary and the cause of an error."""
        summary, cause = format_summary(error), format_traceback(error)
        if self.spark is not None:
            summary, cause = summarize(summary), with_jvm_stack(cause, error)
        return summary, cause


class ImportHook:
    """Finder of `sys.meta_path` that prepares for imports of PySpark and matplotlib, which may also
    occur in modules of the user."""

    def __init__(self, workspace):
        self.workspace = workspace

    def find_spec(self, name, path=None, target=None):
        if name not in ("pyspark", "matplotlib.pyplot"):
            return None
        if self.workspace.kernel.in_forked_process():
            return None
        if name == "matplotlib.pyplot":
            self.workspace.load_results().select_backend()
        elif self.workspace.spark is None:
            self.workspace.load("spark")
            return find_pyspark(self.workspace)
        return None


class LazyObject:
    """Object that is created at the first use."""

    def __init__(self, create):
        self.__dict__["_create"] = create

    def __getattr__(self, name):
        if name == "_object":
            self.__dict__["_object"] = self._create()
            return self.__dict__["_object"]
        return getattr(self._object, name)

    def __dir__(self):
        return dir(self._object)

    def __repr__(self):
        return repr(self._object)
