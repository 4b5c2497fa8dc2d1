package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpPost;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Collects the second moments of MLP keys over a corpus, in double, a batch of sequences at a time:
 * every token of every sequence is one key. Not thread-safe; parts of a corpus collected apart are
 * {@linkplain KeyMoments#merge merged}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KeyMomentsCollector {

  private final String modelId;
  private final int layer;
  private long count;
  private double[] sums = {};
  private int width;

  /**
   * A collector that has seen nothing.
   *
   * @param modelId id of the model whose keys are added
   * @param layer the layer whose keys are added, from 0
   */
  public KeyMomentsCollector(String modelId, int layer) {
    this.modelId = modelId;
    this.layer = layer;
  }

  /**
   * Adds the keys of a corpus and returns the moments of them.
   *
   * @param model the model
   * @param layer the layer, from 0
   * @param corpus sequences of at least one token; read as they are needed
   * @param batchSize sequences that run together
   * @param cancellation asks to stop, between batches
   * @return the moments
   * @throws IllegalArgumentException when the batch size is not positive, the corpus is empty, or
   *     tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static KeyMoments collect(
      HookedModel model,
      int layer,
      Iterator<TokenIds> corpus,
      int batchSize,
      CancellationToken cancellation) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize must be positive but was " + batchSize);
    }
    KeyMomentsCollector collector = new KeyMomentsCollector(model.id(), layer);
    while (corpus.hasNext()) {
      cancellation.throwIfCancelled("collection of key moments");
      List<TokenIds> batch = new ArrayList<>();
      while (corpus.hasNext() && batch.size() < batchSize) {
        batch.add(corpus.next());
      }
      collector.add(model, batch, cancellation);
    }
    return collector.result();
  }

  /**
   * Adds the keys of some sequences.
   *
   * @param model the model
   * @param sequences sequences of at least one token
   * @param cancellation asks to stop
   * @throws IllegalArgumentException when tokens do not fit the model, or it is another than the
   *     collector is of
   */
  public void add(HookedModel model, List<TokenIds> sequences, CancellationToken cancellation) {
    if (!model.id().equals(modelId)) {
      throw new IllegalArgumentException(
          "keys must be those of the model "
              + modelId
              + " but were of "
              + model.id()
              + "; use a collector for each model");
    }
    // Nothing after the layer is needed, its last point aside.
    var run = model.forward(sequences).cache(mlpPost(layer));
    if (layer + 1 < model.layerCount()) {
      run = run.stopAtLayer(layer + 1);
    }
    Values values = run.execute(cancellation).cache().values(mlpPost(layer));
    int[] shape = values.shape();
    float[] data = values.toArray();
    List<double[]> keys = new ArrayList<>();
    for (int row = 0; row < shape[0]; row++) {
      for (int position = 0; position < sequences.get(row).size(); position++) {
        double[] key = new double[shape[2]];
        int start = (row * shape[1] + position) * shape[2];
        for (int i = 0; i < key.length; i++) {
          key[i] = data[start + i];
        }
        keys.add(key);
      }
    }
    addKeys(keys);
  }

  /**
   * Adds keys.
   *
   * @param keys each {@code [dMlp]}
   * @throws IllegalArgumentException when their widths differ, they are too wide or a number is not
   *     finite
   */
  public void addKeys(List<double[]> keys) {
    if (keys.isEmpty()) {
      return;
    }
    if (count == 0 && width == 0) {
      int first = keys.get(0).length;
      if (first > KeyMomentsHeader.WIDEST) {
        throw new IllegalArgumentException(
            "keys must be at most "
                + KeyMomentsHeader.WIDEST
                + " wide, what one array holds the moments of, but were "
                + first
                + "; use KeyMetric.identity()");
      }
      width = first;
      sums = new double[width * width];
    }
    double[] flat = new double[Math.multiplyExact(keys.size(), width)];
    for (int n = 0; n < keys.size(); n++) {
      double[] key = keys.get(n);
      if (key.length != width) {
        throw new IllegalArgumentException(
            "keys must be " + width + " wide but key " + n + " was " + key.length);
      }
      for (int i = 0; i < width; i++) {
        if (!Double.isFinite(key[i])) {
          throw new IllegalArgumentException(
              "keys must be finite but number " + i + " of key " + n + " was " + key[i]);
        }
      }
      System.arraycopy(key, 0, flat, n * width, width);
    }
    try (INDArray matrix = Nd4j.createFromArray(flat).reshape('c', keys.size(), width);
        INDArray product = Nd4j.gemm(matrix, matrix, true, false);
        INDArray rows = product.dup('c')) {
      double[] added = rows.data().asDouble();
      for (int i = 0; i < sums.length; i++) {
        sums[i] += added[i];
      }
    }
    count += keys.size();
  }

  /**
   * The moments of what was added; more may be added after.
   *
   * @return the moments
   * @throws IllegalArgumentException when nothing was added
   */
  public KeyMoments result() {
    if (count == 0) {
      throw new IllegalArgumentException(
          "key moments need at least one token but the corpus had none");
    }
    // The products of a batch are symmetric up to rounding only.
    double[] symmetric = sums.clone();
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < i; j++) {
        symmetric[i * width + j] = symmetric[j * width + i];
      }
    }
    return new KeyMoments(modelId, layer, width, count, symmetric);
  }
}
