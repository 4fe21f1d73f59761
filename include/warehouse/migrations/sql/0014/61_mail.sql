CREATE VIEW reporting.mail AS
SELECT
    message.message_id,
    replace(substring(message.dedupe_key FROM '^[a-z_-]+'), '-', '_') AS kind,
    message.state,
    cardinality(message.recipients) AS recipient_count,
    (
        SELECT count(*)::integer FROM outbox.attachment WHERE attachment.message_id = message.message_id
    ) AS attachment_count,
    message.attempt_count,
    message.created_at,
    message.sent_at,
    extract(epoch FROM message.sent_at - message.created_at) AS delivery_seconds
FROM outbox.message;

COMMENT ON VIEW reporting.mail IS
    'Mails that Storekeeper decided to send, without to whom and what they say: one row per mail. They are kept for '
    'a while only.';
COMMENT ON COLUMN reporting.mail.message_id IS 'Id of the mail; its Message-ID begins with it.';
COMMENT ON COLUMN reporting.mail.kind IS
    'What it is about, such as missed_calls, large_order, restock or sales_report.';
COMMENT ON COLUMN reporting.mail.state IS 'new or claimed (waiting to be sent), sent, or dead (refused, or given up).';
COMMENT ON COLUMN reporting.mail.recipient_count IS 'To how many addresses it goes.';
COMMENT ON COLUMN reporting.mail.attachment_count IS 'How many files go with it.';
COMMENT ON COLUMN reporting.mail.attempt_count IS 'How often sending was tried.';
COMMENT ON COLUMN reporting.mail.created_at IS 'When it was decided on.';
COMMENT ON COLUMN reporting.mail.sent_at IS 'When the mail server took it; empty if it has not.';
COMMENT ON COLUMN reporting.mail.delivery_seconds IS 'Seconds from the decision until the mail server took it.';
