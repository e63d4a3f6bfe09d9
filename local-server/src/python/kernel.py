"""One Python execution context: runs commands one after the other in one namespace.

The server speaks to it in JSON, one object per line, over three pipes.

    stdin   {"do": "run", "id": ..., "source": ...} and {"do": "cancel", "id": ...}
    stdout  {"event": "ready"} once, then {"event": "done", "id": ..., "end": ...} per command,
            where end is "text", "error" with summary and cause, or "cancelled" with detail
    stderr  what the command and the processes it starts print; the server counts it to the
            command that runs, and has read all of it when it acts on "done"

This program itself is the first thing that comes on stdin. The pipes are moved out of the way
before any user code runs, which finds /dev/null on 0 and the third pipe on 1 and 2.

Two threads: the main one runs commands, so that SIGINT interrupts them; the listener reads stdin
and hands commands over. Everything about cancelling follows from that:

* The listener signals only while the command to be cancelled is the running one, and it hands over
  no other before it has signalled. So no process of a later command is hit.
* The handler, in the main thread, raises only if the running command is still the one meant. A
  signal that arrives late is dropped.
"""

import sys

# What lies in the working directory must not stand in for the modules needed here.
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

SUMMARY_LIMIT = 10_000
CAUSE_LIMIT = 1 << 20
SOURCES_LIMIT = 16 << 20
PRIVATE_FD = 200

FUTURES = 0
for _name in __future__.all_feature_names:
    FUTURES |= getattr(__future__, _name).compiler_flag


