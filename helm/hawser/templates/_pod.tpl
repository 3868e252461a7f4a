{{- define "hawser.gracePeriod" -}}
{{- with .Values.drain -}}
{{- add .preStopSeconds .windowSeconds .timeoutSeconds .marginSeconds -}}
{{- end -}}
{{- end -}}

{{- define "hawser.probe" -}}
httpGet:
  path: /actuator/health/{{ .state }}
  port: operations
{{ toYaml .times }}
{{- end -}}

{{- define "hawser.topologySpread" -}}
{{- $selector := include "hawser.selector" . -}}
{{- with .Values.topologySpread -}}
{{- range list (list "topology.kubernetes.io/zone" .zones) (list "kubernetes.io/hostname" .nodes) }}
{{- if last . }}
- topologyKey: {{ first . }}
  maxSkew: 1
  whenUnsatisfiable: {{ last . }}
  # Within one version, so that a rolling update does not unbalance the new pods.
  matchLabelKeys: [{{ ternary "controller-revision-hash" "pod-template-hash" $.Values.persistence.enabled }}]
  labelSelector:
    matchLabels:
      {{- $selector | nindent 6 }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Fails where volumes and mounts of the values clash with those of the chart, or do not fit each other. */}}
{{- define "hawser.guardVolumes" -}}
{{- $names := list "config" "tmp" "secrets" "data" -}}
{{- $paths := list "/" "/app" "/app/config" "/app/secrets" "/tmp" -}}
{{- if .Values.persistence.enabled -}}
{{- if has (.Values.persistence.mountPath | clean) (append $paths "/app/callbacks") -}}
{{- fail (printf "persistence.mountPath would hide what is in %s: choose another one, such as /app/data." .Values.persistence.mountPath) -}}
{{- end -}}
{{- $paths = append $paths (.Values.persistence.mountPath | clean) -}}
{{- end -}}
{{- range .Values.extraVolumes -}}
{{- if has .name $names -}}
{{- fail (printf "extraVolumes has a second volume '%s': config, tmp, secrets and data are the chart's, and each other name stands once." .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- range .Values.extraVolumeMounts -}}
{{- if not (has .name $names) -}}
{{- fail (printf "extraVolumeMounts names a volume '%s' that extraVolumes does not have." .name) -}}
{{- end -}}
{{- if has (.mountPath | clean) $paths -}}
{{- fail (printf "extraVolumeMounts would hide what is in %s: choose another mountPath, such as /app/callbacks." .mountPath) -}}
{{- end -}}
{{- end -}}
{{- end -}}
