"""Drives a server with the official SDK, as a plan on standard input describes.

Prints a JSON array with an object per step. The results of the SDK are printed as it decodes them.
"""

import base64
import io
import json
import sys
import time
from datetime import timedelta

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import DatabricksError
from databricks.sdk.service.compute import CommandStatus, Language, Library, LibraryInstallStatus

LIMIT = timedelta(minutes=60)

plan = json.load(sys.stdin)
client = WorkspaceClient(host=plan["host"], token=plan["token"])
steps = []


def plain(value):
    """Converts values of the SDK. Times differ between runs."""
    if hasattr(value, "as_dict"):
        value = value.as_dict()
    if isinstance(value, dict):
        return {
            name: "TIME" if name.endswith("_time") else plain(item) for name, item in value.items()
        }
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def record(step, value, id=None):
    text = json.dumps(plain(value))
    steps.append({"step": step, "value": json.loads(text.replace(id, "ID") if id else text)})


def error_of(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except DatabricksError as error:
        return {"code": error.error_code, "message": str(error)}


def status_and_results(response):
    value = response.as_dict()
    del value["id"]
    return value


def drive_commands(script):
    language = Language(script["language"])
    execution = client.command_execution
    cluster = plan["cluster"]
    created = execution.create_and_wait(cluster_id=cluster, language=language, timeout=LIMIT)
    record("context", created.status.value)
    arguments = {"cluster_id": cluster, "context_id": created.id}

    for command in script["commands"]:
        response = execution.execute_and_wait(
            language=language, command=command, timeout=LIMIT, **arguments
        )
        record(command, status_and_results(response))

    running = execution.execute(language=language, command=script["endless"], **arguments)
    try:
        running.result(timedelta(seconds=1))
    except TimeoutError:
        record("timeout", True)
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
    record("destroyed", error_of(execution.context_status, **arguments), created.id)


def settled_libraries(cluster):
    """Waits until no library is being installed. The SDK has no waiter for libraries."""
    unsettled = (
        LibraryInstallStatus.PENDING,
        LibraryInstallStatus.RESOLVING,
        LibraryInstallStatus.INSTALLING,
    )
    while True:
        libraries = list(client.libraries.cluster_status(cluster))
        if not any(library.status in unsettled for library in libraries):
            return libraries
        time.sleep(0.1)


def drive_libraries(cluster):
    client.dbfs.upload("/sdk/a.jar", io.BytesIO(b"PK\x03\x04"), overwrite=True)
    jar, missing = (Library(jar=f"dbfs:/sdk/{name}.jar") for name in ("a", "missing"))
    client.libraries.install(cluster, [jar, missing])
    record("libraries", settled_libraries(cluster))
    statuses = client.libraries.all_cluster_statuses()
    record("all libraries", [status for status in statuses if status.cluster_id == cluster], cluster)
    client.libraries.uninstall(cluster, [jar, missing])
    record("uninstalled libraries", settled_libraries(cluster))
    client.clusters.restart_and_wait(cluster, timeout=LIMIT)
    record("libraries after a restart", settled_libraries(cluster))
    record("no libraries", error_of(client.libraries.install, cluster, []))


def drive_clusters():
    clusters = client.clusters
    record("spark versions", clusters.spark_versions())
    record("node types", clusters.list_node_types())
    created = clusters.create_and_wait(
        cluster_name="driven",
        spark_version=clusters.select_spark_version(long_term_support=True, latest=True),
        node_type_id=clusters.select_node_type(local_disk=True, min_gpus=0),
        num_workers=1,
        autotermination_minutes=60,
        timeout=LIMIT,
    )
    id = created.cluster_id
    record("created", created, id)
    record("get", clusters.get(id), id)
    listed = [cluster for cluster in clusters.list() if cluster.cluster_id == id]
    record("list", listed, id)
    drive_libraries(id)
    record("start of a running cluster", error_of(clusters.start, id), id)
    record("terminated", clusters.delete_and_wait(id, timeout=LIMIT), id)
    clusters.ensure_cluster_is_running(id)
    record("running", clusters.get(id), id)
    record("terminated again", clusters.delete(id).result(LIMIT), id)
    record("started", clusters.start_and_wait(id, timeout=LIMIT), id)
    clusters.permanent_delete(id)
    record("removed", error_of(clusters.get, id), id)
    record("list of others", [cluster for cluster in clusters.list() if cluster.cluster_id == id])
    record("without size", error_of(clusters.create, spark_version="x"))


def drive_files():
    dbfs = client.dbfs
    encode = lambda data: base64.b64encode(data).decode()

    dbfs.mkdirs("/sdk/folder")
    dbfs.put("/sdk/folder/put.txt", contents=encode(b"0123456789"))
    record("read", dbfs.read("/sdk/folder/put.txt", offset=2, length=3))
    record("put again", error_of(dbfs.put, "/sdk/folder/put.txt", contents=encode(b"")))
    record("file", dbfs.get_status("/sdk/folder/put.txt"))

    handle = dbfs.create("/sdk/folder/blocks.txt").handle
    dbfs.add_block(handle, encode(b"one "))
    dbfs.add_block(handle, encode(b"two"))
    dbfs.close(handle)
    record("blocks", dbfs.read("/sdk/folder/blocks.txt"))
    record("block after the end", error_of(dbfs.add_block, handle, encode(b"x")), str(handle))

    data = bytes(range(256)) * 6000  # more than one block
    dbfs.upload("/sdk/a.bin", io.BytesIO(data), overwrite=True)
    record("equal", dbfs.download("/sdk/a.bin").read() == data)

    dbfs.move("/sdk/folder/put.txt", "/sdk/moved.txt")
    record("list of a folder", list(dbfs.list("/sdk")))
    record("list of a file", list(dbfs.list("/sdk/a.bin")))
    record("moved", error_of(dbfs.get_status, "/sdk/folder/put.txt"))
    record("folder in use", error_of(client.dbfs._dbfs_api.delete, "/sdk/folder"))
    dbfs.delete("/sdk", recursive=True)
    record("exists", dbfs.exists("/sdk/a.bin"))


def drive_sdk_files():
    """Calls of the SDK that the API has no endpoint for."""
    with client.dbfs.open("/sdk/stream.txt", write=True, overwrite=True) as stream:
        stream.write(b"one ")
        stream.write(b"two")
    with client.dbfs.open("/sdk/stream.txt", read=True) as stream:
        assert stream.read() == b"one two"
    client.dbfs.copy("/sdk/stream.txt", "/sdk/copy.txt")
    client.dbutils.fs.mkdirs("dbfs:/sdk/folder")
    client.dbutils.fs.put("dbfs:/sdk/folder/a.txt", "text", overwrite=True)
    assert client.dbutils.fs.head("dbfs:/sdk/folder/a.txt") == "text"
    files = sorted(file.path for file in client.dbfs.list("/sdk", recursive=True))
    assert files == ["/sdk/copy.txt", "/sdk/folder/a.txt", "/sdk/stream.txt"], files
    assert [file.name for file in client.dbutils.fs.ls("dbfs:/sdk/folder")] == ["a.txt"]
    client.dbutils.fs.mv("dbfs:/sdk/copy.txt", "dbfs:/sdk/other.txt")
    assert client.dbfs.exists("/sdk/other.txt") and not client.dbfs.exists("/sdk/copy.txt")
    client.dbutils.fs.rm("dbfs:/sdk", recurse=True)
    assert not client.dbfs.exists("/sdk")


drive_clusters()
drive_files()
drive_sdk_files()
for script in plan["scripts"]:
    drive_commands(script)
json.dump(steps, sys.stdout)
