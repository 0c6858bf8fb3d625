package io.taskstorage.api.v1alpha1;

/** The names under which the API server serves these kinds. */
public final class ApiGroup {

  /** The API group. */
  public static final String NAME = "taskstorage.io";

  /** The version that this package models. */
  public static final String VERSION = "v1alpha1";

  /** What a manifest's {@code apiVersion} says. */
  public static final String API_VERSION = NAME + "/" + VERSION;

  private ApiGroup() {}
}
