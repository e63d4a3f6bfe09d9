#!/bin/sh
# Removes the cluster that cluster-up.sh has created: cluster-down.sh NAME
set -eu
dbexec call clusters.permanent_delete cluster_id="$(cat "$1.cluster")" > /dev/null
rm "$1.cluster"
