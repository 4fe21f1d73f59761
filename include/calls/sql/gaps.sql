-- One row per stretch in which a feed was lost, of those that touch the time asked for.
SELECT started_at, ended_at
FROM inbox.call_feed_gaps
WHERE feed = ANY(%(feeds)s)
    AND started_at <= %(end_at)s
    AND (ended_at IS NULL OR ended_at > %(begin_at)s)
ORDER BY started_at
