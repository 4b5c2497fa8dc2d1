package org.alignment4j.examples.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookKind;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.ParameterNames;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;

/** Every activation of a forward pass under its TransformerLens name, without the batch axis. */
final class ActivationCases {

  private static final String LOGITS = "logits";

  /** Of its first releases, which take a normalised stream after the norm's weight and bias. */
  private static final String FIRST_RELEASES = "TransformerLens v1.";

  private final String kind;
  private final String group;
  private final Fixture fixture;
  private final DecoderModel model;
  private final CaseRunner runner;

  ActivationCases(
      String kind, String group, Fixture fixture, DecoderModel model, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.fixture = fixture;
    this.model = model;
    this.runner = runner;
  }

  void run(Path file) {
    if (!Files.isRegularFile(file)) {
      runner.skip(kind, group, "activations", "there is no " + file.getFileName());
      return;
    }
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      ForwardResult result =
          model
              .forward(TokenIds.of(fixture.get("tokens").integers()))
              .cache(model.hookPoints().toArray(HookPoint<?>[]::new))
              .execute();
      for (String name : tensors.tensors().keySet()) {
        runner.run(kind, group, name, check -> compare(check, result, tensors, name));
      }
    }
  }

  private void compare(Check check, ForwardResult result, SafetensorsFile tensors, String name) {
    double[] reference = ReferenceTensors.read(tensors, name);
    if (name.equals(LOGITS)) {
      check.close(name, RunLogits.of(result), reference, Tolerance.LOGITS);
      return;
    }
    HookPoint<?> point = point(name);
    if (!result.cache().contains(point)) {
      throw new SkippedCaseException("the model has no hook point '" + name + "'");
    }
    Values values = result.cache().values(point);
    check.equal(
        "shape of " + name,
        Arrays.stream(values.shape()).skip(1).boxed().toList(),
        Arrays.stream(tensors.read(name).shape()).mapToInt(Math::toIntExact).boxed().toList());
    double[] actual = RunLogits.doubles(values.toArray());
    if (point.kind() == HookKind.ATTN_SCORES && fixture.has("attn_scores")) {
      unmask(check, name, actual, values.shape()[3]);
    }
    if (isNormalised(point.kind()) && takesNormsLate()) {
      scaleAndShift(point, actual);
    }
    check.close(name, actual, reference, Tolerance.ACTIVATIONS);
  }

  private static HookPoint<?> point(String name) {
    try {
      return HookPoint.parse(name);
    } catch (IllegalArgumentException e) {
      throw new SkippedCaseException("there is no hook point '" + name + "'");
    }
  }

  /** The reference stores masked scores as 0. */
  private static void unmask(Check check, String name, double[] scores, int keys) {
    for (int i = 0; i < scores.length; i++) {
      if (i % keys > i / keys % keys) {
        check.equal("masked " + name + "[" + i + "]", scores[i], Double.NEGATIVE_INFINITY);
        scores[i] = 0;
      }
    }
  }

  private static boolean isNormalised(HookKind at) {
    return at == HookKind.LN1_NORMALIZED
        || at == HookKind.LN2_NORMALIZED
        || at == HookKind.LN_FINAL_NORMALIZED;
  }

  private boolean takesNormsLate() {
    return fixture.text("source", "").startsWith(FIRST_RELEASES);
  }

  private void scaleAndShift(HookPoint<?> point, double[] rows) {
    ParameterNames names = model.architecture().names();
    boolean last = point.equals(HookPoints.lnFinal());
    Part norm = point.kind() == HookKind.LN1_NORMALIZED ? Part.ATTENTION_NORM : Part.MLP_NORM;
    double[] weight = parameter(last ? names.finalNormWeight() : names.weight(point.layer(), norm));
    double[] bias = parameter(last ? names.finalNormBias() : names.bias(point.layer(), norm));
    for (int i = 0; i < rows.length; i++) {
      rows[i] = rows[i] * weight[i % weight.length] + bias[i % bias.length];
    }
  }

  /** A parameter's values; norms without a bias add nothing. */
  private double[] parameter(String name) {
    return model.weights().contains(name)
        ? ReferenceTensors.doubles(model.weights().get(name).data())
        : new double[1];
  }
}
