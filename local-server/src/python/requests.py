"""Requests of the server: lines that the inner supervisor forwards. `kernel.py` documents them."""

import json
import os
import select


class Requests:
    def __init__(self, fd):
        self.fd = fd
        self.buffer = bytearray()
        self.poll = select.poll()
        self.poll.register(fd, select.POLLIN)
        self.running = None  # id of the running command
        self.cancel = None  # "delivered" or "ignored" if the running command has been canceled
        self.pyspark = None  # the "pyspark" request
        self.spark = None  # the latest "spark" response
        self.missing_spark_responses = 0

    def next_setup(self):
        """Waits for the first request."""
        word, argument = self.next_request()
        if word != b"setup":
            sys.exit("the first request is not `setup`")
        return json.loads(argument)

    def next_run(self):
        """Waits for a command. Skips cancel requests, which refer to finished commands."""
        while True:
            word, argument = self.next_request()
            if word == b"run":
                request = json.loads(argument)
                self.running, self.cancel = request["id"], None
                return request
            self.receive(word, argument)

    def cancellation(self):
        """Returns "delivered" or "ignored" if there is a cancel request for the running command."""
        while self.poll.poll(0):
            self.read()
        while b"\n" in self.buffer:
            self.receive(*self.next_request())
        return self.cancel

    def expect_spark(self):
        """Records an "attach" event."""
        # A canceled command may have left a response behind, which is not the response to this one.
        self.missing_spark_responses += 1

    def next_pyspark(self):
        """Waits for the first path of PySpark, or for the response to an "attach" event. Returns None if
        the command is canceled."""
        while self.pyspark is None and self.missing_spark_responses and self.cancel is None:
            self.receive(*self.next_request())
        return None if self.cancel is not None else json.loads(self.pyspark or self.spark)

    def next_spark(self):
        """Waits for the response to an "attach" event. Returns None if the command is canceled."""
        while self.missing_spark_responses and self.cancel is None:
            self.receive(*self.next_request())
        return None if self.cancel is not None else json.loads(self.spark)

    def receive(self, word, argument):
        if word == b"cancel":
            id, outcome = argument.decode().split()
            if id == self.running:
                self.cancel = outcome
        elif word == b"pyspark":
            self.pyspark = argument
        elif word == b"spark":
            self.spark = argument
            self.missing_spark_responses -= 1

    def next_request(self):
        word, _, argument = self.next_line().partition(b" ")
        return word, argument

    def next_line(self):
        scanned = 0
        while True:
            end = self.buffer.find(b"\n", scanned)
            if end >= 0:
                line = bytes(self.buffer[:end])
                del self.buffer[: end + 1]
                return line
            scanned = len(self.buffer)
            self.read()

    def read(self):
        chunk = os.read(self.fd, 1 << 16)
        if not chunk:
            os._exit(1)  # the supervisor has exited
        self.buffer += chunk
