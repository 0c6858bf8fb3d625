package io.taskstorage.testkit.cluster;

import io.taskstorage.testkit.Outcome;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether an {@link ApiServerTest} runs, and hands out the JVM's server. */
final class ApiServerExtension implements ExecutionCondition, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(ApiServerExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String version = version(context);
    return decide(
        System.getProperty("api.server"),
        System.getenv("CI"),
        () -> ApiServer.tool("tools/find-go", "--check"),
        () -> ApiServer.program("built", "--kubernetes", version));
  }

  static ConditionEvaluationResult decide(
      @Nullable String property,
      @Nullable String ci,
      Supplier<Outcome> findGo,
      Supplier<Outcome> findPrograms) {
    if ("true".equals(ci)) {
      return ConditionEvaluationResult.enabled("a server is required here");
    }
    Outcome go = findGo.get();
    if (go.exitCode() != 0) {
      return ConditionEvaluationResult.disabled(go.stderr().strip());
    }
    if (!"optional".equals(property)) {
      return ConditionEvaluationResult.enabled("a server is built if need be");
    }
    Outcome built = findPrograms.get();
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
    return shared(context);
  }

  static ApiServer shared(ExtensionContext context) {
    // In the store of the whole run: it is closed when the last test of this JVM has ended.
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(version(context), ApiServer::start, ApiServer.class);
  }

  /** What the nearest annotation says, else the run's. */
  private static String version(ExtensionContext context) {
    return Optional.of(context)
        .flatMap(ApiServerExtension::asked)
        .orElseGet(() -> System.getProperty("kubernetes.version", ApiServer.DEFAULT_VERSION));
  }

  private static Optional<String> asked(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), ApiServerTest.class)
        .map(ApiServerTest::kubernetes)
        .filter(version -> !version.isEmpty())
        .or(() -> context.getParent().flatMap(ApiServerExtension::asked));
  }
}
