-- Sales of the last 30 days. Replace this by a view of your tables.
CREATE OR REPLACE TEMPORARY VIEW sales AS
SELECT day, region, amount
FROM VALUES ('München', 120.50), ('München', 59.00), ('Oslo', 80.25) AS sales (region, amount)
CROSS JOIN (SELECT explode(sequence(current_date() - INTERVAL 30 DAYS, current_date())) AS day)
