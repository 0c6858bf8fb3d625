package io.taskstorage.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.taskstorage.api.v1alpha1.ApiGroup;
import io.taskstorage.api.v1alpha1.ClusterTaskStoragePolicySpec;
import io.taskstorage.api.v1alpha1.NodeStateStatus;
import io.taskstorage.api.v1alpha1.PolicyStatus;
import io.taskstorage.api.v1alpha1.TaskStorageMapSpec;
import io.taskstorage.api.v1alpha1.TaskStorageMapStatus;
import io.taskstorage.api.v1alpha1.TaskStoragePolicySpec;
import io.taskstorage.cli.live.ApiConnection;
import io.taskstorage.cli.live.ApiConnection.Answer;
import io.taskstorage.console.CommandFailure;
import io.taskstorage.console.Finding;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether the cluster serves our kinds, and with the fields that this version knows. */
final class Definitions {
  private static final String APPLY = "kubectl apply --server-side -k crds, of this version";

  /** What stands in a definition, by the plural of its kind. */
  private static final Map<String, Map<String, Class<? extends Record>>> TYPES =
      Map.of(
          "taskstoragemaps",
          Map.of("spec", TaskStorageMapSpec.class, "status", TaskStorageMapStatus.class),
          "clustertaskstoragepolicies",
          Map.of("spec", ClusterTaskStoragePolicySpec.class, "status", PolicyStatus.class),
          "taskstoragepolicies",
          Map.of("spec", TaskStoragePolicySpec.class, "status", PolicyStatus.class),
          "taskstoragenodestates",
          Map.of("status", NodeStateStatus.class));

  private final SortedSet<String> onlyThere = new TreeSet<>();
  private final SortedSet<String> onlyHere = new TreeSet<>();

  private Definitions() {}

  /** Whether all kinds can be read and have a status of its own. */
  static Finding served(ApiConnection api) {
    Set<String> there = new HashSet<>();
    Answer answer =
        api.get(
            "/apis/" + ApiGroup.API_VERSION,
            list -> list.path("resources").forEach(each -> there.add(each.path("name").asText())));
    SortedSet<String> lacking = new TreeSet<>(TYPES.keySet());
    TYPES.keySet().forEach(plural -> lacking.add(plural + "/status"));
    lacking.removeAll(there);
    return switch (answer) {
      case Answer.Missing _ -> new Finding.No(ApiGroup.API_VERSION + " is not served", APPLY);
      case Answer.Forbidden(CommandFailure failure) ->
          new Finding.Unknown(String.valueOf(failure.getMessage()));
      case Answer.Told _ ->
          lacking.isEmpty()
              ? new Finding.Yes(ApiGroup.API_VERSION + " is served")
              : new Finding.No("not served: " + String.join(", ", lacking), APPLY);
    };
  }

  /** Whether the definitions have the fields that this version has, and no others. */
  static Finding compared(ApiConnection api) {
    Definitions definitions = new Definitions();
    for (String plural : TYPES.keySet()) {
      Answer answer =
          api.get(
              "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/%s.%s"
                  .formatted(plural, ApiGroup.NAME),
              definition -> definitions.compare(plural, definition));
      if (answer instanceof Answer.Forbidden(CommandFailure failure)) {
        return new Finding.Unknown(String.valueOf(failure.getMessage()));
      }
    }
    return definitions.finding();
  }

  private Finding finding() {
    if (!onlyThere.isEmpty()) {
      return new Finding.No(
          "newer than this command, which does not know " + FleetChecks.some(onlyThere),
          "upgrade taskstorage here, and agents and controller if they are as old");
    }
    return onlyHere.isEmpty()
        ? new Finding.Yes("as this version has them")
        : new Finding.No("older than this command: they lack " + FleetChecks.some(onlyHere), APPLY);
  }

  private void compare(String plural, JsonNode definition) {
    for (JsonNode version : definition.at("/spec/versions")) {
      if (version.path("name").asText().equals(ApiGroup.VERSION)) {
        JsonNode properties = version.at("/schema/openAPIV3Schema/properties");
        TYPES
            .getOrDefault(plural, Map.of())
            .forEach((part, type) -> walk(properties.path(part), type, plural + "." + part));
      }
    }
  }

  private void walk(JsonNode schema, Class<? extends Record> type, String path) {
    Set<String> known = new HashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = component.getName();
      known.add(name);
      JsonNode property = schema.path("properties").path(name);
      if (property.isMissingNode() && !name.equals("unknownFields")) {
        onlyHere.add(path + "." + name);
      } else {
        walk(property, component.getGenericType(), path + "." + name);
      }
    }
    schema
        .path("properties")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                onlyThere.add(path + "." + name);
              }
            });
  }

  private void walk(JsonNode schema, Type type, String path) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      walk(schema.path("items"), list.getActualTypeArguments()[0], path);
    } else if (type instanceof Class<?> part && part.isRecord()) {
      walk(schema, part.asSubclass(Record.class), path);
    }
  }
}
