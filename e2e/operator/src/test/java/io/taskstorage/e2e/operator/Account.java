package io.taskstorage.e2e.operator;

import java.util.List;

/**
 * Somebody whom the server knows.
 *
 * @param user the name, as in request.userInfo
 * @param groups the groups that the server adds
 */
record Account(String user, List<String> groups) {

  static Account service(String namespace, String name) {
    return new Account(
        "system:serviceaccount:%s:%s".formatted(namespace, name),
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated"));
  }

  static Account person(String name) {
    return new Account(name, List.of("system:authenticated"));
  }
}
