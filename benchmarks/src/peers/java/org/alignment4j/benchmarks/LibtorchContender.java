package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.stream.LongStream;
import org.alignment4j.runtime.train.MicroBatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The same training step on libtorch: the same weights, tokens and loss, its own automatic
 * differentiation and its own AdamW.
 */
final class LibtorchContender implements Contender {

  private static final double LEARNING_RATE = 1e-5;

  private final GptShape shape;
  private final LibtorchGpt model;
  private final AdamW optimizer;
  private final Tensor tokens;
  private final Tensor positions;
  private final Tensor scored;
  private final Tensor labels;
  private double loss;

  private LibtorchContender(BenchmarkCase which) {
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
    shape = which.shape();
    model = new LibtorchGpt(shape, which.lora());
    optimizer = model.optimizer(LEARNING_RATE);
    MicroBatch batch = shape.batch(1).get(0);
    tokens = LibtorchGpt.longs(batch.tokens().tokens(), shape.batch(), shape.seq());
    positions = LibtorchGpt.longs(LongStream.range(0, shape.seq()).toArray(), shape.seq());
    scored = LibtorchGpt.longs(batch.rows(), batch.rows().length);
    labels = LibtorchGpt.longs(batch.labels(), batch.labels().length);
  }

  /** Serves rounds of the case named by the first argument. */
  public static void main(String[] args) throws IOException {
    RoundServer.serve(new LibtorchContender(BenchmarkCase.parse(args[0])));
  }

  @Override
  public void forwardBackward() {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad(true);
      Tensor rows =
          model
              .hidden(tokens, positions)
              .view((long) shape.batch() * shape.seq(), shape.width())
              .index_select(0, scored);
      Tensor value = torch.cross_entropy_loss(model.logits(rows), labels);
      value.backward();
      loss = value.item_double();
    }
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
      return LibtorchGpt.matrixRate((long) shape.batch() * shape.seq(), shape.width());
    }
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
  }
}
