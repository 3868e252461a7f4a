# Builds the server's image from the source: docker build -t hawser .   docs/image.md says how to run it.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG JRE_IMAGE=docker.io/library/eclipse-temurin:25-jre

FROM ${JDK_IMAGE} AS build
WORKDIR /src
# Maven's downloads are a layer of their own, which is made again only when the pom changes: building a jar of one empty package needs the same
# plugins and libraries as the server.
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN mkdir -p src/main/java/none && echo '@org.jspecify.annotations.NullMarked package none;' > src/main/java/none/package-info.java && \
	./mvnw -q -B -ntp -Dmaven.test.skip=true package && rm -r src target
COPY src/main src/main
RUN ./mvnw -q -B -ntp -Dmaven.test.skip=true package
RUN java -Djarmode=tools -jar target/hawser.jar extract --layers --destination /layers

FROM ${JRE_IMAGE}
WORKDIR /app
COPY image/jvm.options ./
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
# The cache fits only the JVM, the flags and the jars (including their file times) that it was made with, so it is made here, at the end.
RUN ["java", "-XX:AOTCacheOutput=/app/hawser.aot", "-Xlog:aot=error", "@/app/jvm.options", "-Dspring.context.exit=onRefresh", \
	"-jar", "/app/hawser.jar"]

USER 10001:10001
EXPOSE 9501 9502
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
	CMD ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m", "-jar", "/app/hawser.jar", "health"]
ENTRYPOINT ["java", "-XX:AOTCache=/app/hawser.aot", "@/app/jvm.options", "-jar", "/app/hawser.jar"]

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hawser" \
	org.opencontainers.image.description="A WebSocket server that calls the application back on handshake, open, message and close" \
	org.opencontainers.image.licenses="Apache-2.0" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}"
