package io.taskstorage.controller.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stays of an object of which a few properties are needed. Immutable; its metadata are made
 * when somebody asks, for there are many objects and nobody asks often.
 */
public abstract class Seen implements HasMetadata {

  private static final long serialVersionUID = 1;

  private final String key;
  private final String uid;
  private final String resourceVersion;

  /** An object with these metadata. */
  Seen(Metadata metadata) {
    this.key =
        metadata.namespace.isEmpty() ? metadata.name : metadata.namespace + "/" + metadata.name;
    this.uid = metadata.uid;
    this.resourceVersion = metadata.resourceVersion;
  }

  /** {@code namespace/name}, or {@code name}. */
  public final String key() {
    return key;
  }

  /** Without its namespace. */
  public final String name() {
    return key.substring(key.indexOf('/') + 1);
  }

  /** Empty for what has none. */
  public final String namespace() {
    int slash = key.indexOf('/');
    return slash < 0 ? "" : key.substring(0, slash);
  }

  /** Its uid; empty for kinds of which nobody needs it. */
  public final String uid() {
    return uid;
  }

  @Override
  public final ObjectMeta getMetadata() {
    ObjectMeta metadata = new ObjectMeta();
    metadata.setName(name());
    metadata.setNamespace(namespace().isEmpty() ? null : namespace());
    metadata.setUid(uid);
    metadata.setResourceVersion(resourceVersion);
    return metadata;
  }

  @Override
  public final void setMetadata(@Nullable ObjectMeta metadata) {
    throw new UnsupportedOperationException("change a seen object: it is as it was seen");
  }

  @Override
  public final void setApiVersion(@Nullable String version) {
    // The client fills in what the items of a list leave out; the annotations say it already.
  }

  /** Metadata while they are read. */
  static final class Metadata {
    String namespace = "";
    String name = "";
    String uid = "";
    String resourceVersion = "";
    String ownerUid = "";
    final Map<String, String> labels = new HashMap<>();
  }
}
