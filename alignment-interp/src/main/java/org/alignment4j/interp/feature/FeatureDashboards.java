package org.alignment4j.interp.feature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.FeatureDashboard.Correlated;
import org.alignment4j.interp.feature.FeatureDashboard.TokenEffect;
import org.apiguardian.api.API;

/**
 * Makes dashboards of features over texts: one pass over all texts, and one over those that are
 * shown. Immutable.
 *
 * @param model the model
 * @param sae an autoencoder or transcoder of it
 * @param options what is shown
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureDashboards(
    HookedModel model, SparseAutoencoder sae, DashboardOptions options) {
  private static final String TASK = "feature dashboards";

  /**
   * Checks the autoencoder.
   *
   * @throws IllegalArgumentException when it was not {@linkplain SparseAutoencoder#requireFolded
   *     folded}
   */
  public FeatureDashboards {
    sae.requireFolded();
  }

  /**
   * Looks at features.
   *
   * @param texts tokens of each text
   * @param features which features
   * @param cancellation asks to stop at the next batch
   * @return a dashboard for each feature, in order
   * @throws IllegalArgumentException when there is no text, a feature does not exist, or the model
   *     lacks the hook point or has vectors of another length there
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public List<FeatureDashboard> of(
      List<TokenIds> texts, List<Integer> features, CancellationToken cancellation) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts must not be empty");
    }
    features.forEach(sae::requireFeature);
    FeatureStatistics statistics = new FeatureStatistics(features, sae.config().width());
    forEachBatch(
        texts, IntStream.range(0, texts.size()).boxed().toList(), cancellation, statistics::add);
    List<FeaturePicks> picks = new ArrayList<>();
    for (int s = 0; s < features.size(); s++) {
      picks.add(FeaturePicks.of(statistics.firings(s), options, s));
    }
    FeatureWindows windows = new FeatureWindows(texts, features, options);
    List<Integer> shown =
        picks.stream().flatMap(pick -> pick.texts().stream()).distinct().sorted().toList();
    forEachBatch(texts, shown, cancellation, windows::add);
    List<float[]> effects = effects(features, cancellation);
    List<FeatureDashboard> dashboards = new ArrayList<>();
    for (int s = 0; s < features.size(); s++) {
      dashboards.add(
          new FeatureDashboard(
              features.get(s),
              statistics.tokens(),
              statistics.firings(s).size(),
              statistics.firings(s).histogram(options.bins()),
              windows.examples(picks.get(s).top(), s),
              windows.groups(picks.get(s).groups(), s),
              strongest(effects.get(s), 1),
              strongest(effects.get(s), -1),
              correlated(statistics, s)));
    }
    return dashboards;
  }

  /** Takes the features of one text, {@code [position, F]}, and which positions count. */
  @FunctionalInterface
  interface TextFeatures {
    void take(int text, float[] features, boolean[] counts);
  }

  private void forEachBatch(
      List<TokenIds> texts,
      List<Integer> chosen,
      CancellationToken cancellation,
      TextFeatures consumer) {
    SaeConfig config = sae.config();
    int width = config.width();
    for (int start = 0; start < chosen.size(); start += options.batch()) {
      cancellation.throwIfCancelled(TASK);
      List<Integer> part = chosen.subList(start, Math.min(start + options.batch(), chosen.size()));
      HookRows rows =
          HookRows.of(
              model
                  .forward(part.stream().map(texts::get).toList())
                  .cache(config.site().point())
                  .execute(cancellation)
                  .cache(),
              config.site().point(),
              config.inputSize());
      FiniteRows.require(rows.kept(rows.real()), config.inputSize(), "activations");
      float[] features = sae.features(rows.data());
      for (int i = 0; i < part.size(); i++) {
        TokenIds text = texts.get(part.get(i));
        float[] own = new float[text.size() * width];
        System.arraycopy(features, i * rows.positions() * width, own, 0, own.length);
        boolean[] counts = new boolean[text.size()];
        for (int position = 0; position < counts.length; position++) {
          counts[position] = !options.excluded().contains(text.get(position));
        }
        consumer.take(part.get(i), own, counts);
      }
    }
  }

  private List<float[]> effects(List<Integer> features, CancellationToken cancellation) {
    if (!LogitEffects.applyTo(sae)) {
      return features.stream().map(feature -> new float[0]).toList();
    }
    List<Values> directions = features.stream().map(sae::direction).toList();
    return LogitEffects.of(model, directions, cancellation);
  }

  private List<TokenEffect> strongest(float[] effects, int sign) {
    return IntStream.range(0, effects.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer token) -> -sign * effects[token]))
        .limit(options.logits())
        .map(token -> new TokenEffect(token, effects[token]))
        .toList();
  }

  private List<Correlated> correlated(FeatureStatistics statistics, int selected) {
    double[] correlations = statistics.correlations(selected);
    return IntStream.range(0, correlations.length)
        .filter(j -> j != statistics.feature(selected) && !Double.isNaN(correlations[j]))
        .boxed()
        .sorted(Comparator.comparingDouble((Integer j) -> -Math.abs(correlations[j])))
        .limit(options.correlated())
        .map(j -> new Correlated(j, correlations[j]))
        .toList();
  }
}
