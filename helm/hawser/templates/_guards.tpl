{{/* Properties that only the chart may set, as patterns of canonical names without dots, and what to do instead. */}}
{{- define "hawser.reserved" -}}
"^serverport$": "belongs to the chart, which needs 9501: set service.port, the port that clients see."
"^managementserverport$": "belongs to the chart, which needs 9502: set operationsService.port."
"^hawserdrain": "belongs to the chart, which adds its times up: set drain.windowSeconds and drain.timeoutSeconds."
"^hawsernode$": "belongs to the chart, which names each node after its pod: leave it out."
"^hawserreloadinterval$": "belongs to the chart, which restarts pods that do not reload: set reloadInterval."
"^(serveraddress|management(server(basepath|ssl|address)|endpointsweb(basepath|pathmapping)))":
  "would keep out the probes, which ask for /actuator/health at port 9502 without TLS: leave it out."
{{- end -}}

{{/* The same for environment variables only. */}}
{{- define "hawser.reservedEnv" -}}
"^springconfig(import|location|name)$": "belongs to the chart, which reads application.yaml and existingSecret by it: use config.spring.config.import."
"^springapplicationjson$": "sets properties that the chart does not see: write the properties into config."
{{- end -}}

{{/* The same for config only: properties that the server would not see. */}}
{{- define "hawser.reservedConfig" -}}
"^(handshake(token|allowedorigins|requireorigin|subprotocol)|connection(maxmessagesize|outboxsize|slowconsumer|pinginterval|pongtimeout|idletimeout|closetimeout|compression|limits)|clientaddress(trustedproxies|proxyprotocol)|drain(window|timeout|delay)|operationskey$|push(key$|keys|onclientport$|publicurl$)|reloadinterval$)":
  "has no effect here: put it below hawser."
"^application(yaml|yml|properties)$": "has no effect, since config is that file: put the properties right below config."
{{- end -}}

{{/* Fails with a sentence for the first property that the chart sets itself, or that would be readable. */}}
{{- define "hawser.guard" -}}
{{- $reserved := include "hawser.reserved" . | fromYaml -}}
{{- $ofConfig := merge (include "hawser.reservedConfig" . | fromYaml) $reserved -}}
{{- $ofEnv := merge (include "hawser.reservedEnv" . | fromYaml) $reserved -}}
{{- range $canonical, $property := .properties -}}
{{- $plain := $canonical | replace "." "" -}}
{{- range $pattern, $sentence := ternary $ofConfig (ternary $ofEnv $reserved (hasPrefix "extraEnv." .place)) (hasPrefix "config." .place) -}}
{{- if regexMatch $pattern $plain -}}
{{- fail (printf "%s %s" $property.place $sentence) -}}
{{- end -}}
{{- end -}}
{{- if and (regexMatch "^(hawser|server|management|managementserver|spring)[0-9]*$" $plain) (not (kindIs "map" .value)) -}}
{{- fail (printf "%s has to be a map of properties." .place) -}}
{{- end -}}
{{- if and (hasPrefix "secretProperties." .place) (regexMatch "[.][0-9]+([.]|$)" $canonical) -}}
{{- fail (printf "%s is in a list, which must stand in one place as a whole: give the property a name of your own, and write ${that name} in config." .place) -}}
{{- end -}}
{{- if and .open (include "hawser.isSecret" (dict "plain" $plain "value" .value)) -}}
{{- fail (printf "%s would be readable in a %s: %s" .place .open (include "hawser.remedy" (dict "canonical" $canonical "property" .))) -}}
{{- end -}}
{{- if regexMatch "^(HAWSER|SERVER|MANAGEMENT|SPRING|LOGGING)_" (ternary .name "" (eq .open "ConfigMap")) -}}
{{- fail (printf "%s is the name of a variable, which application.yaml does not take: write it in lower case, with dots." .place) -}}
{{- end -}}
{{- end -}}
{{- include "hawser.guardProbes" . -}}
{{- end -}}

{{/* Whether a value is a secret that is written out here. ${NAME} only refers to a value elsewhere, ${NAME:value} contains one. */}}
{{- define "hawser.isSecret" -}}
{{- $named := regexMatch "((secret|passw(or)?d|passphrase|credential|apikey|accesskey|token|authorization)s?|^hawser.*[^c]key)[0-9]*$" .plain -}}
{{- $rest := regexReplaceAll "[$][{][^:{}]+:?[}]" (toString .value) "" -}}
{{- $text := regexReplaceAll "(?i)^(bearer|basic)?\\s*$" $rest "" -}}
{{- if or (and $named $text (not (kindIs "bool" .value)) (not (kindIs "map" .value)) (not (kindIs "slice" .value)))
    (contains "PRIVATE KEY-----" $rest) (regexMatch "://[^/?#\\s@]*:[^/?#\\s@]+@" $rest) -}}
yes
{{- end -}}
{{- end -}}

{{- define "hawser.remedy" -}}
{{- $plain := .canonical | replace "." "" -}}
{{- $alone := or (regexMatch "[.][0-9]+([.]|$)" .canonical) (not (include "hawser.isSecret" (dict "plain" $plain "value" "x"))) -}}
{{- if eq $plain "hawserhandshaketokensecret" -}}
put it into a Secret and name that in existingSecret.
{{- else if eq $plain "hawseroperationskey" -}}
put it into existingSecret and name its key in operationsSecretKey.
{{- else if eq $plain "hawserpushkey" -}}
put it into existingSecret and name its key in pushSecretKey.
{{- else if eq .property.open "Deployment" -}}
take it from a Secret with valueFrom: {secretKeyRef: ...}, or use existingSecret and secretProperties.
{{- else if $alone -}}
put it into existingSecret, add secretProperties: {my-secret: <its key there>}, and write ${my-secret} here.
{{- else -}}
put it into existingSecret, and add secretProperties: {{ printf "{%s: <its key there>}" .property.name }} instead.
{{- end -}}
{{- end -}}

{{- define "hawser.guardProbes" -}}
{{- $exposed := include "hawser.value" (dict "properties" .properties "name" "management[.]endpoints[.]web[.]exposure[.]include") | nospace | splitList "," -}}
{{- $hidden := include "hawser.value" (dict "properties" .properties "name" "management[.]endpoints[.]web[.]exposure[.]exclude") | nospace | splitList "," -}}
{{- range ternary (list "health" "prometheus") (list "health") .root.Values.serviceMonitor.enabled -}}
{{- if or (has . $hidden) (has "*" $hidden) (not (or (eq (join "" $exposed) "") (has "*" $exposed) (has . $exposed))) -}}
{{- fail (printf "config.management.endpoints.web.exposure leaves out %s, which the probes or Prometheus ask for: include it." .) -}}
{{- end -}}
{{- end -}}
{{- if eq (include "hawser.value" (dict "properties" .properties "name" "management[.]endpoint[.]health[.]probes[.]enabled")) "false" -}}
{{- fail "config.management.endpoint.health.probes.enabled removes the endpoints of the probes: leave it out." -}}
{{- end -}}
{{- end -}}
