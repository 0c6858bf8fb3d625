package io.taskstorage.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.taskstorage.api.v1alpha1.Spelling;
import io.taskstorage.layout.Field;
import io.taskstorage.layout.ScalarType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** From source text to a program, or to everything that is wrong with it. */
final class CelCompiling {

  /** How deep an expression may be nested; a chain of operators of one kind nests too. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_PROBLEMS = 8;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(CelExpression.MAX_CHARACTERS)
          .maxParseRecursionDepth(MAX_DEPTH)
          .comprehensionMaxIterations(CelExpression.MAX_ITERATIONS)
          .maxRegexProgramSize(CelPattern.MAX_PROGRAM_SIZE)
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(CelExtensions.strings(), CelExtensions.optional())
          .build();

  /** Names of functions and types that are declared. */
  private static final Pattern OVERLOAD =
      Pattern.compile("found no matching overload for '[^']*' applied to '[^']*'");

  /** What else the compiler says without repeating anything of the text. */
  private static final Pattern TELLING =
      Pattern.compile(
          "expected type '[^']*' but found '[^']*'"
              + "|expression of type '[^']*' cannot be range of a comprehension"
              + "|type '[^']*' does not support field selection"
              + "|reserved identifier: [a-z]+"
              + "|The argument must be a simple name"
              + "|invalid argument to has\\(\\) macro");

  private static final Map<List<CelVariable>, CelCompiler> COMPILERS = new ConcurrentHashMap<>();

  static {
    // The library loads most of its classes when it first evaluates: not while a task waits.
    List<CelVariable> none = List.of();
    Field field = Field.scalar("f", ScalarType.U8);
    for (String text : List.of("['a'].all(x, x != 'b') ? size('a' + 'b') : 0", "[1][1]")) {
      if (compile(text, field, none) instanceof Good(CelProgram program)) {
        program.evaluate(field, _ -> "");
      }
    }
  }

  /** What became of a text. */
  sealed interface Outcome {}

  /** It can be evaluated. */
  record Good(CelProgram program) implements Outcome {}

  /** It cannot, for at least one reason. */
  record Bad(List<String> problems) implements Outcome {}

  private CelCompiling() {}

  static Outcome compile(String text, Field field, List<CelVariable> variables) {
    int characters = text.codePointCount(0, text.length());
    if (characters > CelExpression.MAX_CHARACTERS) {
      return new Bad(
          List.of(
              "%d characters: at most %d are allowed: shorten it"
                  .formatted(characters, CelExpression.MAX_CHARACTERS)));
    }
    CelCompiler compiler = COMPILERS.computeIfAbsent(variables, CelCompiling::compiler);
    CelValidationResult result = compiler.compile(text);
    if (result.hasError()) {
      return new Bad(
          result.getErrors().stream()
              .map(issue -> problem(issue, text, variables))
              .distinct()
              .limit(MAX_PROBLEMS)
              .toList());
    }
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      CelAnalysis analysis = CelAnalysis.of(ast, field, names(variables));
      return analysis.problems().isEmpty()
          ? new Good(new CelProgram(RUNTIME.createProgram(ast), ast.getSource(), analysis))
          : new Bad(analysis.problems().stream().limit(MAX_PROBLEMS).toList());
    } catch (CelValidationException | CelEvaluationException e) {
      return new Bad(List.of("not an expression that can be evaluated: correct it"));
    }
  }

  private static CelCompiler compiler(List<CelVariable> variables) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings(), CelExtensions.optional());
    variables.forEach(variable -> builder.addVar(variable.name(), CelTypes.of(variable)));
    return builder.build();
  }

  private static Set<String> names(List<CelVariable> variables) {
    return variables.stream().map(CelVariable::name).collect(Collectors.toSet());
  }

  private static String problem(CelIssue issue, String text, List<CelVariable> variables) {
    String message = issue.getMessage();
    if (message.contains("recursion limit")) {
      return "nested too deep: at most %d levels are allowed: split it".formatted(MAX_DEPTH);
    }
    return CelPlace.of(issue.getSourceLocation())
        + (message.startsWith("undeclared reference to")
            ? unknown(CelPlace.name(text, issue.getSourceLocation()), variables)
            : cause(message));
  }

  /** The compiler's message where it repeats nothing of the text, else what it comes to. */
  private static String cause(String message) {
    Matcher overload = OVERLOAD.matcher(message);
    if (overload.lookingAt()) {
      return overload.group() + ": convert an operand, as with int() or string()";
    }
    Matcher telling = TELLING.matcher(message);
    if (telling.lookingAt()) {
      return telling.group() + ": correct it";
    }
    return message.contains("'<EOF>'")
        ? "something is missing: complete it"
        : "not an expression: correct it, and put text in quotes";
  }

  private static String unknown(String name, List<CelVariable> variables) {
    List<String> known = variables.stream().map(CelVariable::name).toList();
    if (name.isEmpty()) {
      return "undeclared function or type: use what CEL, its optional values and its string"
          + " functions have";
    }
    return "undeclared name: "
        + Spelling.nearest(name, known)
            .map("did you mean %s?"::formatted)
            .orElseGet(() -> "put text in quotes, or use one of " + String.join(", ", known));
  }
}
