"""Airflow imports this module, by this name, when it starts.

LocalExecutor forks its workers from the scheduler, and they fork the task processes: what the scheduler has imported,
no task has to import again, which saves each of them 0.5 to 1.5 s.
"""

import sys

if "scheduler" in sys.argv:
    import airflow.providers.standard.decorators.python  # noqa: F401 (what a DAG file's first @task imports)
    import pint  # noqa: F401 (what reads quantities imports it late)

    import include.calls.summary.run
    import include.calls.watch
    import include.customers.editions.run
    import include.dag_defaults
    import include.google.sheets
    import include.inventory.keeping
    import include.inventory.restock.run
    import include.mail.render
    import include.online_orders.watch
    import include.products.report.run
    import include.sales.report.run
    import include.sales.simulation.run
    import include.sql_reports.dispatch.tasks
    import include.sql_reports.making.run
    import include.square.setup
    import include.warehouse.sync

    include.mail.render.compile_templates()
