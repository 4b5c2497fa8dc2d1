package org.alignment4j.examples.conformance;

import static org.alignment4j.api.hook.Edits.patchFrom;
import static org.alignment4j.api.hook.Selectors.pos;

import java.util.List;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;

/**
 * Activation patching: how much of the difference between a clean and a corrupted run comes back
 * when one clean activation is put into the corrupted run, by layer and position (Meng et al. 2022,
 * arXiv 2202.05262).
 */
final class PatchingCases {

  private final String kind;
  private final String group;
  private final Fixture fixture;
  private final DecoderModel model;
  private final CaseRunner runner;

  PatchingCases(String kind, String group, Fixture fixture, DecoderModel model, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.fixture = fixture;
    this.model = model;
    this.runner = runner;
  }

  void run() {
    TokenIds clean = TokenIds.of(fixture.get("clean").integers());
    TokenIds corrupted = TokenIds.of(fixture.get("corrupted").integers());
    runDifference("clean_logit_diff", clean);
    runDifference("corrupted_logit_diff", corrupted);
    for (String key : fixture.keys()) {
      if (fixture.node().get(key).path(0).isArray()) {
        runner.run(kind, group, key, check -> compare(check, key, clean, corrupted));
      }
    }
  }

  private void runDifference(String key, TokenIds tokens) {
    runner.run(
        kind,
        group,
        key,
        check ->
            check.close(
                key,
                difference(model.forward(tokens).execute()),
                fixture.get(key).number(),
                Tolerance.LOGITS));
  }

  private void compare(Check check, String key, TokenIds clean, TokenIds corrupted) {
    List<Fixture> layers = fixture.get(key).elements();
    double low = difference(model.forward(corrupted).execute());
    for (int layer = 0; layer < layers.size(); layer++) {
      HookPoint<Axes.Residual> point = point(key, layer);
      ForwardResult cleanRun = model.forward(clean).cache(point).execute();
      double high = difference(cleanRun);
      double[] expected = layers.get(layer).numbers();
      double[] actual = new double[expected.length];
      for (int p = 0; p < expected.length; p++) {
        ForwardResult patched =
            model.forward(corrupted).at(point, patchFrom(cleanRun.cache(), pos(p))).execute();
        actual[p] = (difference(patched) - low) / (high - low);
      }
      check.close(key + "[" + layer + "]", actual, expected, Tolerance.PATCHING);
    }
  }

  private static HookPoint<Axes.Residual> point(String key, int layer) {
    return switch (key) {
      case "resid_pre" -> HookPoints.residPre(layer);
      case "resid_mid" -> HookPoints.residMid(layer);
      case "resid_post" -> HookPoints.residPost(layer);
      case "attn_out" -> HookPoints.attnOut(layer);
      case "mlp_out" -> HookPoints.mlpOut(layer);
      default -> throw new SkippedCaseException("there is no patching of '" + key + "'");
    };
  }

  /** Logit of the answer less that of the wrong one, at the last position. */
  private double difference(ForwardResult result) {
    float[] last = result.logits(0, -1);
    return (double) last[fixture.get("answer").integer()] - last[fixture.get("wrong").integer()];
  }
}
