DROP TABLE staged_customers;
DROP TABLE repeated_customers;
DROP TABLE gone_customers;
