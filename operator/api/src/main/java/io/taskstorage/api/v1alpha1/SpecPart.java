package io.taskstorage.api.v1alpha1;

import java.util.Map;

/** One object inside a spec, which keeps what this version does not know. */
public interface SpecPart {

  /** What was sent beside the known properties, by name; empty if everything is known. */
  Map<String, Object> unknownFields();
}
