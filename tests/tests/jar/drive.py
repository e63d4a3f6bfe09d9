"""Uploads, installs and calls a JAR with the official SDK. The plan on standard input names the server."""

import json
import sys
import time

from databricks.sdk import WorkspaceClient
from databricks.sdk.service.compute import Language, Library, LibraryInstallStatus

plan = json.load(sys.stdin)
client = WorkspaceClient(host=plan["host"], token=plan["token"])
cluster = plan["cluster"]
client.clusters.ensure_cluster_is_running(cluster)

with open(plan["jar"], "rb") as jar:
    client.dbfs.upload("/jars/third.jar", jar)
library = Library(jar="dbfs:/jars/third.jar")
client.libraries.install(cluster, [library])
while True:
    statuses = client.libraries.cluster_status(cluster)
    (status,) = [status.status for status in statuses if status.library == library]
    if status is LibraryInstallStatus.INSTALLED:
        break
    assert status is not LibraryInstallStatus.FAILED
    time.sleep(0.1)

arguments = {"cluster_id": cluster, "language": Language.SCALA}
context = client.command_execution.create(**arguments).result()
arguments["context_id"] = context.id
command = client.command_execution.execute(command="com.example.third.Main.run(sc)", **arguments)
json.dump(command.result().results.data, sys.stdout)
client.command_execution.destroy(cluster_id=cluster, context_id=context.id)
