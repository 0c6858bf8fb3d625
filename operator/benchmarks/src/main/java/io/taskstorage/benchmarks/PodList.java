package io.taskstorage.benchmarks;

import io.taskstorage.policy.ContainerFacts;
import io.taskstorage.policy.PodFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods of a {@link SampleCluster} as {@code kubectl get pods -A -o json} prints them. */
final class PodList {
  private PodList() {}

  /** Writes the file, about five kilobytes a pod. */
  static void write(SampleCluster cluster, Path file) {
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n");
      for (int i = 0; i < cluster.pods(); i++) {
        out.write(i == 0 ? "" : ",\n");
        out.write(pod(cluster.pod(i)).indent(8).stripTrailing());
      }
      out.write(
          "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\"resourceVersion\": \"\"}\n}\n");
    } catch (IOException e) {
      throw new UncheckedIOException("write " + file + ": " + e.getMessage(), e);
    }
  }

  static String pod(PodFacts pod) {
    return """
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "creationTimestamp": "2026-11-20T08:00:00Z",
            "generateName": "%1$s-",
            "labels": %2$s,
            "name": "%1$s",
            "namespace": "%3$s",
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "blockOwnerDeletion": true,
                    "controller": true,
                    "kind": "ReplicaSet",
                    "name": "%1$s",
                    "uid": "%4$s"
                }
            ],
            "resourceVersion": "123456",
            "uid": "%4$s"
        },
        "spec": {
            "containers": [
    %5$s
            ],
            "dnsPolicy": "ClusterFirst",
            "enableServiceLinks": true,
            "nodeName": "%6$s",
            "preemptionPolicy": "PreemptLowerPriority",
            "priority": 0,
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "securityContext": {},
            "serviceAccount": "%7$s",
            "serviceAccountName": "%7$s",
            "terminationGracePeriodSeconds": 30,
            "tolerations": [
                {
                    "effect": "NoExecute",
                    "key": "node.kubernetes.io/not-ready",
                    "operator": "Exists",
                    "tolerationSeconds": 300
                },
                {
                    "effect": "NoExecute",
                    "key": "node.kubernetes.io/unreachable",
                    "operator": "Exists",
                    "tolerationSeconds": 300
                }
            ],
            "volumes": [
                {
                    "name": "kube-api-access",
                    "projected": {
                        "defaultMode": 420,
                        "sources": [
                            {
                                "serviceAccountToken": {
                                    "expirationSeconds": 3607,
                                    "path": "token"
                                }
                            }
                        ]
                    }
                }
            ]
        },
        "status": {
            "conditions": [
    %8$s
            ],
            "containerStatuses": [
    %9$s
            ],
            "hostIP": "192.0.2.1",
            "phase": "Running",
            "podIP": "198.51.100.1",
            "podIPs": [
                {
                    "ip": "198.51.100.1"
                }
            ],
            "qosClass": "Burstable",
            "startTime": "2026-11-20T08:00:00Z"
        }
    }
    """
        .formatted(
            pod.name(),
            labels(pod.labels()),
            pod.namespace(),
            pod.uid(),
            pod.containers().stream().map(PodList::container).collect(Collectors.joining(",\n")),
            pod.nodeName(),
            pod.serviceAccountName(),
            conditions(),
            pod.containers().stream().map(PodList::status).collect(Collectors.joining(",\n")));
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> "            \"%s\": \"%s\"".formatted(label.getKey(), label.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n        }"));
  }

  private static String container(ContainerFacts container) {
    return """
            {
                "env": [
                    {
                        "name": "LOG_LEVEL",
                        "value": "info"
                    },
                    {
                        "name": "POD_IP",
                        "valueFrom": {
                            "fieldRef": {
                                "apiVersion": "v1",
                                "fieldPath": "status.podIP"
                            }
                        }
                    }
                ],
                "image": "%s",
                "imagePullPolicy": "IfNotPresent",
                "name": "%s",
                "resources": {
                    "requests": {
                        "cpu": "100m",
                        "memory": "64Mi"
                    }
                },
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
                "volumeMounts": [
                    {
                        "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
                        "name": "kube-api-access",
                        "readOnly": true
                    }
                ]
            }"""
        .formatted(container.image(), container.name());
  }

  private static String conditions() {
    return Stream.of("Initialized", "Ready", "ContainersReady", "PodScheduled")
        .map(
            type ->
                """
                            {
                                "lastProbeTime": null,
                                "lastTransitionTime": "2026-11-20T08:00:01Z",
                                "status": "True",
                                "type": "%s"
                            }"""
                    .formatted(type))
        .collect(Collectors.joining(",\n"));
  }

  private static String status(ContainerFacts container) {
    return """
            {
                "containerID": "containerd://%1$s",
                "image": "%2$s",
                "imageID": "%2$s@sha256:%1$s",
                "lastState": {},
                "name": "%3$s",
                "ready": true,
                "restartCount": 0,
                "started": true,
                "state": {
                    "running": {
                        "startedAt": "2026-11-20T08:00:01Z"
                    }
                }
            }"""
        .formatted("0123456789abcdef".repeat(4), container.image(), container.name());
  }
}
