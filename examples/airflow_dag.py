"""Writes the report of each working day with the BashOperator of Airflow.

The connection `databricks` has the URL of the workspace as its host and a token as its password. Airflow
ends tasks by SIGTERM, after which dbexec cancels the code.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.standard.operators.bash import BashOperator

with DAG(
    dag_id="nightly",
    schedule="15 2 * * 2-6",
    start_date=datetime(2026, 11, 1),
    catchup=False,
):
    BashOperator(
        task_id="report",
        bash_command="/opt/jobs/nightly.sh {{ ds }} > /opt/reports/{{ ds }}.csv",
        env={
            "DATABRICKS_HOST": "{{ conn.databricks.host }}",
            "DATABRICKS_TOKEN": "{{ conn.databricks.password }}",
            "DATABRICKS_CLUSTER_ID": "{{ var.value.databricks_cluster_id }}",
        },
        append_env=True,
        execution_timeout=timedelta(hours=3),
    )
