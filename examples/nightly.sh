#!/bin/sh
# Prints the report of a day as CSV: nightly.sh DAY [OPTION...]
#
# The files share one context, so that each of them finds the views of the previous ones. The workspace and
# the cluster are those of DATABRICKS_HOST, DATABRICKS_TOKEN and DATABRICKS_CLUSTER_ID, or of a profile in
# ~/.databrickscfg. `exec` passes signals to dbexec, which then cancels the code.
set -eu
jobs=$(dirname "$0")/nightly
day=$1
shift
exec dbexec run --timeout 2h --output csv --param "day=$day" "$@" \
    "$jobs/sales.sql" "$jobs/totals.py" "$jobs/report.sql"
