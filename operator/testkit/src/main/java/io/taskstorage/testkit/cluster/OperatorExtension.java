package io.taskstorage.testkit.cluster;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands out the JVM's cluster with an operator. */
final class OperatorExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(OperatorExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == OperatorCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // In the store of the whole run: it is closed when the last test of this JVM has ended.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            OperatorCluster.class, key -> OperatorCluster.start(), OperatorCluster.class);
  }
}
