"""Connection of a context to the Spark application of its cluster, over a gateway of Py4J.

An import of `pyspark` attaches the context, wherever it occurs. So does a command that refers to
`spark`, `sc` or `sqlContext` before it assigns them.
"""

import importlib.machinery
import importlib.util
import logging
import os
import signal
import sys
import threading
import types
import warnings

STOP_REFUSED = (
    "the Spark application is shared by all contexts of the cluster, and a command cannot stop it; "
    "use `clusters/delete`"
)


def global_names(code):
    """Yields the names of the module that the code refers to before it assigns them.

    Names in functions and classes of the code count, unless the module assigns them anywhere: they
    may be called before or after.
    """
    import dis

    assigned, nested = set(), set()
    for instruction in dis.get_instructions(code):
        operation = instruction.opname
        if operation in ("STORE_NAME", "STORE_GLOBAL"):
            assigned.add(instruction.argval)
        elif operation.startswith("LOAD_") and operation.endswith(("NAME", "GLOBAL", "GLOBALS")):
            if instruction.argval not in assigned:
                yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            nested.update(global_names(constant))
    yield from nested - assigned


def find_pyspark(workspace):
    """Requests Spark and finds `pyspark`, which is imported while Spark starts, and then attaches."""
    if threading.current_thread() is not threading.main_thread():
        message = "`pyspark` must be imported in the main thread first"
        raise ModuleNotFoundError(message, name="pyspark")
    path = request_path(workspace.kernel)
    # Before a `pyspark` of the interpreter, which may have another version.
    first = 1 if sys.path[:1] == [""] else 0
    sys.path[first:first] = [entry for entry in path if entry not in sys.path]
    spec = importlib.machinery.PathFinder.find_spec("pyspark")
    if spec is not None:
        run_after(spec.loader, lambda: attach(workspace))
    return spec


def request_path(kernel):
    """Requests a connection, and returns the entries of `sys.path`."""
    with Uninterrupted():
        kernel.send({"event": "attach"})
        kernel.requests.expect_spark()
        response = kernel.requests.next_pyspark()
    return check_response(kernel, response)["path"]


def next_connection(kernel):
    with Uninterrupted():
        response = kernel.requests.next_spark()
    return check_response(kernel, response)


def check_response(kernel, response):
    check_cancellation(kernel)
    if "error" in response:
        raise ModuleNotFoundError(response["error"], name="pyspark")
    return response


def run_after(loader, function):
    """Runs a function after the module of the loader has been executed."""
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        function()

    loader.exec_module = exec_module


def attach(workspace):
    kernel = workspace.kernel
    connection = next_connection(kernel)
    with Uninterrupted():
        workspace.spark = Spark(connection)
        workspace.spark.begin(kernel.requests.running)
        for name, value in workspace.spark.names().items():
            kernel.program.namespace.setdefault(name, value)
    check_cancellation(kernel)


def check_cancellation(kernel):
    if kernel.requests.cancellation() is not None:
        raise KeyboardInterrupt


class Uninterrupted:
    """Context manager that ignores SIGINT, so that no part of a request or response is lost."""

    def __enter__(self):
        self.handler = signal.getsignal(signal.SIGINT)
        if self.handler is not None:  # `None` is a handler that was not set by Python
            signal.signal(signal.SIGINT, ignore_signal)

    def __exit__(self, *error):
        if self.handler is not None:
            signal.signal(signal.SIGINT, self.handler)


