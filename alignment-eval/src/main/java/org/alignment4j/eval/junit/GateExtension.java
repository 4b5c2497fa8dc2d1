package org.alignment4j.eval.junit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.eval.EvaluationJson;
import org.alignment4j.eval.EvaluationPage;
import org.alignment4j.eval.gate.GateResult;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Turns {@link AlignmentGate}s into tests, one for each model and metric. */
final class GateExtension implements TestTemplateInvocationContextProvider {
  private static final MediaType HTML = MediaType.create("text", "html", UTF_8);
  private static final Namespace NAMESPACE = Namespace.create(GateExtension.class);

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    GatedClass gated = gated(context);
    List<GateResult> results = gated.of(context.getRequiredTestMethod());
    if (results.isEmpty()) {
      throw new IllegalArgumentException(
          "@AlignmentGate of "
              + context.getRequiredTestMethod().getName()
              + " must be put to a model but its models leave none");
    }
    return results.stream().map(result -> new GateInvocation(result, gated.evaluation()));
  }

  /** A failed evaluation is kept as one, so that no other method of the class runs it again. */
  private static GatedClass gated(ExtensionContext method) {
    ExtensionContext type = method.getParent().orElseThrow();
    Class<?> testClass = method.getRequiredTestClass();
    Supplier<?> kept =
        type.getStore(NAMESPACE)
            .getOrComputeIfAbsent(testClass, c -> once(type, testClass), Supplier.class);
    return (GatedClass) kept.get();
  }

  private static Supplier<GatedClass> once(ExtensionContext context, Class<?> testClass) {
    try {
      GatedClass gated = GatedClass.run(testClass);
      publish(context, gated);
      return () -> gated;
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }

  private static void publish(ExtensionContext context, GatedClass gated) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "alignment.html", EvaluationPage.of(gated.evaluation(), gated.settings().samples()).html());
    files.put("alignment.json", EvaluationJson.of(gated.evaluation()));
    files.put("gates.md", gated.report().markdown());
    files.forEach(
        (name, text) -> {
          context.publishFile(name, type(name), path -> AtomicFiles.write(path, text));
          if (!gated.settings().report().isEmpty()) {
            AtomicFiles.write(Path.of(gated.settings().report(), name), text);
          }
        });
  }

  private static MediaType type(String name) {
    if (name.endsWith(".html")) {
      return HTML;
    }
    return name.endsWith(".json") ? MediaType.APPLICATION_JSON : MediaType.TEXT_PLAIN_UTF_8;
  }
}
