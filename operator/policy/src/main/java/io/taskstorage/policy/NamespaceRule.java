package io.taskstorage.policy;

import io.taskstorage.api.v1alpha1.LabelSelector;

/** The namespaces whose policies may attach to a map. */
public sealed interface NamespaceRule {

  /** Every namespace, whether anything is known of it or not. */
  record All() implements NamespaceRule {}

  /** Namespaces with these labels. */
  record Labelled(LabelSelector selector) implements NamespaceRule {}

  /** No namespace. */
  record None() implements NamespaceRule {}
}
