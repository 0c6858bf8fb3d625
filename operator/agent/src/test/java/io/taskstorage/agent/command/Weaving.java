package io.taskstorage.agent.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;

/**
 * Classes of the product that call {@link KilledProcess} where some of their methods begin and
 * return. They are written to a folder, for a process that has it first in its class path.
 */
final class Weaving {
  private static final ClassDesc CALLED = ClassDesc.of(KilledProcess.class.getName());
  private static final MethodTypeDesc OF_A_NAME =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);

  private final ClassFile classFile;
  private final ClassLoader loader;

  private Weaving(ClassLoader loader) {
    this.loader = loader;
    // What is loaded here and not by the platform: without it frames would be wrong.
    this.classFile =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  /** Writes the classes in which these methods are. */
  static void write(Collection<KillPoint> points, Path folder) {
    ClassLoader loader = Objects.requireNonNull(Weaving.class.getClassLoader());
    Weaving weaving = new Weaving(loader);
    points.stream()
        .map(KillPoint::className)
        .distinct()
        .forEach(
            name -> {
              try {
                String file = name.replace('.', '/') + ".class";
                Path woven = folder.resolve(file);
                Files.createDirectories(Objects.requireNonNull(woven.getParent()));
                Files.write(woven, weaving.woven(name, file, points));
              } catch (IOException e) {
                throw new UncheckedIOException("weave " + name, e);
              }
            });
  }

  private byte[] woven(String name, String file, Collection<KillPoint> points) throws IOException {
    byte[] bytes;
    try (InputStream in = loader.getResourceAsStream(file)) {
      bytes = Objects.requireNonNull(in, file).readAllBytes();
    }
    ClassModel model = classFile.parse(bytes);
    ClassTransform transform = ClassTransform.ACCEPT_ALL;
    for (String method :
        points.stream()
            .filter(point -> point.className().equals(name))
            .map(KillPoint::method)
            .distinct()
            .toList()) {
      transform = transform.andThen(weaving(method, model));
    }
    return classFile.transformClass(model, transform);
  }

  private static ClassTransform weaving(String method, ClassModel model) {
    String methodName = method.substring(method.lastIndexOf('.') + 1);
    if (model.methods().stream().noneMatch(each -> isCalled(each, methodName))) {
      throw new IllegalArgumentException("weave " + method + ": there is no such method");
    }
    MethodTransform calls = MethodTransform.transformingCode(new Calls(method));
    return (builder, element) -> {
      if (element instanceof MethodModel each && isCalled(each, methodName)) {
        builder.transformMethod(each, calls);
      } else {
        builder.with(element);
      }
    };
  }

  private static boolean isCalled(MethodModel method, String name) {
    return method.methodName().equalsString(name) && method.code().isPresent();
  }

  /** The calls of one method. */
  private record Calls(String method) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder builder) {
      call(builder, "before");
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (element instanceof ReturnInstruction) {
        call(builder, "after");
      }
      builder.with(element);
    }

    private void call(CodeBuilder builder, String what) {
      builder.ldc(method).invokestatic(CALLED, what, OF_A_NAME);
    }
  }
}
