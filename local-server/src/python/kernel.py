"""Kernel of a Python execution context: runs commands in sequence in one namespace.

The server communicates with the kernel over three pipes. Requests and events are JSON objects, one
per line.

    stdin   {"request": "run", "id": ..., "source": ...} and {"request": "cancel", "id": ...}
    stdout  {"event": "ready"} once, then {"event": "done", "id": ..., "outcome": ...} per command,
            where the outcome is "text", "error" with summary and cause, or "cancelled" with detail
    stderr  output of the command and of its child processes. The server attributes it to the
            running command, and reads all available output before it handles "done"

The source of the kernel precedes the first request on stdin. The kernel duplicates the pipes to
other file descriptors before it runs commands. For commands, fd 0 is /dev/null, and fds 1 and 2
are the third pipe.

The main thread runs commands, because Python executes signal handlers in the main thread: SIGINT
interrupts the command. The listener thread reads requests. A cancel request interrupts only the
command with its id:

* The listener sends SIGINT only while that command is running, and before it passes the next
  command to the main thread. No child process of a later command receives the signal.
* The signal handler raises KeyboardInterrupt only if that command is still running. A signal that
  arrives later is ignored.
"""

import sys

# A module in the working directory must not shadow the modules of the standard library.
_local = sys.path[:1] == [""]
if _local:
    del sys.path[0]

import __future__
import ast
import builtins
import collections
import fcntl
import io
import json
import linecache
import os
import queue
import signal
import threading
import traceback
import types
import warnings

if _local:
    sys.path.insert(0, "")

KERNEL_FILE = "<local-server>"
COMMAND_FILE = "<command-%d>"
COMMAND_PREFIX = "<command-"

SUMMARY_MAX_CHARS = 10_000
CAUSE_MAX_CHARS = 1 << 20
SOURCES_MAX_CHARS = 16 << 20
MIN_PRIVATE_FD = 200

FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag


