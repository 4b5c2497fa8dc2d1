package org.alignment4j.interp.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * Causal traces averaged over facts (Meng et al. 2022, section 2.2). Immutable.
 *
 * @param state what was restored
 * @param window how many layers at once
 * @param totalEffect ATE, the mean of {@code p - p*}
 * @param indirectEffects AIE by role of the token and layer: the mean over facts, each fact's
 *     tokens of one role averaged first; facts without such a token are left out
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AverageEffects(
    TracedState state,
    int window,
    Estimate totalEffect,
    Map<TokenRole, List<Estimate>> indirectEffects) {

  /** Copies. */
  public AverageEffects {
    EnumMap<TokenRole, List<Estimate>> copy = new EnumMap<>(TokenRole.class);
    copy.putAll(indirectEffects);
    indirectEffects = Collections.unmodifiableMap(copy);
  }

  /**
   * Averages traces.
   *
   * @param traces of one model and one kind, at least one
   * @return the averages
   * @throws IllegalArgumentException when there is none, or models, states, windows or numbers of
   *     layers differ
   */
  public static AverageEffects of(List<CausalTrace> traces) {
    if (traces.isEmpty()) {
      throw new IllegalArgumentException("averages need at least one trace but had none");
    }
    CausalTrace first = traces.get(0);
    for (int t = 1; t < traces.size(); t++) {
      if (!kind(traces.get(t)).equals(kind(first))) {
        throw new IllegalArgumentException(
            "traces must be of one model, state, window and number of layers but trace 0 is of "
                + kind(first)
                + " and trace "
                + t
                + " of "
                + kind(traces.get(t))
                + "; average each kind by itself");
      }
    }
    Map<TokenRole, List<Estimate>> effects = new EnumMap<>(TokenRole.class);
    for (TokenRole role : TokenRole.values()) {
      List<Estimate> byLayer = new ArrayList<>();
      for (int layer = 0; layer < first.layers(); layer++) {
        byLayer.add(Estimates.mean(ofFacts(traces, role, layer)));
      }
      if (byLayer.get(0).n() > 0) {
        effects.put(role, List.copyOf(byLayer));
      }
    }
    double[] total = traces.stream().mapToDouble(CausalTrace::totalEffect).toArray();
    return new AverageEffects(first.state(), first.window(), Estimates.mean(total), effects);
  }

  private static String kind(CausalTrace trace) {
    return String.format(
        Locale.ROOT,
        "model %s, %s, window %d, %d layers",
        trace.modelId(),
        trace.state(),
        trace.window(),
        trace.layers());
  }

  private static double[] ofFacts(List<CausalTrace> traces, TokenRole role, int layer) {
    List<Double> means = new ArrayList<>();
    for (CausalTrace trace : traces) {
      double sum = 0;
      int n = 0;
      for (int p = 0; p < trace.indirectEffects().size(); p++) {
        if (TokenRole.of(trace.prompt(), p) == role) {
          sum += trace.indirectEffects().get(p).get(layer);
          n++;
        }
      }
      if (n > 0) {
        means.add(sum / n);
      }
    }
    return means.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * The averages as a table of roles by layers.
   *
   * @param heading the section's heading
   * @return a section of a report
   */
  public Section section(String heading) {
    List<String> columns = new ArrayList<>(List.of("token"));
    int layers = indirectEffects.values().iterator().next().size();
    for (int layer = 0; layer < layers; layer++) {
      columns.add("layer " + layer);
    }
    Table table = Table.of(columns.toArray(String[]::new));
    for (Map.Entry<TokenRole, List<Estimate>> entry : indirectEffects.entrySet()) {
      List<Cell> cells = new ArrayList<>();
      cells.add(Cell.text(entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
      entry.getValue().forEach(effect -> cells.add(Cell.figure(effect)));
      table = table.row(cells.toArray(Cell[]::new));
    }
    return new Section.Tabular(
        heading,
        table,
        "Average indirect effect of restoring "
            + state
            + ", "
            + window
            + " layers at once; average total effect "
            + totalEffect
            + ".");
  }
}
