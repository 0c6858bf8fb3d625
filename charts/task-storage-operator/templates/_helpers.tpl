{{- /* What kustomize puts on every object too, and what Helm's users look for. */}}
{{- define "taskstorage.labels" -}}
app.kubernetes.io/name: task-storage-operator
app.kubernetes.io/part-of: task-storage-operator
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* Programs and alerts find the pods by these: no value changes them. */}}
{{- define "taskstorage.selector" -}}
app.kubernetes.io/name: task-storage-operator
app.kubernetes.io/component: {{ . }}
{{- end }}

{{- define "taskstorage.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- /* A seccomp or AppArmor profile. Only one of the node has a name. */}}
{{- define "taskstorage.profile" -}}
{{- if and (eq .of.type "Localhost") (not .of.localhostProfile) }}
{{- fail (printf "%s.localhostProfile: is empty: name the profile of the node, or use another type" .at) }}
{{- end }}
{{- if and (ne .of.type "Localhost") .of.localhostProfile }}
{{- fail (printf "%s.localhostProfile: is for type Localhost, which %s is not: leave it out" .at .of.type) }}
{{- end -}}
type: {{ .of.type }}
{{- with .of.localhostProfile }}
localhostProfile: {{ . }}
{{- end }}
{{- end }}

{{- /*
Where health, readiness and the end of the start are asked. A start may take as long as a node that is overloaded needs:
to begin it again would make that longer.
*/}}
{{- define "taskstorage.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 300
livenessProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 20
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{- /* The number of the group that may open pins; empty where none may. Helm reads numbers as fractions. */}}
{{- define "taskstorage.pinGroup" -}}
{{- $isNamed := not (kindIs "invalid" .Values.agent.pinGroup) }}
{{- if and $isNamed (eq .Values.agent.pinMode "0600") }}
{{- fail "agent.pinGroup: is for a group that agent.pinMode lets in, which 0600 does not: use 0640 or 0660, or leave it out" }}
{{- end }}
{{- if and (not $isNamed) (ne .Values.agent.pinMode "0600") }}
{{- fail (printf "agent.pinMode: %s lets in a group that is not named: set agent.pinGroup to its number, or use 0600" .Values.agent.pinMode) }}
{{- end }}
{{- if $isNamed }}
{{- int64 .Values.agent.pinGroup }}
{{- end }}
{{- end }}
