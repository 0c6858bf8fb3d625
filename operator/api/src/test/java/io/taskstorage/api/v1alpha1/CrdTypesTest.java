package io.taskstorage.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The definitions under {@code crds/} and the Java types, walked side by side. */
class CrdTypesTest {

  /** A kind's type, and the records of its spec and status; a node state has no spec. */
  record Kind(
      CustomResource<?, ?> object,
      @Nullable Class<? extends Record> spec,
      Class<? extends Record> status) {
    String name() {
      return object.getKind();
    }

    @Override
    public String toString() {
      return name();
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(new TaskStorageMap(), TaskStorageMapSpec.class, TaskStorageMapStatus.class),
        new Kind(
            new ClusterTaskStoragePolicy(), ClusterTaskStoragePolicySpec.class, PolicyStatus.class),
        new Kind(new TaskStoragePolicy(), TaskStoragePolicySpec.class, PolicyStatus.class),
        new Kind(new TaskStorageNodeState(), null, NodeStateStatus.class));
  }

  @Test
  void areAllTheKindsThereAre() {
    assertThat(kinds().map(Kind::name)).containsExactlyInAnyOrderElementsOf(Crds.FILES.keySet());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void haveTheSameNames(Kind kind) {
    // Given
    JsonNode spec = Crds.of(kind.name()).path("spec");
    CustomResource<?, ?> object = kind.object();
    // Then
    assertThat(spec.path("group").asText()).isEqualTo(object.getGroup());
    assertThat(spec.at("/versions/0/name").asText()).isEqualTo(object.getVersion());
    assertThat(spec.path("versions")).hasSize(1);
    assertThat(spec.at("/names/kind").asText()).isEqualTo(object.getKind());
    assertThat(spec.at("/names/listKind").asText()).isEqualTo(object.getKind() + "List");
    assertThat(spec.at("/names/plural").asText()).isEqualTo(object.getPlural());
    assertThat(spec.at("/names/singular").asText()).isEqualTo(object.getSingular());
    assertThat(Crds.texts(spec.at("/names/shortNames")))
        .containsExactly(CustomResource.getShortNames(object.getClass()));
    assertThat(spec.path("scope").asText())
        .isEqualTo(object instanceof Namespaced ? "Namespaced" : "Cluster");
    assertThat(Crds.of(kind.name()).at("/metadata/name").asText())
        .isEqualTo(CustomResource.getCRDName(object.getClass()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void haveTheSameProperties(Kind kind) {
    // Given
    JsonNode properties = Crds.schema(kind.name()).path("properties");
    List<String> differences = new ArrayList<>();
    // When
    Class<? extends Record> spec = kind.spec();
    if (spec != null) {
      compare(properties.path("spec"), spec, "spec", differences);
    }
    compare(properties.path("status"), kind.status(), "status", differences);
    // Then
    assertThat(differences).isEmpty();
    assertThat(properties.has("spec")).isEqualTo(spec != null);
  }

  @Test
  void seeADifferenceOfEverySort() throws Exception {
    // Given
    JsonNode schema =
        Documents.YAML.readTree(
            """
            type: object
            properties:
              key: {type: integer, format: int32}
              operator: {type: string, nullable: true}
              extra: {type: string}
            """);
    List<String> differences = new ArrayList<>();
    // When
    compare(schema, LabelSelectorRequirement.class, "r", differences);
    // Then
    assertThat(differences)
        .containsExactlyInAnyOrder(
            "r: properties [extra] are only in the definition, [values] only in"
                + " LabelSelectorRequirement",
            "r.key: integer int32 in the definition, String in the type",
            "r.operator: nullable in the definition: absent is the only nothing");
  }

  @Test
  void agreeOnTheWordsThatTheTypesCarry() {
    // Given
    JsonNode map = Crds.schema(TaskStorageMap.KIND);
    JsonNode target =
        Crds.schema(TaskStoragePolicy.KIND).at("/properties/spec/properties/targetRefs/items");
    // Then
    assertThat(Crds.texts(target.at("/properties/group/enum"))).containsExactly(ApiGroup.NAME);
    assertThat(Crds.texts(target.at("/properties/kind/enum"))).containsExactly(TaskStorageMap.KIND);
    JsonNode pending = map.at("/properties/status/default/conditions/0");
    assertThat(pending.path("type").asText()).isEqualTo(Condition.READY);
    assertThat(Reason.ofWire(pending.path("reason").asText())).contains(Reason.PENDING);
    String states =
        Crds.schema(TaskStorageNodeState.KIND)
            .at("/properties/status/properties/maps/items/properties/state/description")
            .asText();
    assertThat(states).contains(NodeMap.PROGRAMMED, NodeMap.FAILED, NodeMap.REMOVING);
  }

  @Test
  void hasRoomForEveryReasonAndEveryToken() {
    // Given
    JsonNode maps =
        Crds.schema(TaskStorageNodeState.KIND)
            .at("/properties/status/properties/maps/items/properties");
    PolicyToken longest =
        new PolicyToken("0123456789ab", 999_999_999_999_999_999L, true, true, true, true);
    // Then
    assertThat(Arrays.stream(Reason.values()).map(Reason::wire))
        .allMatch(wire -> wire.length() <= maps.at("/reason/maxLength").asInt());
    assertThat(longest.toString())
        .hasSizeLessThanOrEqualTo(maps.at("/policies/items/maxLength").asInt());
  }

  private static void compare(
      JsonNode schema, Class<? extends Record> type, String path, List<String> differences) {
    Map<String, RecordComponent> components =
        Arrays.stream(type.getRecordComponents())
            .filter(component -> !component.getName().equals("unknownFields"))
            .collect(Collectors.toMap(RecordComponent::getName, component -> component));
    Set<String> defined = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(defined::add);
    Set<String> onlyDefined = new TreeSet<>(defined);
    onlyDefined.removeAll(components.keySet());
    Set<String> onlyTyped = new TreeSet<>(components.keySet());
    onlyTyped.removeAll(defined);
    if (!onlyDefined.isEmpty() || !onlyTyped.isEmpty()) {
      differences.add(
          "%s: properties %s are only in the definition, %s only in %s"
              .formatted(path, onlyDefined, onlyTyped, type.getSimpleName()));
    }
    components.forEach(
        (name, component) -> {
          JsonNode property = schema.path("properties").path(name);
          if (!property.isMissingNode()) {
            compareProperty(property, component, path + "." + name, differences);
          }
        });
  }

  private static void compareProperty(
      JsonNode property, RecordComponent component, String path, List<String> differences) {
    // Required or not, an informer must be able to read an object of any age.
    if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      differences.add(path + ": not @Nullable in the type: what is absent would break a reader");
    }
    if (property.path("nullable").asBoolean()) {
      differences.add(path + ": nullable in the definition: absent is the only nothing");
    }
    compareType(property, component.getGenericType(), path, differences);
  }

  private static void compareType(
      JsonNode property, Type type, String path, List<String> differences) {
    boolean alike =
        switch (kindOf(property)) {
          case "string" -> type == String.class;
          case "integer int32" -> type == Integer.class;
          case "integer int64" -> type == Long.class;
          case "int or string" -> type == IntOrString.class;
          case "list" -> {
            Type element = argument(type, List.class, 0);
            compareInner(property.path("items"), element, path + "[]", differences);
            yield element != null;
          }
          case "map" -> {
            Type value = argument(type, Map.class, 1);
            compareInner(property.path("additionalProperties"), value, path + "[*]", differences);
            yield value != null;
          }
          case "object" -> {
            boolean isRecord = type instanceof Class<?> part && part.isRecord();
            if (isRecord) {
              compare(property, ((Class<?>) type).asSubclass(Record.class), path, differences);
            }
            yield isRecord;
          }
          default -> false;
        };
    if (!alike) {
      String shown = type instanceof Class<?> c ? c.getSimpleName() : type.getTypeName();
      differences.add(
          "%s: %s in the definition, %s in the type".formatted(path, kindOf(property), shown));
    }
  }

  private static void compareInner(
      JsonNode inner, @Nullable Type type, String path, List<String> differences) {
    if (type != null) {
      compareType(inner, type, path, differences);
    }
  }

  private static String kindOf(JsonNode property) {
    if (property.path("x-kubernetes-int-or-string").asBoolean()) {
      return "int or string";
    }
    String type = property.path("type").asText();
    return switch (type) {
      case "integer" -> "integer " + property.path("format").asText();
      case "array" -> "list";
      case "object" -> property.has("additionalProperties") ? "map" : "object";
      default -> type;
    };
  }

  private static @Nullable Type argument(Type type, Class<?> raw, int index) {
    return type instanceof ParameterizedType generic && generic.getRawType() == raw
        ? requireNonNull(generic.getActualTypeArguments()[index])
        : null;
  }
}
