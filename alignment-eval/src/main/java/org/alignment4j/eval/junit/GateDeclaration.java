package org.alignment4j.eval.junit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.eval.gate.Condition;
import org.alignment4j.eval.gate.Gate;

/** An annotation as the gate it stands for. */
record GateDeclaration(Gate gate, List<String> models, String place) {

  /**
   * Reads the annotations of a method.
   *
   * @throws IllegalArgumentException if one is not exactly one condition; names the method
   */
  static List<GateDeclaration> of(Method method) {
    List<GateDeclaration> declarations = new ArrayList<>();
    String place = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    for (AlignmentGate annotation : method.getAnnotationsByType(AlignmentGate.class)) {
      declarations.add(of(annotation, place));
    }
    return declarations;
  }

  private static GateDeclaration of(AlignmentGate annotation, String place) {
    try {
      Gate gate =
          new Gate(
              annotation.benchmark(),
              annotation.metric(),
              condition(annotation),
              annotation.undecided(),
              annotation.lost());
      return new GateDeclaration(gate, List.of(annotation.models()), place);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("@AlignmentGate of " + place + ": " + e.getMessage(), e);
    }
  }

  private static Condition condition(AlignmentGate annotation) {
    List<Condition> given = new ArrayList<>();
    if (!Double.isNaN(annotation.atLeast())) {
      given.add(new Condition.AtLeast(annotation.atLeast()));
    }
    if (!Double.isNaN(annotation.atMost())) {
      given.add(new Condition.AtMost(annotation.atMost()));
    }
    if (!Double.isNaN(annotation.nearIdeal())) {
      given.add(new Condition.NearIdeal(annotation.nearIdeal()));
    }
    if (annotation.betterThanChance()) {
      given.add(new Condition.BetterThanChance());
    }
    if (!annotation.notWorseThan().isEmpty()) {
      given.add(new Condition.NotWorseThan(annotation.notWorseThan(), annotation.margin()));
    } else if (!Double.isInfinite(annotation.margin())) {
      throw new IllegalArgumentException(
          "margin must be given together with notWorseThan but was " + annotation.margin());
    }
    if (given.size() != 1) {
      throw new IllegalArgumentException(
          "exactly one of atLeast, atMost, nearIdeal, betterThanChance and notWorseThan must be"
              + " given but there were "
              + given.size());
    }
    return given.get(0);
  }
}
