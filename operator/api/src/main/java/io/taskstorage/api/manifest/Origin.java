package io.taskstorage.api.manifest;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * An object that a file holds, and the way back from its spec paths to lines.
 *
 * @param key kind and name
 * @param place the object's first line
 * @param object the object itself; nobody changes it
 * @param document the text that it came from
 */
public record Origin(ObjectKey key, Place place, HasMetadata object, Document document) {

  /** The file and line of a spec path of this object. */
  public Place placeOf(String path) {
    return new Place(place.file(), document.lineOf(path));
  }
}
