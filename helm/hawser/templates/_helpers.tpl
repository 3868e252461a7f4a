{{/* The name of every object, at most 50 characters, so that a suffix still fits into a DNS label. */}}
{{- define "hawser.name" -}}
{{- $made := ternary .Release.Name (printf "%s-hawser" .Release.Name) (contains "hawser" .Release.Name) -}}
{{- .Values.fullnameOverride | default $made | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* What makes the pods. */}}
{{- define "hawser.workload" -}}
{{- ternary "StatefulSet" "Deployment" .Values.persistence.enabled -}}
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

{{- define "hawser.testLabels" -}}
app.kubernetes.io/name: hawser
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}
