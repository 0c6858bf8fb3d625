package io.taskstorage.policy.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelReference;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import io.taskstorage.layout.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in a checked expression.
 *
 * @param reads the variables that it reads
 * @param costly calls that may fail, or whose cost is more than the size of what they are given, by
 *     the id of their last operand, after whose evaluation all operands are known
 * @param problems why it is refused
 */
record CelAnalysis(Set<String> reads, Map<Long, Costly> costly, List<String> problems) {

  /**
   * A call that has a price of its own.
   *
   * @param function its name
   * @param operands their ids, the target first
   * @param programSize of the pattern, for {@code matches}
   */
  record Costly(String function, List<Long> operands, int programSize) {}

  /** Calls that cannot fail; a failure costs more than a step. */
  private static final Set<String> UNFAILING =
      Set.of(
          "_&&_",
          "_||_",
          "!_",
          "_?_:_",
          "_<_",
          "_<=_",
          "_>_",
          "_>=_",
          "@not_strictly_false",
          "size",
          "string",
          "startsWith",
          "endsWith",
          "orValue",
          "hasValue");

  static CelAnalysis of(CelAbstractSyntaxTree ast, Field field, Set<String> variables) {
    CelAnalysis analysis = new CelAnalysis(new HashSet<>(), new HashMap<>(), new ArrayList<>());
    for (CelReference reference : ast.getReferenceMap().values()) {
      if (variables.contains(reference.name())) {
        analysis.reads.add(reference.name());
      }
    }
    Map<String, Long> problems = new LinkedHashMap<>();
    CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .map(CelNavigableExpr::expr)
        .forEach(expr -> analysis.look(ast, expr, problems));
    CelType result = ast.getResultType();
    problems.forEach(
        (cause, node) -> analysis.problems.add(CelPlace.of(ast.getSource(), node) + cause));
    if (problems.isEmpty() && !CelTypes.fits(field, result)) {
      analysis.problems.add(mismatch(field, result));
    }
    return analysis;
  }

  private static String mismatch(Field field, CelType result) {
    String type = CelTypes.text(result);
    String mend =
        type.startsWith("optional(") ? "end it with .orValue(DEFAULT)" : "convert the result";
    return "gives %s: %s takes %s: %s"
        .formatted(type, field.typeText(), CelTypes.acceptedText(field), mend);
  }

  /** Adds what is wrong with one node to the problems, each with the first node that has it. */
  private void look(CelAbstractSyntaxTree ast, CelExpr expr, Map<String, Long> problems) {
    Optional<CelType> type = ast.getType(expr.id());
    if (expr.getKind() == Kind.MAP || expr.getKind() == Kind.STRUCT) {
      problems.putIfAbsent("builds a map: use lists and the maps that there are", expr.id());
    } else if (type.isPresent() && !CelTypes.isAllowed(type.get())) {
      problems.putIfAbsent(
          "has a part of type %s: use bool, int, uint, string, bytes and lists of one of them"
              .formatted(CelTypes.text(type.get())),
          expr.id());
    }
    if (expr.getKind() == Kind.CALL) {
      lookAtCall(expr.call(), type, problems);
    }
  }

  private void lookAtCall(CelCall call, Optional<CelType> type, Map<String, Long> problems) {
    List<CelExpr> operands = new ArrayList<>();
    call.target().ifPresent(operands::add);
    operands.addAll(call.args());
    boolean isSum = call.function().equals("_+_");
    if (operands.isEmpty()
        || UNFAILING.contains(call.function())
        || (isSum && type.filter(CelTypes::isInteger).isEmpty())) {
      return;
    }
    int programSize = 0;
    if (call.function().equals("matches")) {
      switch (CelPattern.of(operands.getLast())) {
        case CelPattern.Good(int size) -> programSize = size;
        case CelPattern.Bad(String problem) ->
            problems.putIfAbsent(problem, operands.getLast().id());
      }
    }
    costly.put(
        operands.getLast().id(),
        new Costly(call.function(), operands.stream().map(CelExpr::id).toList(), programSize));
  }
}
