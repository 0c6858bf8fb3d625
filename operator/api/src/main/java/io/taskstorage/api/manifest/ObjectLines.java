package io.taskstorage.api.manifest;

import io.taskstorage.api.v1alpha1.ApiGroup;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which objects need the line of every part: those that are judged here. Files with thousands of
 * other objects, such as the pods of a cluster, are read without.
 */
final class ObjectLines {
  private static final Pattern OBJECT = Pattern.compile("|/items/[0-9]+");

  private ObjectLines() {}

  /**
   * True if this is an object of another API and no list.
   *
   * @param pointer where it is in its document
   * @param texts its properties that are text, by name; null for the others
   */
  static boolean areNeedless(String pointer, NullableText texts) {
    if (!OBJECT.matcher(pointer).matches()) {
      return false;
    }
    String apiVersion = texts.of("apiVersion");
    String kind = texts.of("kind");
    return apiVersion != null
        && kind != null
        && !apiVersion.startsWith(ApiGroup.NAME)
        && !kind.endsWith("List");
  }

  /** A property's text. */
  @FunctionalInterface
  interface NullableText {
    /** The text of the property with this name; null if there is none. */
    @Nullable String of(String name);
  }
}
