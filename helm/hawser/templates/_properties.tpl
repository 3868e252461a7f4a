{{/*
Spring Boot takes one property in many spellings: dotted or nested, server.port as SERVER.Port, operations-key as operationsKey. The
chart therefore looks a property up under one canonical name: lower case, no dashes or underscores, brackets as dots.
*/}}
{{- define "hawser.canonical" -}}
{{- regexReplaceAll "[.]+" (regexReplaceAll "[^a-z0-9.]" (lower . | replace "[" ".") "") "." | trimAll "." -}}
{{- end -}}

{{/* Puts each value of a tree into .into: its canonical name, then its place, the name as it is written, and the value. */}}
{{- define "hawser.flatten" -}}
{{- $at := . -}}
{{- if and (kindIs "map" .node) .node -}}
{{- range $key, $value := .node -}}
{{- $name := ternary (print $at.name $key) (print $at.name "." $key) (or (empty $at.name) (hasPrefix "[" $key)) -}}
{{- include "hawser.flatten" (dict "name" $name "node" $value "into" $at.into) -}}
{{- end -}}
{{- else if and (kindIs "slice" .node) .node -}}
{{- range $i, $value := .node -}}
{{- include "hawser.flatten" (dict "name" (printf "%s[%d]" $at.name $i) "node" $value "into" $at.into) -}}
{{- end -}}
{{- else if and .name (not (kindIs "invalid" .node)) -}}
{{- $canonical := include "hawser.canonical" .name -}}
{{- if and (hasKey .into $canonical) (regexMatch "^(hawser|server|management|spring)[.]" $canonical) -}}
{{- fail (printf "config sets one property twice, as %s and as %s: leave one of them out." (get .into $canonical).name .name) -}}
{{- end -}}
{{- $_ := set .into $canonical (dict "place" (print "config." .name) "name" .name "value" .node "open" "ConfigMap") -}}
{{- end -}}
{{- end -}}

{{/* Puts into .into what config, existingSecret, secretProperties and extraEnv set; later ones win. .root: the chart's root context. */}}
{{- define "hawser.properties" -}}
{{- $into := .into -}}
{{- include "hawser.flatten" (dict "name" "" "node" .root.Values.config "into" $into) -}}
{{- range $name, $_ := .root.Values.secretProperties -}}
{{- $canonical := include "hawser.canonical" $name -}}
{{- with get $into $canonical -}}
{{- fail (printf "%s and secretProperties.%s set the same property: leave one of them out." .place $name) -}}
{{- end -}}
{{- $_ := set $into $canonical (dict "place" (print "secretProperties." $name) "name" $name "value" "(in the Secret)" "open" "") -}}
{{- end -}}
{{- range .root.Values.extraEnv -}}
{{- $place := print "extraEnv." .name -}}
{{- $value := .value | default (ternary "(from elsewhere)" "" (hasKey . "valueFrom")) -}}
{{- $canonical := include "hawser.canonical" (.name | replace "_" ".") -}}
{{- $_ := set $into $canonical (dict "place" $place "name" .name "value" $value "open" (ternary "" "Deployment" (hasKey . "valueFrom"))) -}}
{{- range regexFindAll "-D[^=\\s]+(=\\S*)?" (ternary $value "" (has .name (list "JAVA_TOOL_OPTIONS" "JDK_JAVA_OPTIONS"))) -1 -}}
{{- $option := regexReplaceAll "=.*" . "" | trimPrefix "-D" -}}
{{- $set := dict "place" (print $place " -D" $option) "name" $option "value" (regexReplaceAll "^[^=]*=?" . "") "open" "Deployment" -}}
{{- $_ := set $into (include "hawser.canonical" $option) $set -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What .properties say below .name: the value, or those of a list with commas between; empty when there is nothing. */}}
{{- define "hawser.value" -}}
{{- $values := list -}}
{{- range $canonical, $property := .properties -}}
{{- if regexMatch (printf "^%s([.][0-9]+)?$" $.name) $canonical -}}
{{- $values = append $values ($property.value | toString) -}}
{{- end -}}
{{- end -}}
{{- join "," $values -}}
{{- end -}}
