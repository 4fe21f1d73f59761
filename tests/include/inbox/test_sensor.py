import asyncio
from datetime import timedelta

import pytest
from airflow.sdk.exceptions import TaskDeferred

from include.inbox.doorbell import Doorbell
from include.inbox.sensor import InboxSensor
from tests.include.inbox.conftest import Put


def test_it_waits_without_a_slot_for_the_doorbell(put: Put) -> None:
    sensor = InboxSensor(task_id="wait", table="call", timeout=60)
    with pytest.raises(TaskDeferred) as deferred:
        sensor.execute({})
    trigger = deferred.value.trigger
    assert isinstance(trigger, Doorbell)
    assert trigger.serialize()[1] == {"table": "call", "conn_id": "storekeeper_db"}
    assert deferred.value.timeout == timedelta(seconds=60)
    put()

    async def first_payload() -> object:
        async for event in trigger.run():
            return event.payload
        return None

    payload = asyncio.run(asyncio.wait_for(first_payload(), 5))
    assert payload == {"inbox": "call"}
    assert getattr(sensor, deferred.value.method_name)({}, payload) is None
