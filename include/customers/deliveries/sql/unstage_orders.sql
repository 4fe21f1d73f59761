DROP TABLE staged_orders;
DROP TABLE repeated_orders;
DROP TABLE gone_orders;
