"""Drives a server with the official SDK, as a plan on standard input describes.

Prints a JSON array with an object per step. The results of the SDK are printed as it decodes them.
"""

import io
import json
import sys
import time
from datetime import timedelta

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError
from databricks.sdk.service.compute import CommandStatus, Language

LIMIT = timedelta(minutes=15)
CLUSTER = "peaceJam"

plan = json.load(sys.stdin)
client = WorkspaceClient(host=plan["host"], token=plan["token"])
execution = client.command_execution
steps = []


def record(step, value):
    steps.append({"step": step, "value": value})


def status_and_results(response):
    value = response.as_dict()
    del value["id"]
    return value


def drive(language, commands, endless):
    created = execution.create(cluster_id=CLUSTER, language=language).result(LIMIT)
    record("context", created.status.value)
    arguments = {"cluster_id": CLUSTER, "context_id": created.id}

    def execute(command):
        return execution.execute(language=language, command=command, **arguments)

    for command in commands:
        record(command, status_and_results(execute(command).result(LIMIT)))
    running = execute(endless)
    command = {"command_id": running.command_id, **arguments}
    cancel = execution.cancel(**command)
    if plan["cancel_waits"]:
        canceled = cancel.result(LIMIT)
    else:
        # The waiter of `cancel` ignores `Finished`, and that of `execute` fails at `Cancelling`.
        canceled = execution.command_status(**command)
        while canceled.status in (CommandStatus.RUNNING, CommandStatus.CANCELLING):
            time.sleep(0.1)
            canceled = execution.command_status(**command)
    record("cancel", status_and_results(canceled))
    execution.destroy(**arguments)
    try:
        record("destroyed", execution.context_status(**arguments).as_dict())
    except DatabricksError as error:
        record("destroyed", str(error).replace(created.id, "ID"))


def drive_files():
    data = bytes(range(256)) * 6000  # more than one block
    client.dbfs.upload("/sdk/a.bin", io.BytesIO(data), overwrite=True)
    record("equal", client.dbfs.download("/sdk/a.bin").read() == data)
    names = ["path", "is_dir", "file_size"]
    files = [file.as_dict() for file in client.dbfs.list("/sdk")]
    record("list", [{name: file.get(name) for name in names} for file in files])
    client.dbfs.delete("/sdk", recursive=True)
    record("exists", client.dbfs.exists("/sdk/a.bin"))


for language, commands, endless in plan["languages"]:
    drive(Language(language), commands, endless)
if plan["files"]:
    drive_files()
json.dump(steps, sys.stdout)
