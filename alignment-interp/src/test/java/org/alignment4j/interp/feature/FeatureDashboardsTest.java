package org.alignment4j.interp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.SaeActivation.Relu;
import org.alignment4j.interp.feature.SaeActivation.TopK;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FeatureDashboardsTest {
  private static final CancellationToken NONE = CancellationToken.none();
  private static final List<TokenIds> TEXTS = SmallModels.texts(30, 14, 3);
  private static final int D = SmallModels.WIDTH;
  private static final int F = 40;
  private static final DashboardOptions OPTIONS =
      new DashboardOptions(6, 4, 3, 50, 10, 5, 3, 2, Set.of(1), 7, 5);
  private static DecoderModel model;

  @BeforeAll
  static void load() {
    model = SmallModels.random();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Features that the small activations of a random model turn on and off. */
  private static SparseAutoencoder lively(SaeActivation activation) {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, F, activation), 3);
    Map<String, Values> tensors = sae.tensors();
    float[] encoder = sae.tensor("W_enc").toArray();
    for (int i = 0; i < encoder.length; i++) {
      encoder[i] *= 100;
    }
    tensors.put("W_enc", Values.of(new int[] {D, F}, encoder));
    tensors.put("b_enc", Values.vector(new float[F]));
    tensors.put("b_dec", Values.vector(new float[D]));
    return SparseAutoencoder.of(sae.config(), tensors);
  }

  /** Activations of one feature over all texts, text by text; NaN at excluded tokens. */
  private static double[][] activations(SparseAutoencoder sae, int feature) {
    double[][] all = new double[TEXTS.size()][];
    for (int t = 0; t < all.length; t++) {
      float[] rows =
          model
              .forward(TEXTS.get(t))
              .cache(HookPoints.residPost(0))
              .execute()
              .cache()
              .values(HookPoints.residPost(0))
              .toArray();
      float[] features = sae.features(rows);
      all[t] = new double[TEXTS.get(t).size()];
      for (int p = 0; p < all[t].length; p++) {
        all[t][p] = TEXTS.get(t).get(p) == 1 ? Double.NaN : features[p * F + feature];
      }
    }
    return all;
  }

  @Test
  void agreesWithLookingAtEveryToken() {
    SparseAutoencoder sae = lively(new TopK(20, true));
    List<FeatureDashboard> dashboards =
        new FeatureDashboards(model, sae, OPTIONS).of(TEXTS, List.of(4, 17), NONE);
    assertThat(dashboards).hasSize(2);
    for (FeatureDashboard dashboard : dashboards) {
      double[][] all = activations(sae, dashboard.feature());
      List<Double> positive = new ArrayList<>();
      List<Double> best = new ArrayList<>();
      long tokens = 0;
      for (double[] text : all) {
        double largest = 0;
        for (double value : text) {
          tokens += Double.isNaN(value) ? 0 : 1;
          if (value > 0) {
            positive.add(value);
            largest = Math.max(largest, value);
          }
        }
        if (largest > 0) {
          best.add(largest);
        }
      }
      positive.sort(Comparator.reverseOrder());
      best.sort(Comparator.reverseOrder());
      assertThat(dashboard.tokens()).isEqualTo(tokens);
      assertThat(dashboard.active()).isEqualTo(positive.size()).isBetween(20L, tokens - 20);
      assertThat(dashboard.density()).isCloseTo((double) positive.size() / tokens, within(1e-12));
      assertThat(dashboard.top()).hasSize(Math.min(6, best.size()));
      for (int i = 0; i < dashboard.top().size(); i++) {
        FeatureDashboard.Example example = dashboard.top().get(i);
        assertThat(example.activation()).isCloseTo(best.get(i), within(1e-4));
        int first = example.position() - example.focus();
        for (int p = 0; p < example.window().size(); p++) {
          assertThat(example.window().get(p)).isEqualTo(TEXTS.get(example.text()).get(first + p));
          double there = all[example.text()][first + p];
          assertThat(example.activations().get(p))
              .isCloseTo(Double.isNaN(there) ? 0 : there, within(1e-4));
        }
      }
      assertThat(dashboard.histogram().counts().length()).isEqualTo(50);
      assertThat(dashboard.histogram().counts().stream().sum()).isEqualTo(positive.size());
      assertThat(dashboard.histogram().counts().get(49)).isPositive();
      assertThat(dashboard.groups()).hasSize(4);
      long grouped = 0;
      for (FeatureDashboard.Group group : dashboard.groups()) {
        assertThat(group.high()).isCloseTo(positive.get((int) grouped), within(1e-4));
        grouped += group.size();
        assertThat(group.low()).isCloseTo(positive.get((int) grouped - 1), within(1e-4));
        assertThat(group.examples()).hasSize((int) Math.min(3, group.size()));
        assertThat(group.examples())
            .allMatch(e -> e.activation() >= group.low() - 1e-4)
            .allMatch(e -> e.activation() <= group.high() + 1e-4);
      }
      assertThat(grouped).isEqualTo(positive.size());
      requireCorrelations(sae, dashboard, all);
    }
  }

  private static void requireCorrelations(
      SparseAutoencoder sae, FeatureDashboard dashboard, double[][] own) {
    assertThat(dashboard.correlated()).hasSize(5);
    double before = 2;
    for (FeatureDashboard.Correlated correlated : dashboard.correlated()) {
      double[][] other = activations(sae, correlated.feature());
      double n = 0;
      double a = 0;
      double b = 0;
      double aa = 0;
      double bb = 0;
      double ab = 0;
      for (int t = 0; t < own.length; t++) {
        for (int p = 0; p < own[t].length; p++) {
          if (!Double.isNaN(own[t][p])) {
            n++;
            a += own[t][p];
            b += other[t][p];
            aa += own[t][p] * own[t][p];
            bb += other[t][p] * other[t][p];
            ab += own[t][p] * other[t][p];
          }
        }
      }
      double expected = (ab - a * b / n) / Math.sqrt((aa - a * a / n) * (bb - b * b / n));
      assertThat(correlated.correlation()).isCloseTo(expected, within(1e-4));
      assertThat(Math.abs(expected)).isLessThanOrEqualTo(before + 1e-4);
      before = Math.abs(expected);
    }
  }

  /** Against the weights themselves: direction times the norm's weight times the unembedding. */
  @Test
  void logitEffectsAreThoseOfTheWeights() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, F, new Relu()), 3);
    float[] effects = LogitEffects.of(model, List.of(sae.direction(4)), NONE).get(0);
    WeightTensor norm = model.weights().get("model.norm.weight");
    String head =
        model.weights().contains("lm_head.weight") ? "lm_head.weight" : "model.embed_tokens.weight";
    WeightTensor unembedding = model.weights().get(head);
    assertThat(effects).hasSize(SmallModels.VOCABULARY);
    for (int token = 0; token < effects.length; token++) {
      double sum = 0;
      for (int i = 0; i < D; i++) {
        sum +=
            (double) sae.direction(4).get(i)
                * norm.data().get(i)
                * unembedding.data().get(token * D + i);
      }
      assertThat(effects[token]).isCloseTo((float) sum, within(1e-4f));
    }
    FeatureDashboard dashboard =
        new FeatureDashboards(model, sae, OPTIONS).of(TEXTS, List.of(4), NONE).get(0);
    assertThat(dashboard.promoted()).hasSize(10);
    for (int i = 1; i < 10; i++) {
      assertThat(dashboard.promoted().get(i).logit())
          .isLessThanOrEqualTo(dashboard.promoted().get(i - 1).logit());
      assertThat(dashboard.suppressed().get(i).logit())
          .isGreaterThanOrEqualTo(dashboard.suppressed().get(i - 1).logit());
    }
    float largest = Float.NEGATIVE_INFINITY;
    for (float effect : effects) {
      largest = Math.max(largest, effect);
    }
    assertThat(dashboard.promoted().get(0).logit()).isCloseTo(largest, within(1e-5));
  }

  @Test
  void silentFeatureHasAnEmptyDashboard() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, F, new TopK(1, false)), 3);
    int silent = -1;
    for (int j = 0; j < F && silent < 0; j++) {
      boolean fires = false;
      for (double[] text : activations(sae, j)) {
        for (double value : text) {
          fires |= value > 0;
        }
      }
      silent = fires ? -1 : j;
    }
    assertThat(silent).isNotNegative();
    FeatureDashboard dashboard =
        new FeatureDashboards(model, sae, OPTIONS).of(TEXTS, List.of(silent), NONE).get(0);
    assertThat(dashboard.active()).isZero();
    assertThat(dashboard.top()).isEmpty();
    assertThat(dashboard.groups()).isEmpty();
    assertThat(dashboard.correlated()).isEmpty();
    assertThat(FeatureReport.report("t", List.of(dashboard), id -> "x").html())
        .contains("Never active at ")
        .doesNotContain("The strongest texts")
        .doesNotContain("Activations above zero");
  }

  @Test
  void pageIsEscapedAndSelfContained() {
    SparseAutoencoder sae = lively(new Relu());
    List<FeatureDashboard> dashboards =
        new FeatureDashboards(model, sae, OPTIONS).of(TEXTS, List.of(4), NONE);
    String html =
        FeatureReport.report(
                "<script>x</script>", dashboards, id -> "<img src=http://x onerror=a>" + id)
            .html();
    assertThat(html)
        .doesNotContain("<script")
        .doesNotContain("<img")
        .contains("&lt;img src=http://x onerror=a&gt;")
        .contains("Content-Security-Policy")
        .contains("The strongest texts")
        .contains("group 4 of 4");
  }

  @Test
  void badInput() {
    SparseAutoencoder sae = RandomSae.of(RandomSae.config(D, F, new Relu()), 3);
    FeatureDashboards dashboards = new FeatureDashboards(model, sae, OPTIONS);
    assertThatThrownBy(() -> dashboards.of(List.of(), List.of(1), NONE))
        .hasMessageContaining("texts must not be empty");
    assertThatThrownBy(() -> dashboards.of(TEXTS, List.of(F), NONE))
        .hasMessageContaining("feature must be in [0, 39] but was 40");
    assertThatThrownBy(() -> dashboards.of(TEXTS, List.of(1), () -> true))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> new DashboardOptions(-1, 4, 3, 50, 10, 5, 3, 2, Set.of(), 7, 5))
        .hasMessageContaining("topTexts must not be negative but was -1");
    assertThatThrownBy(() -> new DashboardOptions(1, 4, 3, 0, 10, 5, 3, 2, Set.of(), 7, 5))
        .hasMessageContaining("bins and batch must be at least 1");
  }
}
