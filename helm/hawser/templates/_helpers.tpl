{{/* The name of every object, at most 50 characters, so that a suffix still fits into a DNS label. */}}
{{- define "hawser.name" -}}
{{- $made := ternary .Release.Name (printf "%s-hawser" .Release.Name) (contains "hawser" .Release.Name) -}}
{{- .Values.fullnameOverride | default $made | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "hawser.selector" -}}
app.kubernetes.io/name: hawser
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "hawser.labels" -}}
{{ include "hawser.selector" . }}
{{ include "hawser.commonLabels" . }}
{{- end -}}

{{- define "hawser.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "hawser.operationsService" -}}
{{ include "hawser.name" . }}-operations
{{- end -}}

{{- define "hawser.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "hawser.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "hawser.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The key that signs tokens, as the environment variable that the server reads. */}}
{{- define "hawser.secretEnv" -}}
{{- with .Values.existingSecret -}}
- name: HAWSER_HANDSHAKE_TOKEN_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.existingSecretKey }}
{{- end }}
{{- end -}}

{{/* What operators show to drain, reload and revoke, as the environment variable that the server reads. */}}
{{- define "hawser.operationsEnv" -}}
{{- if .Values.operationsSecretKey -}}
- name: HAWSER_OPERATIONS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ required "operationsSecretKey is a key inside existingSecret: name that Secret." .Values.existingSecret }}
      key: {{ .Values.operationsSecretKey }}
{{- end }}
{{- end -}}

{{/* application.yaml: the values' config, and what the chart itself has to know. */}}
{{- define "hawser.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- if dig "server" "port" "" $config -}}
{{- fail "config.server.port belongs to the chart, which needs 9501: set service.port, the port that clients see." -}}
{{- end -}}
{{- if dig "management" "server" "port" "" $config -}}
{{- fail "config.management.server.port belongs to the chart, which needs 9502: set operationsService.port." -}}
{{- end -}}
{{- if dig "hawser" "drain" "" $config -}}
{{- fail "config.hawser.drain belongs to the chart, which adds its times up: set drain.windowSeconds and drain.timeoutSeconds." -}}
{{- end -}}
{{- if dig "hawser" "handshake" "token" "secret" "" $config -}}
{{- fail "config.hawser.handshake.token.secret would lie open in a ConfigMap: put it into a Secret and name that in existingSecret." -}}
{{- end -}}
{{- if dig "hawser" "operations" "key" "" $config -}}
{{- fail "config.hawser.operations.key would lie open in a ConfigMap: put it into existingSecret and name its key in operationsSecretKey." -}}
{{- end -}}
{{- range toYaml $config | splitList "\n" -}}
{{- $name := regexFind "^[- ]*[a-zA-Z-]*([sS]ecret|[pP]assword):" . | trimAll " -:" -}}
{{- if and $name (not (contains "${" .)) -}}
{{- fail (printf "config has a '%s', which would lie open in a ConfigMap: put it into a Secret, take that into the environment with extraEnv, and write ${VARIABLE} here." $name) -}}
{{- end -}}
{{- end -}}
{{- $drain := dict "window" (printf "%ds" (int .Values.drain.windowSeconds)) "timeout" (printf "%ds" (int .Values.drain.timeoutSeconds)) -}}
{{- $own := dict "server" (dict "port" 9501) "management" (dict "server" (dict "port" 9502)) "hawser" (dict "drain" $drain) -}}
{{- mustMergeOverwrite $config $own | toYaml -}}
{{- end -}}

{{- define "hawser.testLabels" -}}
app.kubernetes.io/name: hawser
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}
