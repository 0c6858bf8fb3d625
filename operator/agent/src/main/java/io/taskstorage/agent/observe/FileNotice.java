package io.taskstorage.agent.observe;

import io.taskstorage.api.manifest.ManifestText;
import io.taskstorage.api.manifest.Origin;
import io.taskstorage.api.manifest.Place;
import io.taskstorage.api.v1alpha1.ApiGroup;

/** Something in the folder that a user may want to know and that is no problem. */
public record FileNotice(Place place, String message) {

  /** An object of another API. */
  static FileNotice of(ManifestText.Foreign other) {
    return new FileNotice(
        other.place(),
        "%s of %s skipped: it is not of group %s"
            .formatted(other.kind(), other.apiVersion(), ApiGroup.NAME));
  }

  /** A policy that nobody outside of a cluster can follow. */
  static FileNotice ofPolicyOfPods(Origin policy) {
    return new FileNotice(
        policy.place(),
        "%s skipped: it selects pods, which only an agent in a cluster knows"
            .formatted(policy.key()));
  }

  /** {@code file:line: message}. */
  @Override
  public String toString() {
    return place + ": " + message;
  }
}
