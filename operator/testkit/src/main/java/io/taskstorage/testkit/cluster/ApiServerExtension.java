package io.taskstorage.testkit.cluster;

import io.taskstorage.testkit.Outcome;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Decides whether an {@link ApiServerTest} runs, and hands out the JVM's server. */
final class ApiServerExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ApiServerExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (!"optional".equals(System.getProperty("api.server"))
        || "true".equals(System.getenv("CI"))) {
      return ConditionEvaluationResult.enabled("a server is built if need be");
    }
    Outcome built = ApiServer.program("built", "--kubernetes", version());
    return built.exitCode() == 0
        ? ConditionEvaluationResult.enabled("built already")
        : ConditionEvaluationResult.disabled(built.stderr().strip());
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // In the store of the whole run: it is closed when the last test of this JVM has ended.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(version(), ApiServer::start, ApiServer.class);
  }

  private static String version() {
    return System.getProperty("kubernetes.version", ApiServer.DEFAULT_VERSION);
  }
}
