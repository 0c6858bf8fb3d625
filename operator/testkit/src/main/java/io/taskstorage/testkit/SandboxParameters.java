package io.taskstorage.testkit;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests their {@link BpffsMount}, {@link CgroupSandbox} and {@link Tasks}, and closes them
 * with the test, or with the class where {@code @BeforeAll} asked. Found through ServiceLoader.
 */
public final class SandboxParameters implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SandboxParameters.class);

  /** For ServiceLoader. */
  public SandboxParameters() {}

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == CgroupSandbox.class
        || type == Tasks.class
        || parameter.isAnnotated(BpffsMount.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    Class<?> type = parameter.getParameter().getType();
    if (type == CgroupSandbox.class) {
      return store.computeIfAbsent(
          CgroupSandbox.class, key -> CgroupSandbox.create(), CgroupSandbox.class);
    }
    if (type == Tasks.class) {
      return store.computeIfAbsent(Tasks.class, key -> Tasks.start(), Tasks.class);
    }
    if (type != Path.class) {
      throw new ParameterResolutionException("@BpffsMount goes on a Path, not on a " + type);
    }
    return store
        .computeIfAbsent(TemporaryBpffs.class, key -> TemporaryBpffs.mount(), TemporaryBpffs.class)
        .path();
  }
}
