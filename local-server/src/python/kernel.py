"""Kernel of a Python execution context: runs commands in sequence in one namespace.

The server communicates with the kernel over three pipes. Each request and event is one line.

    requests  `setup {...}` first, then `run {"id": ..., "source": ..., "language": ...}`, and
              `cancel ID`, which the inner supervisor forwards: it appends `delivered` or `ignored`
              and then sends SIGINT. `spark {"port": ..., "secret": ..., "path": [...]}` or
              `spark {"error": ...}` is the response to "attach". `pyspark {"path": [...]}` may precede
              it, for the import of PySpark while Spark starts
    events    {"event": "ready"} once, then {"event": "done", "id": ..., "outcome": ...} per command.
              The outcome is "text", with "text" if it replaces the output, "table" with "table",
              "image" with "fileName", "images" with "fileNames", "error" with "summary" and
              "cause", or "cancelled" with "detail".
              {"event": "attach"} requests a connection to the Spark application of the cluster
    output    output of the command and of its child processes. The server attributes it to the
              running command, and reads all available output before it handles "done"

The source of all programs precedes the first request on stdin. `setup` contains:

    programs  source of the programs that are compiled at the first use, by their names
    dbfs      path of the local DBFS folder, or null
    max_rows, max_bytes  limits of tables
    memory_limit  maximum memory of a command in bytes, or null
    out_prefix  whether `Out[1]: ` precedes the value of an expression

The kernel duplicates the pipes to other file descriptors before it runs commands. For commands, fd 0
is /dev/null, and fds 1 and 2 are the pipe of output.

Commands run as in an interpreter of their own: the process has one thread, the default handler of
SIGINT, no exit functions, and no descriptors of the kernel in forked processes. SIGINT is ignored
between commands. Only PySpark, when a command uses it, starts a thread.
"""

import atexit
import builtins
import fcntl
import io
import json
import os
import resource
import signal
import sys

MAX_PRIVATE_FD = 1 << 15  # a higher number would make each fork copy a large table


