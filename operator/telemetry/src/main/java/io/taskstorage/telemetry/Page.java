package io.taskstorage.telemetry;

import java.io.IOException;

/** An answer. */
record Page(int code, String contentType, String text) {

  /** Makes it anew for each request. */
  @FunctionalInterface
  interface Source {
    Page get() throws IOException;
  }
}
