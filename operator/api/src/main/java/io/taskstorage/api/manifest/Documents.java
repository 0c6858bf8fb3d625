package io.taskstorage.agent.observe;

import java.util.List;

/** What the text of a manifest file turned out to be. */
sealed interface Documents {

  /** Every document of the file, in order; empty ones are left out. */
  record Read(List<Document> documents) implements Documents {
    public Read {
      documents = List.copyOf(documents);
    }
  }

  /** The text is not YAML or JSON: nothing of it counts. Lines are counted from 1. */
  record Broken(int line, String message) implements Documents {}
}
