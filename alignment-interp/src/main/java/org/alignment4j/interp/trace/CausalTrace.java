package org.alignment4j.interp.trace;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.VisibleTokens;
import org.alignment4j.interp.fact.SubjectPrompt;
import org.apiguardian.api.API;

/**
 * What restoring states of one prompt brings back (Meng et al. 2022, section 2.1). Immutable.
 *
 * @param modelId the model
 * @param prompt the prompt
 * @param state what was restored
 * @param window how many layers at once
 * @param clean probability of the answer without noise, {@code p}
 * @param corrupted its mean over the noised copies, {@code p*}
 * @param indirectEffects for each token, by layer, {@code p} restored there minus {@code p*}; its
 *     sign is kept where noise raised the answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record CausalTrace(
    String modelId,
    SubjectPrompt prompt,
    TracedState state,
    int window,
    double clean,
    double corrupted,
    List<ImmutableDoubleArray> indirectEffects) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is not one row of effects for each token, or rows
   *     have no layer or differ in them
   */
  public CausalTrace {
    Objects.requireNonNull(modelId, "modelId");
    indirectEffects = List.copyOf(indirectEffects);
    int tokens = prompt.tokens().size();
    if (indirectEffects.size() != tokens) {
      throw new IllegalArgumentException(
          "a trace must have effects for each of the prompt's "
              + tokens
              + " tokens but has them for "
              + indirectEffects.size());
    }
    int layers = indirectEffects.get(0).length();
    for (int p = 0; p < tokens; p++) {
      int own = indirectEffects.get(p).length();
      if (layers < 1 || own != layers) {
        throw new IllegalArgumentException(
            "every token of a trace must have effects of the same layers, at least one, but token 0"
                + " has "
                + layers
                + " and token "
                + p
                + " has "
                + own);
      }
    }
  }

  /** Returns the number of layers. */
  public int layers() {
    return indirectEffects.get(0).length();
  }

  /** Returns the total effect, {@code p - p*}. */
  public double totalEffect() {
    return clean - corrupted;
  }

  /**
   * The effects as a heat map of tokens by layers.
   *
   * @param heading the section's heading
   * @param tokenizer spells the tokens
   * @return a section of a report
   */
  public Section section(String heading, Tokenizer tokenizer) {
    List<String> rows = new ArrayList<>();
    List<List<Double>> values = new ArrayList<>();
    for (int p = 0; p < indirectEffects.size(); p++) {
      boolean subject = p >= prompt.subjectFirst() && p <= prompt.subjectLast();
      String text = VisibleTokens.of(tokenizer.decode(prompt.tokens().slice(p, p + 1)));
      rows.add(p + " " + text + (subject ? " *" : ""));
      values.add(indirectEffects.get(p).asList());
    }
    List<String> layers = IntStream.range(0, layers()).mapToObj(Integer::toString).toList();
    Chart chart =
        new Chart.HeatMap(
            "Indirect effect of restoring " + state + ", layers at once: " + window,
            "layer",
            "token, * of the subject",
            layers,
            rows,
            values);
    return new Section.Charts(
        heading,
        List.of(chart),
        String.format(
            Locale.ROOT,
            "Probability of the answer %.3f, with a noised subject %.3f.",
            clean,
            corrupted));
  }
}
