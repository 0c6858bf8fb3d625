package io.taskstorage.testkit;

import io.taskstorage.testkit.KernelTest.Need;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides whether a {@link KernelTest} runs, is skipped or, where it is required, fails. */
final class KernelTestCondition implements ExecutionCondition {
  /** The value of {@code kernel.tests} in a guest: required, but the kernel may be an old one. */
  static final String IN_GUEST = "guest";

  private static final Map<Need, Optional<String>> KNOWN = new EnumMap<>(Need.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<KernelTest> annotation =
        AnnotationSupport.findAnnotation(context.getElement(), KernelTest.class);
    if (annotation.isEmpty()) {
      // The class carries it, and was asked already.
      return ConditionEvaluationResult.enabled("needs nothing of its own");
    }
    return decide(
        annotation.get().needs(),
        KernelTestCondition::missing,
        isRequired(System.getProperty("kernel.tests"), System.getenv("CI")));
  }

  static boolean isRequired(@Nullable String property, @Nullable String ci) {
    return "required".equals(property) || IN_GUEST.equals(property) || "true".equals(ci);
  }

  static ConditionEvaluationResult decide(
      Need[] needs, Function<Need, Optional<String>> missing, boolean required) {
    Set<Need> all = EnumSet.of(Need.BPF, needs);
    for (Need need : all) {
      Optional<String> reason = missing.apply(need);
      if (reason.isPresent() && required) {
        throw new ExtensionConfigurationException(
            "kernel test: "
                + reason.get()
                + " (kernel tests are required here: CI=true or -Dkernel.tests=required)");
      }
      if (reason.isPresent()) {
        return ConditionEvaluationResult.disabled(reason.get());
      }
    }
    return ConditionEvaluationResult.enabled("this kernel has " + all);
  }

  private static synchronized Optional<String> missing(Need need) {
    return KNOWN.computeIfAbsent(need, KernelNeeds::missing);
  }
}
