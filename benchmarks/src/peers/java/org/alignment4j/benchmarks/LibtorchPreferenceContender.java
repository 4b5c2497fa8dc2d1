package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A preference step on libtorch in the way of common trainers: preferred and other answers each
 * behind a copy of their prompt, one batch padded to the longest, logits of every position, label
 * log-probabilities as logit minus log-sum-exp, masked to the answers. The reference is the model
 * with its adapters off.
 */
final class LibtorchPreferenceContender implements Contender {

  private final PreferenceCase which;
  private final LibtorchGpt model;
  private final AdamW optimizer;
  private final List<double[]> cached = new ArrayList<>();
  private int next;
  private double loss;

  private LibtorchPreferenceContender(PreferenceCase which) {
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
    this.which = which;
    this.model = new LibtorchGpt(which.shape(), true);
    this.optimizer = model.optimizer(PreferenceCase.LEARNING_RATE);
    if (which.cachedReference()) {
      for (List<PreferenceExample> pairs : which.pairs()) {
        try (PointerScope scope = new PointerScope()) {
          Tensor reference = reference(Padded.of(pairs));
          double[] values = new double[2 * pairs.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = reference.select(0, i).item_double();
          }
          cached.add(values);
        }
      }
    }
  }

  /** Serves rounds of the case that the arguments give. */
  public static void main(String[] args) throws IOException {
    RoundServer.serve(new LibtorchPreferenceContender(PreferenceCase.parse(args)));
  }

  @Override
  public void forwardBackward() {
    int at = next++ % which.pairs().size();
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad(true);
      Padded batch = Padded.of(which.pairs().get(at));
      Tensor reference =
          which.cachedReference() ? LibtorchGpt.doubles(cached.get(at)) : reference(batch);
      TensorVector ratios = logProbs(batch).sub(reference).chunk(2, 0);
      Tensor margin = ratios.get(0).sub(ratios.get(1)).mul(new Scalar(PreferenceCase.BETA));
      Tensor value = torch.log_sigmoid(margin).mean().neg();
      value.backward();
      loss = value.item_double();
    }
  }

  private Tensor reference(Padded batch) {
    try (NoGradGuard guard = new NoGradGuard()) {
      model.adapted(false);
      return logProbs(batch);
    } finally {
      model.adapted(true);
    }
  }

  /** Of preferred answers, then of the others: {@code [2·pairs]}. */
  private Tensor logProbs(Padded batch) {
    Tensor logits = model.logits(model.hidden(batch.tokens(), batch.positions()));
    Tensor label = logits.gather(2, batch.labels().unsqueeze(2)).squeeze(2);
    Tensor sums = label.sub(logits.logsumexp(2)).mul(batch.mask()).sum(1);
    logits.close();
    return sums;
  }

  @Override
  public void update() {
    try (PointerScope scope = new PointerScope()) {
      optimizer.step();
    }
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public double gradientNorm() {
    try (PointerScope scope = new PointerScope()) {
      return model.gradientNorm();
    }
  }

  @Override
  public void gradients(GradientFiles.Sink sink) {
    model.gradients(sink);
  }

  @Override
  public String engine() {
    return LibtorchGpt.engine();
  }

  @Override
  public double matrixRate() {
    try (PointerScope scope = new PointerScope()) {
      return LibtorchGpt.matrixRate(512, which.shape().width());
    }
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
  }

  /**
   * Sequences padded at the right.
   *
   * @param mask 1 where the label is a token of the answer
   */
  private record Padded(Tensor tokens, Tensor positions, Tensor labels, Tensor mask) {

    static Padded of(List<PreferenceExample> pairs) {
      List<TokenIds> answers = new ArrayList<>();
      pairs.forEach(pair -> answers.add(pair.chosen()));
      pairs.forEach(pair -> answers.add(pair.rejected()));
      int n = pairs.size();
      int longest = 0;
      for (int i = 0; i < answers.size(); i++) {
        longest = Math.max(longest, pairs.get(i % n).prompt().size() + answers.get(i).size());
      }
      long[] tokens = new long[answers.size() * longest];
      long[] labels = new long[tokens.length];
      double[] mask = new double[tokens.length];
      for (int i = 0; i < answers.size(); i++) {
        int prompt = pairs.get(i % n).prompt().size();
        int[] ids = pairs.get(i % n).prompt().concat(answers.get(i)).toArray();
        for (int t = 0; t < ids.length; t++) {
          tokens[i * longest + t] = ids[t];
          if (t + 1 < ids.length) {
            labels[i * longest + t] = ids[t + 1];
            mask[i * longest + t] = t + 1 >= prompt ? 1 : 0;
          }
        }
      }
      return new Padded(
          LibtorchGpt.longs(tokens, answers.size(), longest),
          LibtorchGpt.longs(LongStream.range(0, longest).toArray(), longest),
          LibtorchGpt.longs(labels, answers.size(), longest),
          LibtorchGpt.doubles(mask).view(answers.size(), longest));
    }
  }
}
