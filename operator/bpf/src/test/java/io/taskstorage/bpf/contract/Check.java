package io.taskstorage.bpf.contract;

/**
 * Does what a row says and hands back the answer. What else belongs to the row (the value is there,
 * nothing else changed) it asserts itself.
 */
@FunctionalInterface
interface Check {
  /** Whatever the check takes from the scene is given back with the scene. */
  Answer run(Scene scene) throws Exception;
}