class Spark:
    """Spark application that the JVM of the cluster runs, with a session of this context."""

    def __init__(self, connection):
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        gateway = connect(connection["port"], connection["secret"])
        close_interrupted_connections(gateway._gateway_client)
        jvm = gateway.jvm
        # Spark 4 has two classes of sessions.
        if hasattr(SparkSession, "_get_j_spark_session_class"):
            self.sessions = SparkSession._get_j_spark_session_class(jvm)
        else:
            self.sessions = jvm.org.apache.spark.sql.SparkSession
        root = self.sessions.getDefaultSession().get()
        java_context = jvm.org.apache.spark.api.java.JavaSparkContext(root.sparkContext())
        conf = SparkConf(_jvm=jvm, _jconf=java_context.getConf())
        self.context = SparkContext(gateway=gateway, jsc=java_context, conf=conf)
        session = jvm.org.apache.spark.localserver.Sessions.open(connection["tag"])
        self.session = SparkSession(self.context, session)
        # The constructor has replaced it, and other contexts must not see the views of this one.
        self.sessions.setDefaultSession(root)
        self.context.pythonExec = connection.get("python", sys.executable)
        self.context.environment["PYTHONPATH"] = os.pathsep.join(connection["path"])
        self.context.stop = self.session.stop = refuse_stop
        if not has_arrow():
            # The default of Spark 4. Without Arrow, each definition of a UDF would print a warning.
            self.session.conf.set("spark.sql.execution.pythonUDF.arrow.enabled", "false")
        self.tag = connection["tag"]
        self.pool = connection["pool"]
        self.cells = jvm.org.apache.spark.localserver.Cells
        silence_loggers()

    def names(self):
        from pyspark.sql import SQLContext

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the class is deprecated
            sql_context = SQLContext(self.context, self.session)
        return {"spark": self.session, "sc": self.context, "sqlContext": sql_context}

    def begin(self, id):
        """Makes a command the group of its jobs, which the server cancels."""
        context = self.context._jsc.sc()
        try:
            context.setJobGroup(id, "command " + id, True)
            context.addJobTag(self.tag)
            context.setLocalProperty("spark.scheduler.pool", self.pool)
            # An interrupt replaces the thread of the JVM that serves this one.
            self.sessions.setActiveSession(self.session._jsparkSession)
        except Exception:  # the JVM has exited, which the next use of Spark reports
            pass

    def table(self, frame, max_rows, max_bytes):
        """Returns the rows of a data frame as a table in JSON."""
        return self.cells.tableJson(frame._jdf, max_rows, max_bytes)


def has_arrow():
    return all(importlib.util.find_spec(name) is not None for name in ("pandas", "pyarrow"))


def connect(port, secret):
    from pyspark.java_gateway import launch_gateway

    variables = {"PYSPARK_GATEWAY_PORT": str(port), "PYSPARK_GATEWAY_SECRET": secret}
    os.environ.update(variables)
    try:
        return launch_gateway()
    finally:
        # Child processes must not connect.
        for name in variables:
            del os.environ[name]


def close_interrupted_connections(client):
    """Closes the connection of a call that an interrupt has ended. Py4J uses it for the next call as
    long as a traceback refers to it, and that call would read the response of the interrupted one."""
    send = client.send_command

    def send_command(*args, **kwargs):
        try:
            return send(*args, **kwargs)
        except Exception:
            raise
        except BaseException:
            connection = client.get_thread_connection()
            if connection is not None:
                connection.close()
            raise

    client.send_command = send_command


def refuse_stop(*args):
    raise RuntimeError(STOP_REFUSED)


def silence_loggers():
    """Disables messages about errors that are raised too, so that the output of a command that
    handles an error does not contain them."""
    from py4j import clientserver, java_gateway

    for module in (clientserver, java_gateway):
        # The module uses functions of `logging`, which also configure the root logger.
        module.logging = logging.getLogger("py4j")
    try:
        from pyspark.logger import PySparkLogger
    except ImportError:  # before Spark 4
        return
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True


def summarize(summary):
    """Removes the stack of the JVM and the module of PySpark from a formatted exception."""
    lines = []
    for line in summary.splitlines():
        if line.startswith(("\tat ", "JVM stacktrace:")):
            break
        lines.append(line)
    name, separator, message = "\n".join(lines).rstrip().partition(": ")
    if name.startswith("pyspark."):
        name, message = name.rpartition(".")[2], message.lstrip()
    return name + separator + message


def with_jvm_stack(cause, error):
    """Adds the stack of the JVM to a traceback that does not contain it."""
    stack = getattr(error, "_stackTrace", None)  # of errors that PySpark has converted
    if not isinstance(stack, str) or stack in cause:
        return cause
    return "%s\n\nJVM stacktrace:\n%s" % (cause, stack.rstrip())
