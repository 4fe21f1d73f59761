# One image for every Airflow service of docker-compose.yaml. docs/production.md, docs/decisions/0004-image.md
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS build
# The version that requirements-dev.txt pins.
ARG UV_VERSION=0.13.8
RUN pip install --no-cache-dir "uv==${UV_VERSION}" && python -m venv --without-pip /opt/venv
COPY requirements.txt .
# Without bytecode every task would start in twice the time.
RUN UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy uv pip sync --no-cache --strict --python /opt/venv/bin/python requirements.txt
COPY include /opt/storekeeper/include
COPY dags /opt/storekeeper/dags
COPY plugins /opt/storekeeper/plugins
COPY stack /opt/storekeeper/stack
COPY airflow_settings.yaml /opt/storekeeper/
COPY airflow_local_settings.py /opt/storekeeper/
RUN /opt/venv/bin/python -m compileall -q /opt/storekeeper

FROM python:${PYTHON_VERSION}-slim-bookworm
RUN useradd --uid 50000 --create-home --shell /usr/sbin/nologin storekeeper \
    # A named volume takes over the owner of the folder that it is mounted on.
    && install -d -o storekeeper -g storekeeper /opt/airflow /opt/airflow/logs /outputs /partner_files
# The image comes without the bytecode of Python's own library, and this user may not write it.
RUN python -m compileall -q -x site-packages "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/storekeeper /opt/storekeeper
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/storekeeper \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/storekeeper/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/storekeeper/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    STOREKEEPER_OUTPUTS=/outputs \
    STOREKEEPER_PARTNER_FILES=/partner_files
WORKDIR /opt/storekeeper
USER 50000
CMD ["airflow", "version"]
