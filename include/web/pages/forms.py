"""What a form sent, for routes that run in threads."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def sent_form(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=2000)


SentForm = Annotated[FormData, Depends(sent_form)]
