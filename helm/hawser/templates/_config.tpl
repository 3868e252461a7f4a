{{/* application.yaml: the config of the values, and the properties that the chart itself sets. */}}
{{- define "hawser.config" -}}
{{- $properties := dict -}}
{{- include "hawser.properties" (dict "root" . "into" $properties) -}}
{{- include "hawser.guard" (dict "root" . "properties" $properties) -}}
{{- include "hawser.guardKeys" (dict "root" . "properties" $properties) -}}
{{- with get $properties "hawser.webhooks.folder" -}}
{{- if $.Values.persistence.enabled -}}
{{- fail (printf "%s belongs to the chart, which puts the folder on the volume: set persistence.mountPath, or switch persistence off." .place) -}}
{{- end -}}
{{- end -}}
{{- $hawser := include "hawser.ownProperties" . | fromYaml -}}
{{- $own := dict "server" (dict "port" 9501) "management" (dict "server" (dict "port" 9502)) "hawser" $hawser -}}
{{- if .Values.redis.host -}}
{{- range $canonical, $property := $properties -}}
{{- if regexMatch "^spring[.]data[.]redis[.](host|port|url|username|ssl[.]enabled)$|^hawser[.]cluster[.]prefix$" $canonical -}}
{{- fail (printf "%s and redis say both where Redis is: leave one of them out." $property.place) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $own "spring" (include "hawser.redis" . | fromYaml) -}}
{{- end -}}
{{- mustMergeOverwrite (deepCopy .Values.config) $own | toYaml -}}
{{- end -}}

{{/* What stands below spring: where Redis is. */}}
{{- define "hawser.redis" -}}
data:
  redis:
    host: {{ .Values.redis.host | quote }}
    port: {{ int .Values.redis.port }}
    {{- with .Values.redis.username }}
    username: {{ . | quote }}
    {{- end }}
    {{- if .Values.redis.tls }}
    ssl: {enabled: true}
    {{- end }}
{{- end -}}

{{- define "hawser.ownProperties" -}}
drain:
  window: {{ int .Values.drain.windowSeconds }}s
  timeout: {{ int .Values.drain.timeoutSeconds }}s
{{- with .Values.reloadInterval }}
reload-interval: {{ . }}
{{- end }}
{{- if .Values.redis.host }}
cluster: {prefix: {{ .Values.redis.prefix | quote }}}
{{- end }}
{{- if .Values.persistence.enabled }}
webhooks:
  folder: {{ .Values.persistence.mountPath }}
{{- end }}
{{- end -}}

{{/* Changes with everything that a pod reads only at its start, which is everything unless the server reloads by itself. */}}
{{- define "hawser.checksum" -}}
{{- if not .Values.reloadInterval -}}
{{- include "hawser.config" . | sha256sum -}}
{{- else -}}
{{- $properties := dict -}}
{{- include "hawser.flatten" (dict "name" "" "node" .Values.config "into" $properties) -}}
{{- $fixed := dict "own" (include "hawser.ownProperties" .) "redis" .Values.redis -}}
{{- range $canonical, $property := $properties -}}
{{- if not (regexMatch "^hawser[.](((hubs[.][^.]+[.])?(handshake|connection)|push)[.]|publicurl$)" $canonical) -}}
{{- $_ := set $fixed $canonical $property.value -}}
{{- else if regexMatch "^hawser[.]hubs[.]" $canonical -}}
{{- $_ := set $fixed (regexFind "^hawser[.]hubs[.][^.]+" $canonical) "has to be there from the start" -}}
{{- end -}}
{{- end -}}
{{- $_ := unset $fixed "hawser.hubs.default" -}}
{{- $fixed | toYaml | sha256sum -}}
{{- end -}}
{{- end -}}

{{/* The canonical name of a property that says who signs the tokens of all hubs, or of one: .hub is empty or such as "hubs[.]chat[.]". */}}
{{- define "hawser.keySource" -}}
{{- $found := list -}}
{{- range $canonical, $property := .properties -}}
{{- if and (regexMatch (printf "^hawser[.]%shandshake[.]token[.](secret|keys[.].+|issuer|jwks[.]url|introspection[.]url)$" $.hub) $canonical)
    (toString $property.value) -}}
{{- $found = append $found $property.place -}}
{{- end -}}
{{- end -}}
{{- with $found -}}
{{- first . -}}
{{- end -}}
{{- end -}}

{{/* The key in existingSecret whose value signs tokens; empty where another key or an issuer does. */}}
{{- define "hawser.tokenSecretKey" -}}
{{- $properties := dict -}}
{{- include "hawser.properties" (dict "root" . "into" $properties) -}}
{{- $required := include "hawser.value" (dict "properties" $properties "name" "hawser[.]handshake[.]token[.]required") -}}
{{- $forMore := or .Values.operationsSecretKey .Values.pushSecretKey .Values.redis.passwordKey .Values.secretProperties -}}
{{- if .Values.existingSecretKey -}}
{{- .Values.existingSecretKey -}}
{{- else if and .Values.existingSecret (eq .Values.tokenKeys "configured") (not (and (eq $required "false") $forMore))
    (not (include "hawser.keySource" (dict "properties" $properties "hub" ""))) -}}
