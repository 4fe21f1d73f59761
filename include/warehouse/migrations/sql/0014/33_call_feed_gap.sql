CREATE VIEW reporting.call_feed_gap AS
SELECT gap_id, feed, started_at, ended_at, extract(epoch FROM ended_at - started_at) AS gap_seconds
FROM inbox.call_feed_gaps;

COMMENT ON VIEW reporting.call_feed_gap IS
    'Times at which the phone system could not be heard, so that calls may be missing: one row per gap.';
COMMENT ON COLUMN reporting.call_feed_gap.gap_id IS 'Id of the gap.';
COMMENT ON COLUMN reporting.call_feed_gap.feed IS 'Which phone system.';
COMMENT ON COLUMN reporting.call_feed_gap.started_at IS 'When it was lost.';
COMMENT ON COLUMN reporting.call_feed_gap.ended_at IS 'When it was back; empty while it is not.';
COMMENT ON COLUMN reporting.call_feed_gap.gap_seconds IS 'How long it was away, in seconds.';
