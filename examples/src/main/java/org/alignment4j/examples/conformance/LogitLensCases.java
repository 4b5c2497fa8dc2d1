package org.alignment4j.examples.conformance;

import static org.alignment4j.api.hook.Edits.replace;
import static org.alignment4j.api.hook.HookPoints.lnFinal;
import static org.alignment4j.api.hook.HookPoints.lnFinalScale;
import static org.alignment4j.api.hook.HookPoints.residMid;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.residPre;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.checkpoint.SafetensorsFile;

/**
 * Logits of residual streams within the model (nostalgebraist 2020). In the raw form a stream
 * passes the final norm and the unembedding. The folded forms are those of a model whose norms'
 * weights are folded and whose unembedding is centred, which moves the logits of a position by a
 * constant; one of them divides each stream by the scale that the final norm has at the end of the
 * model.
 */
final class LogitLensCases {

  private static final String RAW = "raw";
  private static final String OWN_SCALE = "folded_ownscale";
  private static final String FINAL_SCALE = "folded_finalscale";
  private static final Pattern NAME = Pattern.compile("logit_lens\\.(\\w+)\\.(\\w+)");
  private static final Pattern LABEL = Pattern.compile("(\\d{1,5})_(pre|mid|post)");

  private final String kind;
  private final String group;
  private final Fixture fixture;
  private final DecoderModel model;
  private final CaseRunner runner;

  LogitLensCases(
      String kind, String group, Fixture fixture, DecoderModel model, CaseRunner runner) {
    this.kind = kind;
    this.group = group;
    this.fixture = fixture;
    this.model = model;
    this.runner = runner;
  }

  void run(Path file) {
    if (!Files.isRegularFile(file)) {
      runner.skip(kind, group, "logit lens", "there is no " + file.getFileName());
      return;
    }
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      TokenIds tokens = TokenIds.of(fixture.get("tokens").integers());
      ActivationCache cache =
          model
              .forward(tokens)
              .cache(residPre(Layers.all()), residMid(Layers.all()), residPost(Layers.all()))
              .cache(lnFinalScale())
              .execute()
              .cache();
      for (String name : tensors.tensors().keySet()) {
        runner.run(
            kind,
            group,
            name,
            check ->
                check.close(
                    name,
                    lens(tokens, cache, name),
                    ReferenceTensors.read(tensors, name),
                    Tolerance.LOGITS));
      }
    }
  }

  private double[] lens(TokenIds tokens, ActivationCache cache, String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new SkippedCaseException("there is no logit lens '" + name + "'");
    }
    Values stream = cache.values(point(parts.group(2)));
    ForwardRun run = model.forward(tokens);
    HookPoint<Axes.Residual> end = residPost(model.layerCount() - 1);
    return switch (parts.group(1)) {
      case RAW -> RunLogits.of(run.at(end, replace(stream)).execute());
      case OWN_SCALE -> centred(tokens, RunLogits.of(run.at(end, replace(stream)).execute()));
      case FINAL_SCALE ->
          centred(
              tokens,
              RunLogits.of(
                  run.at(lnFinal(), replace(divided(stream, cache.values(lnFinalScale()))))
                      .execute()));
      default -> throw new SkippedCaseException("there is no logit lens '" + parts.group(1) + "'");
    };
  }

  private HookPoint<Axes.Residual> point(String label) {
    if (label.equals("final_post")) {
      return residPost(model.layerCount() - 1);
    }
    Matcher parts = LABEL.matcher(label);
    if (!parts.matches()) {
      throw new SkippedCaseException("there is no residual stream '" + label + "'");
    }
    int layer = Integer.parseInt(parts.group(1));
    return switch (parts.group(2)) {
      case "pre" -> residPre(layer);
      case "mid" -> residMid(layer);
      default -> residPost(layer);
    };
  }

  /** A stream as the final norm would leave it, had it the given scales. */
  private Values divided(Values stream, Values scales) {
    if (model.architecture().config().norm() != DecoderConfig.Norm.LAYER_NORM) {
      throw new SkippedCaseException(
          "only layer norm centres, not " + model.architecture().config().norm());
    }
    float[] rows = stream.toArray();
    float[] scale = scales.toArray();
    int width = rows.length / scale.length;
    for (int row = 0; row < scale.length; row++) {
      double sum = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        sum += rows[i];
      }
      for (int i = row * width; i < (row + 1) * width; i++) {
        rows[i] = (float) ((rows[i] - sum / width) / scale[row]);
      }
    }
    return Values.of(stream.shape(), rows);
  }

  /** Logits whose mean at each position is zero, as a centred unembedding gives them. */
  private static double[] centred(TokenIds tokens, double[] logits) {
    int vocabulary = logits.length / tokens.size();
    for (int p = 0; p < tokens.size(); p++) {
      double sum = 0;
      for (int i = p * vocabulary; i < (p + 1) * vocabulary; i++) {
        sum += logits[i];
      }
      for (int i = p * vocabulary; i < (p + 1) * vocabulary; i++) {
        logits[i] -= sum / vocabulary;
      }
    }
    return logits;
  }
}