token-secret
{{- end -}}
{{- end -}}

{{/* The keys of existingSecret that are mounted, each as a file with the name of its property. */}}
{{- define "hawser.secretItems" -}}
{{- with include "hawser.tokenSecretKey" . }}
- {key: {{ . | quote }}, path: hawser.handshake.token.secret}
{{- end }}
{{- with .Values.operationsSecretKey }}
- {key: {{ . | quote }}, path: hawser.operations.key}
{{- end }}
{{- with .Values.pushSecretKey }}
- {key: {{ . | quote }}, path: hawser.push.key}
{{- end }}
{{- with .Values.redis.passwordKey }}
- {key: {{ . | quote }}, path: spring.data.redis.password}
{{- end }}
{{- range $name, $key := .Values.secretProperties }}
- {key: {{ $key | quote }}, path: {{ $name | quote }}}
{{- end }}
{{- end -}}

{{/* Fails where no value says who signs tokens, or where two values contradict each other. */}}
{{- define "hawser.guardKeys" -}}
{{- $values := .root.Values -}}
{{- $properties := .properties -}}
{{- range list "existingSecretKey" "operationsSecretKey" "pushSecretKey" "secretProperties" -}}
{{- if and (get $values .) (not $values.existingSecret) -}}
{{- fail (printf "%s names a key inside existingSecret: name that Secret." .) -}}
{{- end -}}
{{- end -}}
{{- if $values.redis.passwordKey -}}
{{- if not $values.existingSecret -}}
{{- fail "redis.passwordKey names a key inside existingSecret: name that Secret." -}}
{{- else if not $values.redis.host -}}
{{- fail "redis.passwordKey is the password of a Redis that redis.host does not name: name it, or leave the password out." -}}
{{- end -}}
{{- end -}}
{{- $tokenKey := include "hawser.tokenSecretKey" .root -}}
{{- $other := include "hawser.keySource" (dict "properties" $properties "hub" "") -}}
{{- if and $tokenKey (regexMatch "([.]|_)(jwks|introspection)([.]|_)url$" (lower $other)) -}}
{{- fail (printf "%s and existingSecretKey do not go together: tokens are signed by one or by the other." $other) -}}
{{- end -}}
{{- range $set := list (list "hawser.handshake.token.secret" "existingSecretKey" $tokenKey) (list "hawser.operations.key" "operationsSecretKey" $values.operationsSecretKey) (list "hawser.push.key" "pushSecretKey" $values.pushSecretKey) -}}
{{- if and (last $set) (hasKey $properties (first $set)) -}}
{{- fail (printf "%s and %s set the same property: leave one of them out." (get $properties (first $set)).place (index $set 1)) -}}
{{- end -}}
{{- end -}}
{{- if eq $values.tokenKeys "push" -}}
{{- $pushKeys := list $values.pushSecretKey -}}
{{- range $canonical, $property := $properties -}}
{{- if regexMatch "^hawser[.]push[.](key|keys[.][0-9]+[.]secret)$" $canonical -}}
{{- $pushKeys = append $pushKeys (toString $property.value) -}}
{{- end -}}
{{- end -}}
{{- if not (compact $pushKeys) -}}
{{- fail "tokenKeys: push takes the tokens that a key of the push API has signed, and there is none: name it in pushSecretKey." -}}
{{- end -}}
{{- end -}}
{{- if and $values.existingSecret (not (include "hawser.secretItems" .root | trim)) -}}
{{- fail (printf "existingSecret is not used, since %s says who signs tokens: leave it out, or name what it has in existingSecretKey, operationsSecretKey, pushSecretKey or secretProperties." ($other | default (print "tokenKeys: " $values.tokenKeys))) -}}
{{- end -}}
{{- if eq $values.tokenKeys "development" -}}
{{- if or $values.autoscaling.enabled (gt (int $values.replicas) 1) -}}
{{- fail "tokenKeys: development lets each pod make a key of its own, which no other pod knows: set replicas: 1, and leave autoscaling off." -}}
{{- end -}}
{{- else if and (eq $values.tokenKeys "configured") (not $tokenKey) -}}
{{- $hubs := list "default" -}}
{{- range $canonical, $_ := $properties -}}
{{- $hubs = append $hubs (regexFind "^hawser[.]hubs[.][^.]+" $canonical | trimPrefix "hawser.hubs.") -}}
{{- end -}}
{{- range uniq $hubs | compact -}}
{{- $required := include "hawser.value" (dict "properties" $properties "name" "hawser[.]handshake[.]token[.]required") -}}
{{- $ofHub := include "hawser.value" (dict "properties" $properties "name" (printf "hawser[.]hubs[.]%s[.]handshake[.]token[.]required" .)) -}}
{{- $source := include "hawser.keySource" (dict "properties" $properties "hub" (printf "(hubs[.]%s[.])?" .)) -}}
{{- if not (or $source (eq ($ofHub | default $required) "false")) -}}
{{- fail (printf "Nothing says who signs tokens%s, and each pod would make a key that no other knows: name a Secret in existingSecret, or set config.hawser.handshake.token.issuer; tokenKeys: development lets a single pod make its own." (ternary "" (printf " of the hub %s" .) (eq . "default"))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
