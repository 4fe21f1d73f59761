CREATE VIEW reporting.report_run AS
SELECT
    run.run_id,
    run.title AS report_name,
    run.dag_id,
    run.state,
    run.due_at IS NOT NULL AS is_scheduled,
    run.due_at,
    run.queued_at,
    run.started_at,
    run.finished_at,
    extract(epoch FROM run.started_at - run.queued_at) AS wait_seconds,
    extract(epoch FROM run.finished_at - run.started_at) AS run_seconds,
    run.attempt_count,
    run.row_count,
    run.byte_count,
    jsonb_array_length(run.breaches) AS breach_count
FROM reports.report_run AS run;

COMMENT ON VIEW reporting.report_run IS 'Runs of reports: one row per run.';
COMMENT ON COLUMN reporting.report_run.run_id IS 'Number of the run.';
COMMENT ON COLUMN reporting.report_run.report_name IS 'The report''s name at that time.';
COMMENT ON COLUMN reporting.report_run.dag_id IS
    'What ran it: report_run (an SQL report), products_sold_report or sales_report.';
COMMENT ON COLUMN reporting.report_run.state IS 'queued, running, success, failed or skipped.';
COMMENT ON COLUMN reporting.report_run.is_scheduled IS 'Whether a schedule wanted it, and not a person.';
COMMENT ON COLUMN reporting.report_run.due_at IS 'When the schedule wanted it.';
COMMENT ON COLUMN reporting.report_run.queued_at IS 'When it was asked for.';
COMMENT ON COLUMN reporting.report_run.started_at IS 'When it began.';
COMMENT ON COLUMN reporting.report_run.finished_at IS 'When it was over.';
COMMENT ON COLUMN reporting.report_run.wait_seconds IS 'Seconds until it began.';
COMMENT ON COLUMN reporting.report_run.run_seconds IS 'Seconds that it took.';
COMMENT ON COLUMN reporting.report_run.attempt_count IS 'How often it was tried.';
COMMENT ON COLUMN reporting.report_run.row_count IS 'How many rows it had.';
COMMENT ON COLUMN reporting.report_run.byte_count IS 'How many bytes its files have.';
COMMENT ON COLUMN reporting.report_run.breach_count IS 'How many of its data-quality rules were broken.';