class Kernel:
    def __init__(self, requests):
        self.pid = os.getpid()
        self.is_forked = False
        devnull = os.open(os.devnull, os.O_RDONLY)
        private = duplicate([requests, 1, 2, devnull])
        os.close(requests)
        os.close(devnull)
        requests, self.events, self.output, self.devnull = private
        self.private = private
        self.requests = Requests(requests)
        self.on_sigint = signal.default_int_handler  # handler while a command runs
        self.program = Program()
        self.workspace = Workspace(self)
        self.restore_standard_streams()

    def serve(self):
        self.ignore_interrupts()
        os.register_at_fork(after_in_child=self.after_fork)
        try:
            setup = self.requests.next_setup()
            self.memory = MemoryLimit(setup["memory_limit"])
            self.workspace.install(setup)
            if local_path:
                sys.path.insert(0, "")
            self.send({"event": "ready"})
            while True:
                self.serve_command(self.requests.next_run())
        except OSError as error:  # a command has closed the descriptors of the kernel
            message = "The connection of the interpreter to the server failed: %s.\n" % error
            write(2, message.encode("utf-8", "backslashreplace"))
            os._exit(1)

    def serve_command(self, request):
        self.restore_standard_streams()
        event = self.run(request)
        event.update(event="done", id=request["id"])
        self.send(event)

    def run(self, request):
        error = self.execute(request)
        try:
            return self.event_of(error)
        finally:
            # The traceback refers to this frame. The cycle would keep the values of functions that have
            # failed until the next garbage collection.
            del error

    def event_of(self, error):
        if self.in_forked_process():
            exit_forked(error)
        flush(sys.stdout)
        flush(sys.stderr)
        cancel = self.requests.cancellation()
        outcome = self.workspace.take_outcome()
        # A command that handles the interrupt and succeeds is not canceled.
        if cancel == "ignored" or (cancel is not None and error is not None):
            return cancelled(error)
        if isinstance(error, NotebookExit):
            return {"outcome": "text", "text": error.value}
        if error is None or is_clean_exit(error):
            return outcome
        return failed(*self.workspace.describe(error))

    def execute(self, request):
        # The outer `try` catches an interrupt that is raised in the inner `finally`.
        try:
            try:
                signal.signal(signal.SIGINT, self.on_sigint)
                self.workspace.begin(request["id"])
                self.memory.apply()
                if request["language"] == "sql":
                    self.workspace.run_sql(request["source"])
                else:
                    self.program.execute(request["source"], self.workspace.prepare, self.show)
                self.workspace.finish()
            finally:
                self.memory.relax()
                self.ignore_interrupts()
        except BaseException as error:
            self.memory.relax()
            self.ignore_interrupts()
            return error
        return None

    def ignore_interrupts(self):
        """Ignores SIGINT until the next command, which has the handler that is set now."""
        while not self.in_forked_process():
            try:
                handler = signal.getsignal(signal.SIGINT)
                # `None` is a handler that was not set by Python.
                if handler not in (None, ignore_signal):
                    self.on_sigint = handler
                    signal.signal(signal.SIGINT, ignore_signal)
                return
            except KeyboardInterrupt:
                pass

    def show(self, value):
        if self.in_forked_process():
            return
        text = repr(value)
        if self.workspace.setup["out_prefix"]:
            text = "Out[%d]: %s" % (self.program.count, text)
        builtins._ = value
        self.write_output(text)

    def write_output(self, text):
        """Writes a line to the output of the command."""
        # It follows all buffered output.
        flush(sys.stdout)
        flush(sys.stderr)
        output = 1 if self.in_forked_process() else self.output
        write(output, text.encode("utf-8", "backslashreplace") + b"\n")

    def in_forked_process(self):
        return os.getpid() != self.pid

    def after_fork(self):
        # Only once: the numbers may belong to files of a command when it forks again.
        if not self.is_forked:
            self.is_forked = True
            for fd in self.private:
                os.close(fd)

    def restore_standard_streams(self):
        """Restores streams that a previous command may have closed or redirected."""
        os.dup2(self.devnull, 0)
        os.dup2(self.output, 1)
        os.dup2(self.output, 2)
        if is_closed(sys.stdin):
            sys.stdin = open(0, encoding="utf-8", closefd=False)
        if is_closed(sys.stdout):
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        if is_closed(sys.stderr):
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        for stream in (sys.stdout, sys.stderr):
            # Line buffering keeps prints and the output of child processes in order. An object of
            # the user is not changed.
            if type(stream) is io.TextIOWrapper:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def send(self, event):
        table = event.pop("table", None)
        line = json.dumps(event)
        if table is not None:  # which is JSON already
            line = '%s, "table": %s}' % (line[:-1], table)
        write(self.events, line.encode() + b"\n")


def duplicate(fds):
    """Duplicates file descriptors that child processes do not inherit.

    Their numbers are above the limit of open files if the system allows it, so that commands can
    neither replace nor close them. Otherwise they are high.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    first = MAX_PRIVATE_FD if soft == unlimited else min(soft, MAX_PRIVATE_FD)
    if hard != unlimited:
        first = min(first, hard - len(fds))
    if soft != unlimited and soft < first + len(fds):
        resource.setrlimit(resource.RLIMIT_NOFILE, (first + len(fds), hard))
    try:
        return [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, first) for fd in fds]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def write(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def flush(stream):
    try:
        stream.flush()
    except BaseException:  # the stream is closed, None, or an object of the user
        pass


def is_closed(stream):
    return stream is None or getattr(stream, "closed", False)


def ignore_signal(signum, frame):
    pass


def exit_forked(error):
    """Exits a process forked by a command, at the end of the command, as Python ends a script."""
    if error is None or isinstance(error, SystemExit):
        raise error or SystemExit
    print_error(error)
    if isinstance(error, KeyboardInterrupt):
        atexit._run_exitfuncs()
        flush(sys.stdout)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    raise SystemExit(1)


def print_error(error):
    try:
        if sys.excepthook is sys.__excepthook__:  # which does not print lines of commands
            sys.stderr.write(format_traceback(error) + "\n")
        else:
            sys.excepthook(type(error), error, first_command_frame(error))
        sys.stderr.flush()
    except BaseException:  # the stream is closed, or the hook of the user fails
        pass


if sys.version_info < (3, 8):
    sys.exit("Python 3.8 or newer is required, this is " + sys.version.split()[0])
Kernel(start_supervisors()).serve()
