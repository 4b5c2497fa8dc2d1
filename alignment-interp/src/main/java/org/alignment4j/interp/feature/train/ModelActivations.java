package org.alignment4j.interp.feature.train;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.interp.feature.FiniteRows;
import org.alignment4j.interp.feature.HookRows;
import org.alignment4j.interp.feature.SaeSite;
import org.apiguardian.api.API;

/**
 * Activations of a model over texts, those of excluded tokens left out. Texts come in an order that
 * is drawn anew for each pass over them. The model runs only as far as the hook points need.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelActivations implements ActivationSource {
  private final HookedModel model;
  private final SaeSite site;
  private final List<TokenIds> texts;
  private final Set<Integer> excluded;
  private final int batch;
  private final long seed;
  private final int inputSize;
  private final int targetSize;
  private final int longest;
  private long lastPass = -1;
  private int[] lastOrder = new int[0];

  /**
   * Looks at a model.
   *
   * @param model the model; open as long as this is used
   * @param site the hook points; the name is not compared with the model
   * @param texts tokens of each text, none longer than the model's context
   * @param excluded tokens whose activations are left out, such as {@code tokenizer.specialIds()}
   * @param batch texts run together
   * @param seed of the order of texts
   * @throws IllegalArgumentException when there is no text, one is empty, all tokens are excluded,
   *     the batch is not positive or the model lacks a hook point
   */
  public ModelActivations(
      HookedModel model,
      SaeSite site,
      List<TokenIds> texts,
      Set<Integer> excluded,
      int batch,
      long seed) {
    Checks.positive("batch", batch);
    this.model = model;
    this.site = site;
    this.texts = List.copyOf(texts);
    this.excluded = Set.copyOf(excluded);
    this.batch = batch;
    this.seed = seed;
    this.longest = texts.stream().mapToInt(TokenIds::size).max().orElse(0);
    requireTokens();
    List<HookRows> rows = rows(this.texts.subList(0, 1), CancellationToken.none());
    this.inputSize = rows.get(0).size();
    this.targetSize = site.target().isPresent() ? rows.get(1).size() : 0;
  }

  private void requireTokens() {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("texts must not be empty");
    }
    if (texts.stream().flatMapToInt(TokenIds::stream).allMatch(excluded::contains)) {
      throw new IllegalArgumentException(
          "texts must have tokens that are not excluded but have only "
              + new TreeSet<>(excluded)
              + "; exclude fewer");
    }
  }

  @Override
  public int inputSize() {
    return inputSize;
  }

  @Override
  public int targetSize() {
    return targetSize;
  }

  @Override
  public int maxRows() {
    return batch * longest;
  }

  @Override
  public float[] chunk(long number, CancellationToken cancellation) {
    List<TokenIds> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(batch, texts.size()); i++) {
      long place = number * Math.min(batch, texts.size()) + i;
      chosen.add(texts.get(order(place / texts.size())[(int) (place % texts.size())]));
    }
    List<HookRows> rows = rows(chosen, cancellation);
    boolean[] marks =
        rows.get(0).marked((text, position) -> !excluded.contains(chosen.get(text).get(position)));
    float[] inputs = kept(rows.get(0), marks, site.point());
    return site.target().isEmpty()
        ? inputs
        : joined(inputs, kept(rows.get(1), marks, site.output()));
  }

  private static float[] kept(HookRows rows, boolean[] marks, HookPoint<?> point) {
    float[] kept = rows.kept(marks);
    FiniteRows.require(kept, rows.size(), "activations at " + point);
    return kept;
  }

  private float[] joined(float[] inputs, float[] targets) {
    int size = inputSize + targetSize;
    int count = inputs.length / inputSize;
    float[] rows = new float[count * size];
    for (int row = 0; row < count; row++) {
      System.arraycopy(inputs, row * inputSize, rows, row * size, inputSize);
      System.arraycopy(targets, row * targetSize, rows, row * size + inputSize, targetSize);
    }
    return rows;
  }

  private List<HookRows> rows(List<TokenIds> chosen, CancellationToken cancellation) {
    ForwardRun run = model.forward(chosen).cache(site.points());
    int layer = Math.max(site.point().layer(), site.output().layer());
    boolean layered = site.point().kind().perLayer() && site.output().kind().perLayer();
    if (layered && layer + 1 < model.layerCount()) {
      run = run.stopAtLayer(layer + 1);
    }
    ActivationCache cache = run.execute(cancellation).cache();
    return site.target().isEmpty()
        ? List.of(HookRows.of(cache, site.point()))
        : List.of(HookRows.of(cache, site.point()), HookRows.of(cache, site.output()));
  }

  /** The order of the texts in one pass (Fisher and Yates). */
  private int[] order(long pass) {
    if (pass == lastPass) {
      return lastOrder;
    }
    int[] order = new int[texts.size()];
    SplittableRandom random = Seeds.random(seed, pass);
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    lastPass = pass;
    lastOrder = order;
    return order;
  }

  @Override
  public Map<String, String> description() {
    MessageDigest digest = Sha256.digest();
    for (TokenIds text : texts) {
      digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    Map<String, String> description = new LinkedHashMap<>();
    description.put("model", model.id());
    description.put("point", site.point() + " to " + site.output());
    description.put("texts", texts.size() + ", sha256 " + Sha256.hex(digest));
    description.put("excluded", new TreeSet<>(excluded).toString());
    description.put("batch", Integer.toString(batch));
    description.put("order", Long.toString(seed));
    return description;
  }
}
