-- What the role storekeeper_report may not do beyond having no rights on tables, so that it holds whatever people's SQL
-- says (docs/decisions/0093). Run by a superuser in the database storekeeper; a second time it changes nothing.

-- Every session of the role begins like this.
ALTER ROLE storekeeper_report CONNECTION LIMIT 20;
ALTER ROLE storekeeper_report SET search_path = reporting;
ALTER ROLE storekeeper_report SET default_transaction_read_only = on;
-- The longest time-out that a report may have (reports.report.timeout_seconds), and a minute.
ALTER ROLE storekeeper_report SET statement_timeout = '61min';
ALTER ROLE storekeeper_report SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE storekeeper_report SET lock_timeout = '10s';
ALTER ROLE storekeeper_report SET temp_file_limit = '10GB';
-- A worker that was killed leaves no query running.
ALTER ROLE storekeeper_report SET client_connection_check_interval = '2s';
-- Values of parameters are personal data now and then.
ALTER ROLE storekeeper_report SET log_parameter_max_length = 0;

-- Postgres lets everybody execute what has side effects (NOTIFY, locks, large objects, sequences, settings, waiting, ending
-- other sessions) or runs SQL that it is given as text. All roles of ours keep that but this one. Volatile is what Postgres
-- calls a function with side effects; few of those have none.
DO $$
DECLARE
    functions text;
BEGIN
    SELECT string_agg(oid::regprocedure::text, ', ')
    INTO functions
    FROM pg_proc
    WHERE
        pronamespace = 'pg_catalog'::regnamespace
        AND prokind = 'f'
        AND has_function_privilege('public', oid, 'EXECUTE')
        AND (
            (
                provolatile = 'v'
                AND proname NOT IN (
                    'clock_timestamp', 'timeofday', 'random', 'random_normal', 'gen_random_uuid', 'uuidv4', 'uuidv7',
                    'array_sample', 'array_shuffle'
                )
            )
            OR proname IN ('pg_current_xact_id', 'txid_current')
            OR proname ~ '^(table|schema|database|query|cursor)_to_xml'
        );
    IF functions IS NOT NULL THEN
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', functions);
        EXECUTE format(
            'GRANT EXECUTE ON FUNCTION %s TO storekeeper_owner, storekeeper_app, storekeeper_listener, '
            'storekeeper_reader, pg_monitor',
            functions
        );
    END IF;
END
$$;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO storekeeper_owner, storekeeper_app, storekeeper_listener, storekeeper_reader;

-- The one setting that the role may set while it has no set_config: the value of a report's parameter.
CREATE SCHEMA IF NOT EXISTS report_session;
CREATE OR REPLACE FUNCTION report_session.set_parameter(number integer, value text) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER
RETURN pg_catalog.set_config('report.p' || number, value, true);
REVOKE EXECUTE ON FUNCTION report_session.set_parameter FROM PUBLIC;
GRANT USAGE ON SCHEMA report_session TO storekeeper_report;
GRANT EXECUTE ON FUNCTION report_session.set_parameter TO storekeeper_report;
