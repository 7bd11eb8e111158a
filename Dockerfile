# One image, three commands: `southbound scrape`, `southbound dashboard`, `southbound mail`.
# `make image` builds it. No setting and no secret is in it: they come with the container.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS packages
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.txt requirements-dev.txt ./
# Of the second file what builds the package alone. All by their hashes.
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements-dev.txt >setuptools.txt \
    && python3 -m venv /opt/southbound \
    && /opt/southbound/bin/pip install --no-cache-dir --require-hashes -r setuptools.txt \
    && /opt/southbound/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY southbound southbound
# Then what only pip needs, and what packages bring and nobody here runs: tests, headers, programs, parts of notebooks,
# and Arrow's service. What is left is seen to be whole.
RUN /opt/southbound/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/southbound/bin/pip uninstall --yes setuptools pip \
    && cd /opt/southbound/lib/python3*/site-packages \
    && find . -depth -type d -name tests -exec rm -rf {} + \
    && rm -rf pyarrow/include pyarrow/src pyarrow/*flight* \
        plotly/labextension plotly/package_data/*.js pydeck/nbextension \
        selenium/webdriver/common/macos selenium/webdriver/common/windows \
    && /opt/southbound/bin/python -c 'import matplotlib.figure, pandas, plotly.graph_objects, pyarrow.fs, pyarrow.parquet, streamlit'

FROM ${BASE}
# Chromium draws nothing: no graphics driver, nor what compiles for one.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        python3 tini ca-certificates chromium chromium-driver fontconfig fonts-wqy-microhei \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/fontconfig /var/log/apt /var/log/dpkg.log \
        /usr/share/man /usr/share/locale /usr/share/doc/*/changelog* /usr/share/icons \
        /usr/lib/*-linux-gnu/dri /usr/lib/*-linux-gnu/libLLVM* /usr/lib/*-linux-gnu/libz3.so* \
        /usr/lib/chromium/libVkLayer_* \
    && useradd --uid 10001 --home-dir /var/lib/southbound --shell /usr/sbin/nologin southbound \
    && install -d -o southbound -g southbound -m 0700 /var/lib/southbound /archive
COPY --from=packages /opt/southbound /opt/southbound
# In a container everything but its own port is somebody else's to open; the page asks who is asking by Host.
ENV PATH=/opt/southbound/bin:$PATH LANG=C.UTF-8 PYTHONUNBUFFERED=1 HOME=/var/lib/southbound \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0
WORKDIR /var/lib/southbound
USER 10001:10001
EXPOSE 8501
# The scraper's. The other two name their own where they are started, see compose.yaml.
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s \
    CMD ["southbound", "check"]
# Chromium's processes are many; tini takes in those whose parents have ended.
ENTRYPOINT ["/usr/bin/tini", "-s", "--", "southbound"]
CMD ["--help"]
