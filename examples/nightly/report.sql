SELECT region, total
FROM totals
ORDER BY total DESC