class Kernel:
    def __init__(self):
        self.pid = os.getpid()
        self.commands = private(0)
        self.frames = private(1)
        self.output = private(2)
        self.nothing = os.open(os.devnull, os.O_RDONLY)
        self.jobs = queue.SimpleQueue()
        self.running = None  # id of the command that may be interrupted
        self.target = None  # id of the command the last signal was meant for
        self.interrupted = False  # whether the signal has reached the running command
        self.program = Program()
        self.adopt_standard_streams()
        # Python 3.12 warns of a fork beside other threads. The listener is not the user's, and
        # holds nothing that a forked process needs.
        warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)

    def serve(self):
        signal.signal(signal.SIGINT, self.on_sigint)
        os.register_at_fork(after_in_child=self.after_fork)
        threading.Thread(target=self.listen, name="local-server", daemon=True).start()
        self.send({"event": "ready"})
        while True:
            job = self.jobs.get()
            self.adopt_standard_streams()
            frame = self.run(job["id"], job["source"])
            frame.update(event="done", id=job["id"])
            self.send(frame)

    # The main thread.

    def run(self, id, source):
        self.interrupted = False
        error = self.attempt(id, source)
        flush(sys.stdout)
        flush(sys.stderr)
        if os.getpid() != self.pid:  # a fork of user code that came to the command's end
            os._exit(0 if error is None else 1)
        # A signal nobody saw: it came in the last moment, or during `os.system`, which ignores it.
        unseen = self.target == id
        self.target = None
        if unseen or (error is not None and self.interrupted):
            return cancelled(error)
        if error is None or left_quietly(error):
            return {"end": "text"}
        return failed(error)

    def attempt(self, id, source):
        # Twice, so that an interrupt in the inner `finally` is caught as well.
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
        flush(sys.stdout)
        flush(sys.stderr)
        write(self.output, text.encode("utf-8", "backslashreplace"))

    def on_sigint(self, signum, frame):
        target, self.target = self.target, None
        if self.running is None or target not in (None, self.running):
            return
        self.interrupted = target is not None
        raise KeyboardInterrupt

    def adopt_standard_streams(self):
        """Repairs what an earlier command may have closed or pointed elsewhere."""
        os.dup2(self.nothing, 0)
        os.dup2(self.output, 1)
        os.dup2(self.output, 2)
        if is_closed(sys.stdin):
            sys.stdin = open(0, encoding="utf-8", closefd=False)
        if is_closed(sys.stdout):
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        if is_closed(sys.stderr):
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        for stream in (sys.stdout, sys.stderr):
            # By lines, so that prints and the output of child processes keep their order.
            if type(stream) is io.TextIOWrapper:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)

    def send(self, frame):
        write(self.frames, json.dumps(frame).encode() + b"\n")

    # The listener.

    def listen(self):
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # it is for the main thread
            with open(self.commands, "rb", closefd=False) as commands:
                for line in commands:
                    message = json.loads(line)
                    if message["do"] == "run":
                        self.jobs.put(message)
                    elif message["do"] == "cancel":
                        self.cancel(message["id"])
        finally:  # the server is gone
            end_group(self.pid)

    def cancel(self, id):
        if self.running == id:
            self.target = id
            os.killpg(self.pid, signal.SIGINT)

    # A process forked by user code.

    def after_fork(self):
        for fd in (self.commands, self.frames):
            os.close(fd)
        if signal.getsignal(signal.SIGINT) == self.on_sigint:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class Program:
    """The namespace of the commands, and how source becomes something that runs in it."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = builtins
        sys.modules["__main__"] = self.module
        sys.argv = [""]
        self.count = 0
        self.flags = 0
        self.sources = collections.deque()
        self.remembered = 0

    def execute(self, source, show):
        self.count += 1
        name = COMMAND_FILE % self.count
        source = source[1:] if source.startswith("\ufeff") else source
        self.remember(name, source)
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
        self.flags |= code.co_flags & FUTURES
        return code

    def remember(self, name, source):
        """Lets tracebacks and `inspect` show the lines of the command, also of earlier ones."""
        # With a line end at the end, as `linecache` has it: tracebacks count on that.
        ended = source if source.endswith("\n") else source + "\n"
        lines = io.StringIO(ended, newline=None).readlines()
        linecache.cache[name] = (len(source), None, lines, name)
        self.sources.append((name, len(source)))
        self.remembered += len(source)
        while len(self.sources) > 1 and self.remembered > SOURCES_LIMIT:
            oldest, size = self.sources.popleft()
            self.remembered -= size
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
    """Reads a block that is indented as a whole, leaving the strings in it as they are."""
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
    detail = "the command was cancelled"
    if error is not None:
        detail += "\n" + trace(error)
    return {"end": "cancelled", "detail": sendable(detail, CAUSE_LIMIT)}


def failed(error):
    summary, cause = sendable(headline(error), SUMMARY_LIMIT), sendable(trace(error), CAUSE_LIMIT)
    return {"end": "error", "summary": summary, "cause": cause}


def left_quietly(error):
    return isinstance(error, SystemExit) and (error.code is None or error.code == 0)


def headline(error):
    try:
        if isinstance(error, SyntaxError):
            return "%s: %s" % (type(error).__name__, error.msg)
        return "".join(traceback.format_exception_only(type(error), error)).strip()
    except BaseException:  # user code takes part: `__str__`
        return type(error).__name__


def trace(error):
    try:
        first = error.__traceback__
        while first is not None and not is_command(first.tb_frame):
            first = first.tb_next
        told = traceback.TracebackException(type(error), error, first)
        drop_kernel_frames(told, set())
        return "".join(told.format()).rstrip("\n")
    except BaseException:  # as above
        return headline(error)


def is_command(frame):
    return frame.f_code.co_filename.startswith(COMMAND_PREFIX)


def drop_kernel_frames(told, seen):
    """An interrupted command's innermost frame is the signal handler."""
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    told.stack[:] = [frame for frame in told.stack if frame.filename != KERNEL_FILE]
    for other in (told.__cause__, told.__context__, *(getattr(told, "exceptions", None) or ())):
        drop_kernel_frames(other, seen)


def sendable(text, limit):
    """Cut to size, and without lone surrogates, which JSON has no place for."""
    if len(text) > limit:
        text = text[: limit // 2] + "\n[...]\n" + text[-limit // 2 :]
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def private(fd):
    """A copy that child processes don't inherit and user code doesn't run into."""
    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, PRIVATE_FD)
    except OSError:  # the limit of open files is lower
        return os.dup(fd)


def write(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def flush(stream):
    try:
        stream.flush()
    except BaseException:  # closed, None, or an object of user code
        pass


def is_closed(stream):
    return stream is None or getattr(stream, "closed", False)


def end_group(pid):
    os.killpg(pid, signal.SIGKILL)
    os._exit(1)


if sys.version_info < (3, 8):
    sys.exit("Python 3.8 or newer is needed, this is " + sys.version.split()[0])
Kernel().serve()
