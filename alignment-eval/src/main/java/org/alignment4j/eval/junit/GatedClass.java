package org.alignment4j.eval.junit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.RunComparisons;
import org.alignment4j.eval.gate.GateReport;
import org.alignment4j.eval.gate.GateResult;
import org.alignment4j.eval.gate.Gates;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** The evaluation of a test class and what all gates of the class found, run once. */
final class GatedClass {
  private final EvaluationRun run;
  private final GateEvaluation settings;
  private final Map<GateDeclaration, List<GateResult>> results = new LinkedHashMap<>();

  private GatedClass(EvaluationRun run, GateEvaluation settings) {
    this.run = run;
    this.settings = settings;
  }

  /**
   * Checks every gate of the class before anything is spent, runs, and puts the gates to the run.
   *
   * @throws IllegalArgumentException if the class has no method that gives an evaluation, or a gate
   *     cannot be put to it
   */
  static GatedClass run(Class<?> type) {
    Method source = source(type);
    GateEvaluation settings = source.getAnnotation(GateEvaluation.class);
    List<GateDeclaration> declarations = new ArrayList<>();
    ReflectionSupport.findMethods(
            type,
            m -> m.getAnnotationsByType(AlignmentGate.class).length > 0,
            HierarchyTraversalMode.TOP_DOWN)
        .forEach(m -> declarations.addAll(GateDeclaration.of(m)));
    Object given = give(source);
    EvaluationRun run;
    if (given instanceof Evaluation evaluation) {
      List<String> models = evaluation.models();
      declarations.forEach(
          d ->
              at(
                  d,
                  () -> {
                    requireModels(d, models);
                    Gates.of(d.gate()).require(evaluation);
                    return d;
                  }));
      run = evaluation.run();
    } else if (given instanceof EvaluationRun finished) {
      run = finished;
    } else {
      throw new IllegalArgumentException(
          place(source) + " must return an Evaluation or an EvaluationRun but returned " + given);
    }
    GatedClass gated = new GatedClass(run, settings);
    List<String> models = run.outcomes().stream().map(o -> o.model()).distinct().toList();
    RunComparisons comparisons = RunComparisons.of(run, Gates.ALPHA, 0);
    for (GateDeclaration declaration : declarations) {
      GateReport report =
          at(
              declaration,
              () -> {
                requireModels(declaration, models);
                return Gates.of(declaration.gate()).check(comparisons);
              });
      gated.results.put(
          declaration,
          report.results().stream()
              .filter(
                  r -> declaration.models().isEmpty() || declaration.models().contains(r.model()))
              .toList());
    }
    return gated;
  }

  private static Method source(Class<?> type) {
    List<Method> sources =
        AnnotationSupport.findAnnotatedMethods(
            type, GateEvaluation.class, HierarchyTraversalMode.TOP_DOWN);
    if (sources.size() != 1) {
      throw new IllegalArgumentException(
          "a class with @AlignmentGate must have one method with @GateEvaluation but "
              + type.getSimpleName()
              + " has "
              + sources.size());
    }
    Method source = sources.get(0);
    if (!Modifier.isStatic(source.getModifiers()) || source.getParameterCount() > 0) {
      throw new IllegalArgumentException(
          place(source) + " must be static and have no parameter, as it is called before any test");
    }
    return source;
  }

  private static Object give(Method source) {
    try {
      source.setAccessible(true);
      return source.invoke(null);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(place(source) + " failed: " + e.getCause(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(place(source) + " cannot be called", e);
    }
  }

  private static String place(Method method) {
    return "@GateEvaluation method "
        + method.getDeclaringClass().getSimpleName()
        + "."
        + method.getName();
  }

  private static void requireModels(GateDeclaration declaration, List<String> models) {
    for (String model : declaration.models()) {
      if (!models.contains(model)) {
        throw new IllegalArgumentException(
            "models must be among those of the evaluation, "
                + models
                + ", but '"
                + model
                + "' is not");
      }
    }
  }

  private static <T> T at(GateDeclaration declaration, Supplier<T> check) {
    try {
      return check.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "@AlignmentGate of " + declaration.place() + ": " + e.getMessage(), e);
    }
  }

  EvaluationRun evaluation() {
    return run;
  }

  GateEvaluation settings() {
    return settings;
  }

  /** What all gates of the class found. */
  GateReport report() {
    return new GateReport(results.values().stream().flatMap(List::stream).toList());
  }

  /** What the gates of one method found. */
  List<GateResult> of(Method method) {
    List<GateDeclaration> declared = GateDeclaration.of(method);
    return results.entrySet().stream()
        .filter(e -> declared.contains(e.getKey()))
        .flatMap(e -> e.getValue().stream())
        .toList();
  }
}
