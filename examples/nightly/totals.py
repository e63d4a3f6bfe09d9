"""Adds up the sales of one day, the parameter `day`, by region."""

from pyspark.sql.functions import col

day = dbutils.widgets.get("day")
sales = spark.table("sales").where(col("day") == day)
if sales.isEmpty():
    raise SystemExit(f"no sales on {day}")
sales.groupBy("region").sum("amount").toDF("region", "total").createOrReplaceTempView("totals")