class Kernel:
    def __init__(self):
        self.pid = os.getpid()
        self.requests = duplicate(0)
        self.events = duplicate(1)
        self.output = duplicate(2)
        self.devnull = os.open(os.devnull, os.O_RDONLY)
        self.jobs = queue.SimpleQueue()
        self.running = None  # id of the command that can be interrupted
        self.target = None  # id of the command that the pending SIGINT is for
        self.interrupted = False  # True after the running command was interrupted
        self.program = Program()
        self.restore_standard_streams()
        # Python 3.12 warns about a fork in a process with several threads. The listener thread
        # holds no lock that a forked process needs.
        warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)

    def serve(self):
        signal.signal(signal.SIGINT, self.on_sigint)
        os.register_at_fork(after_in_child=self.after_fork)
        threading.Thread(target=self.listen, name="local-server", daemon=True).start()
        self.send({"event": "ready"})
        while True:
            job = self.jobs.get()
            self.restore_standard_streams()
            event = self.run(job["id"], job["source"])
            event.update(event="done", id=job["id"])
            self.send(event)

    # Methods of the main thread.

    def run(self, id, source):
        self.interrupted = False
        error = self.execute(id, source)
        flush(sys.stdout)
        flush(sys.stderr)
        if os.getpid() != self.pid:
            # A process forked by the command has reached the end of the command. It must not run
            # the next one.
            os._exit(0 if error is None else 1)
        # The handler was not called if SIGINT arrived during `os.system`, which ignores it, or just
        # before the end of the command.
        is_pending = self.target == id
        self.target = None
        if is_pending or (error is not None and self.interrupted):
            return cancelled(error)
        if error is None or is_clean_exit(error):
            return {"outcome": "text"}
        return failed(error)

    def execute(self, id, source):
        # The outer `try` catches an interrupt that is raised in the inner `finally`.
        try:
            try:
                self.running = id
                self.program.execute(source, self.show)
            finally:
                self.running = None
        except BaseException as error:
            self.running = None
            return error
        return None

    def show(self, value):
        text = repr(value) + "\n"
        builtins._ = value
        # The value follows all buffered output.
        flush(sys.stdout)
        flush(sys.stderr)
        write(self.output, text.encode("utf-8", "backslashreplace"))

    def on_sigint(self, signum, frame):
        target, self.target = self.target, None
        if self.running is None or target not in (None, self.running):
            return
        self.interrupted = target is not None
        raise KeyboardInterrupt

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
        write(self.events, json.dumps(event).encode() + b"\n")

    # Methods of the listener thread.

    def listen(self):
        try:
            # The operating system must deliver SIGINT to the main thread, to interrupt its system
            # calls.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            with open(self.requests, "rb", closefd=False) as requests:
                for line in requests:
                    message = json.loads(line)
                    if message["request"] == "run":
                        self.jobs.put(message)
                    elif message["request"] == "cancel":
                        self.cancel(message["id"])
        finally:  # the server has exited
            kill_group(self.pid)

    def cancel(self, id):
        if self.running == id:
            self.target = id
            os.killpg(self.pid, signal.SIGINT)

    # Method of processes forked by commands.

    def after_fork(self):
        for fd in (self.requests, self.events):
            os.close(fd)
        if signal.getsignal(signal.SIGINT) == self.on_sigint:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class Program:
    """Compiles commands and executes them in a shared namespace."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = builtins
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        self.count = 0
        self.flags = 0
        self.cached_sources = collections.deque()
        self.cached_chars = 0

    def execute(self, source, show):
        self.count += 1
        name = COMMAND_FILE % self.count
        # Files may start with a byte order mark, which `compile` rejects in a string.
        source = source[1:] if source.startswith("\ufeff") else source
        self.cache_source(name, source)
        body = parse(source, name, self.flags)
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        namespace = self.module.__dict__
        exec(self.compile(ast.Module(body, []), name, "exec"), namespace)
        if last is not None:
            value = eval(self.compile(ast.Expression(last.value), name, "eval"), namespace)
            if value is not None:
                show(value)

    def compile(self, tree, name, mode):
        code = compile(tree, name, mode, self.flags, dont_inherit=True)
        # `from __future__ import` applies to the following commands too.
        self.flags |= code.co_flags & FUTURE_FLAGS
        return code

    def cache_source(self, name, source):
        """Caches the lines of a command for tracebacks and `inspect`."""
        # `linecache` ensures that the last line has a line end, and `traceback` requires it.
        terminated = source if source.endswith("\n") else source + "\n"
        lines = io.StringIO(terminated, newline=None).readlines()
        linecache.cache[name] = (len(source), None, lines, name)
        self.cached_sources.append((name, len(source)))
        self.cached_chars += len(source)
        while len(self.cached_sources) > 1 and self.cached_chars > SOURCES_MAX_CHARS:
            oldest, size = self.cached_sources.popleft()
            self.cached_chars -= size
            linecache.cache.pop(oldest, None)


def parse(source, name, flags=0):
    flags |= ast.PyCF_ONLY_AST
    try:
        return compile(source, name, "exec", flags, dont_inherit=True).body
    except IndentationError as error:
        if not str(error.msg).startswith("unexpected indent"):
            raise
        return parse_indented(source, name, flags, error)


def parse_indented(source, name, flags, original):
    """Parses source of which every line is indented. Multi-line strings keep their indentation."""
    try:
        body = compile("if 1:\n" + source, name, "exec", flags, dont_inherit=True).body
    except SyntaxError as error:
        if isinstance(error, IndentationError):
            raise original from None
        error.lineno -= 1
        if getattr(error, "end_lineno", None):
            error.end_lineno -= 1
        raise error from None
    if len(body) != 1 or body[0].orelse:
        raise original from None
    return [ast.increment_lineno(statement, -1) for statement in body[0].body]


def cancelled(error):
    detail = "the command was canceled"
    if error is not None:
        detail += "\n" + format_traceback(error)
    return {"outcome": "cancelled", "detail": truncate(detail, CAUSE_MAX_CHARS)}


def failed(error):
    summary = truncate(format_summary(error), SUMMARY_MAX_CHARS)
    cause = truncate(format_traceback(error), CAUSE_MAX_CHARS)
    return {"outcome": "error", "summary": summary, "cause": cause}


def is_clean_exit(error):
    return isinstance(error, SystemExit) and (error.code is None or error.code == 0)


def format_summary(error):
    try:
        if isinstance(error, SyntaxError):
            return "%s: %s" % (type(error).__name__, error.msg)
        return "".join(traceback.format_exception_only(type(error), error)).strip()
    except BaseException:  # from `__str__` of the user's class
        return type(error).__name__


def format_traceback(error):
    try:
        first = error.__traceback__
        while first is not None and not is_command(first.tb_frame):
            first = first.tb_next
        exception = traceback.TracebackException(type(error), error, first)
        remove_kernel_frames(exception, set())
        return "".join(exception.format()).rstrip("\n")
    except BaseException:  # from `__str__` of the user's class
        return format_summary(error)


def is_command(frame):
    return frame.f_code.co_filename.startswith(COMMAND_PREFIX)


def remove_kernel_frames(exception, seen):
    """Removes frames such as the signal handler of an interrupted command."""
    if exception is None or id(exception) in seen:
        return
    seen.add(id(exception))
    exception.stack[:] = [frame for frame in exception.stack if frame.filename != KERNEL_FILE]
    # `exceptions` is set for exception groups since Python 3.11.
    group = getattr(exception, "exceptions", None) or ()
    for other in (exception.__cause__, exception.__context__, *group):
        remove_kernel_frames(other, seen)


def truncate(text, limit):
    """Removes the middle of a long text, and escapes lone surrogates, which are not valid UTF-8."""
    if len(text) > limit:
        text = text[: limit // 2] + "\n[...]\n" + text[-limit // 2 :]
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def duplicate(fd):
    """Duplicates a file descriptor that child processes do not inherit.

    A high number avoids conflicts with commands that close or replace low ones.
    """
    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, MIN_PRIVATE_FD)
    except OSError:  # the limit of open files is lower
        return os.dup(fd)


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


def kill_group(pid):
    os.killpg(pid, signal.SIGKILL)
    os._exit(1)


if sys.version_info < (3, 8):
    sys.exit("Python 3.8 or newer is required, this is " + sys.version.split()[0])
Kernel().serve()
