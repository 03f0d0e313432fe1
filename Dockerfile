# The whole platform from Debian's own packages: what a build needs, the build, and one small image
# that every service runs from (the command chooses which). DEBIAN is trixie or bookworm.
ARG DEBIAN=trixie

# The dependencies are a layer of their own: a change of code rebuilds code alone.
FROM debian:${DEBIAN}-slim AS packages
ENV DEBIAN_FRONTEND=noninteractive
COPY .ci/packages /tmp/packages
RUN apt-get update -qq \
 && grep -v -e '^#' -e '^git$' -e ccache -e gtest -e gmock /tmp/packages \
  | xargs apt-get install -y -qq --no-install-recommends >/dev/null \
 && rm -rf /var/lib/apt/lists/*

FROM packages AS build
ARG JOBS=2
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json ./
COPY common common
COPY broker broker
COPY services services
RUN cmake --preset release -DHAILSTORM_TESTS=OFF >/dev/null \
 && nice cmake --build --preset release --target programs -j "${JOBS}" \
 && mkdir -p /out/bin \
 && for program in build/release/bin/*; do \
      strip -o "/out/bin/${program##*/}" "$program" || exit 1; done \
 && rm -rf build
# The packages whose shared libraries the programs load. Only a change of this list renews the layer
# below that installs them; what the base image has already is not installed a second time over it.
RUN ldd /out/bin/* | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u \
  | while read -r library; do dpkg -S "*/${library##*/}" | cut -d: -f1 | head -1; done \
  | sort -u >/out/packages \
 && touch -d @0 /out/packages

FROM debian:${DEBIAN}-slim
RUN groupadd --gid 7400 hail \
 && useradd --uid 7400 --gid hail --no-create-home --home-dir /nowhere hail \
 && for folder in broker gateway matching payment notification analytics traffic lab; do \
      install -d -o hail -g hail -m 0700 "/data/$folder"; done \
 && install -d -o hail -g hail -m 0700 /run/hailstorm /run/chain/own /run/chain/next \
      /run/agents/broker /run/agents/gateway /run/agents/matching /run/agents/payment \
      /run/agents/notification /run/agents/analytics
COPY --from=build /out/packages /usr/share/hailstorm/packages
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive xargs apt-get install -y -qq \
      --no-install-recommends --no-upgrade \
      </usr/share/hailstorm/packages >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /var/lib/dpkg/*-old \
      /usr/share/doc /usr/share/man
COPY --from=build /out/bin /usr/local/bin
USER hail
