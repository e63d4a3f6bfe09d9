#!/bin/sh
# Brings up a cluster of a certain size and waits until it runs: cluster-up.sh NAME WORKERS
#
# Its id is written to NAME.cluster, for cluster-down.sh. Jobs select the cluster by its name: --cluster NAME.
# The service terminates a cluster that is idle for an hour.
set -eu
dbexec call clusters.create cluster_name="$1" num_workers="$2" autotermination_minutes=60 \
    spark_version="${SPARK_VERSION:-16.4.x-scala2.12}" node_type_id="${NODE_TYPE:-i3.xlarge}" \
    --wait --timeout 30m --get cluster_id > "$1.cluster"
