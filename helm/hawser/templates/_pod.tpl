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
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    matchLabels:
      {{- $selector | nindent 6 }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}
