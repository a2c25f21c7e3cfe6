# docker build -t duban .        then see deploy/compose.yaml
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# .git is part of the context, so that `duban version` names the commit.
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/duban ./cmd/duban \
 && mkdir -p /out/data /out/tmp && chmod 0700 /out/data && chmod 1777 /out/tmp

# Nothing but the program: no shell, no package manager. Time zones are inside the binary.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/duban /usr/local/bin/duban
# The licences of the program and of the font in it go with them.
COPY --from=build /src/LICENSE /src/chart/FONT-LICENSE /licenses/
COPY --from=build --chown=10001:10001 /out/data /srv/duban/data
COPY --from=build /out/tmp /tmp
USER 10001:10001
# Relative paths of the configuration (data/duban.db …) lie below this folder; config.yaml is mounted here.
WORKDIR /srv/duban
VOLUME /srv/duban/data
# Health and metrics stay inside the container's network; publish the port only towards a monitor.
ENV DUBAN_WEB_LISTEN=:8080
EXPOSE 8080
# SIGTERM stops within 15 seconds.
STOPSIGNAL SIGTERM
# No HEALTHCHECK here: there is no shell and no HTTP client in this image. Let the orchestrator ask /healthz (alive) and /readyz (working) on
# port 8080, as Kubernetes probes or an outside monitor do; deploy/compose.yaml restarts on exit.
ENTRYPOINT ["/usr/local/bin/duban"]
CMD ["serve", "-c", "config.yaml"]
