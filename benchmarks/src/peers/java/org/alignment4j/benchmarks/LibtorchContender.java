package org.alignment4j.benchmarks;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.train.MicroBatch;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The same training step on libtorch: the same weights, tokens and loss, its fused attention, its
 * own automatic differentiation and its own AdamW.
 */
final class LibtorchContender implements Contender {

  private static final double LEARNING_RATE = 1e-5;
  private static final double LORA_ALPHA = 32;
  private static final int REPEATS = 4;

  private final BenchmarkCase which;
  private final GptShape shape;
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Map<String, Tensor> adapters = new HashMap<>();
  private final AdamW optimizer;
  private final Tensor tokens;
  private final Tensor positions;
  private final Tensor scored;
  private final Tensor labels;
  private double loss;

  private LibtorchContender(BenchmarkCase which) {
    this.which = which;
    this.shape = which.shape();
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
    copyWeights();
    TensorVector trained = new TensorVector();
    if (which.lora()) {
      addAdapters();
      adapters.values().forEach(trained::push_back);
    } else {
      weights.values().forEach(trained::push_back);
    }
    for (long i = 0; i < trained.size(); i++) {
      trained.get(i).set_requires_grad(true);
    }
    optimizer = new AdamW(trained, new AdamWOptions(LEARNING_RATE));
    MicroBatch batch = shape.batch(1).get(0);
    tokens = longs(batch.tokens().tokens(), shape.batch(), shape.seq());
    long[] places = new long[shape.seq()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    positions = longs(places, places.length);
    scored = longs(batch.rows(), batch.rows().length);
    labels = longs(batch.labels(), batch.labels().length);
  }

  /** Serves rounds of the case named by the first argument. */
  public static void main(String[] args) throws IOException {
    RoundServer.serve(new LibtorchContender(BenchmarkCase.parse(args[0])));
  }

  private void copyWeights() {
    Architecture architecture = shape.architecture();
    for (WeightTensor weight : InitialWeights.create(architecture, 1).tensors()) {
      weights.put(weight.name().replaceFirst("^transformer\\.", ""), floats(weight.data(), weight.shape()));
    }
    System.gc();
  }

  private void addAdapters() {
    SplittableRandom random = new SplittableRandom(1);
    List<String> linear = new ArrayList<>();
    for (String name : weights.keySet()) {
      if (name.endsWith("c_attn.weight") || name.endsWith("c_proj.weight") || name.endsWith("c_fc.weight")) {
        linear.add(name);
      }
    }
    for (String name : linear) {
      long in = weight(name).size(0);
      long out = weight(name).size(1);
      float[] down = new float[(int) in * BenchmarkCase.LORA_RANK];
      for (int i = 0; i < down.length; i++) {
        down[i] = (float) ((random.nextDouble() - 0.5) * 0.02);
      }
      adapters.put(name + ".A", floats(FloatBuffer.wrap(down), new long[] {in, BenchmarkCase.LORA_RANK}));
      adapters.put(
          name + ".B",
          floats(
              FloatBuffer.wrap(new float[(int) out * BenchmarkCase.LORA_RANK]),
              new long[] {BenchmarkCase.LORA_RANK, out}));
    }
  }

  private static Tensor floats(FloatBuffer data, long[] shape) {
    float[] copy = new float[data.remaining()];
    data.duplicate().get(copy);
    try (FloatPointer pointer = new FloatPointer(copy)) {
      return torch.from_blob(pointer, shape).clone();
    }
  }

  private static Tensor longs(long[] data, long... shape) {
    try (LongPointer pointer = new LongPointer(data)) {
      return torch
          .from_blob(pointer, shape, new TensorOptions(torch.ScalarType.Long))
          .clone();
    }
  }

  @Override
  public void forwardBackward() {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad(true);
      Tensor value = forward();
      value.backward();
      loss = value.item_double();
    }
  }

  private Tensor forward() {
    Tensor x =
        torch
            .embedding(weight("wte.weight"), tokens)
            .add(torch.embedding(weight("wpe.weight"), positions));
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "h." + layer + ".";
      x = x.add(attention(block, norm(x, block + "ln_1")));
      Tensor inner = torch.gelu(linear(norm(x, block + "ln_2"), block + "mlp.c_fc"), "tanh");
      x = x.add(linear(inner, block + "mlp.c_proj"));
    }
    Tensor rows =
        norm(x, "ln_f").view((long) shape.batch() * shape.seq(), shape.width()).index_select(0, scored);
    return torch.cross_entropy_loss(torch.matmul(rows, weight("wte.weight").t()), labels);
  }

  private Tensor attention(String block, Tensor x) {
    TensorVector qkv = linear(x, block + "attn.c_attn").split(shape.width(), 2);
    Tensor mixed =
        torch.scaled_dot_product_attention(
            heads(qkv.get(0)),
            heads(qkv.get(1)),
            heads(qkv.get(2)),
            new TensorOptional(),
            0.0,
            true,
            new DoubleOptional(),
            false);
    return linear(
        mixed.transpose(1, 2).reshape(shape.batch(), shape.seq(), shape.width()),
        block + "attn.c_proj");
  }

  private Tensor heads(Tensor x) {
    return x.view(shape.batch(), shape.seq(), shape.heads(), shape.width() / shape.heads())
        .transpose(1, 2);
  }

  private Tensor linear(Tensor x, String name) {
    Tensor w = weight(name + ".weight");
    long rows = (long) shape.batch() * shape.seq();
    Tensor flat = x.reshape(rows, w.size(0));
    Tensor y = torch.addmm(weight(name + ".bias"), flat, w);
    if (which.lora()) {
      Tensor low = torch.matmul(flat, adapters.get(name + ".weight.A"));
      y =
          y.add(
              torch
                  .matmul(low, adapters.get(name + ".weight.B"))
                  .mul(new Scalar(LORA_ALPHA / BenchmarkCase.LORA_RANK)));
    }
    return y.view(shape.batch(), shape.seq(), w.size(1));
  }

  private Tensor norm(Tensor x, String name) {
    return torch.layer_norm(
        x,
        new long[] {shape.width()},
        new TensorOptional(weight(name + ".weight")),
        new TensorOptional(weight(name + ".bias")),
        1e-5,
        false);
  }

  private Tensor weight(String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no weight " + name + " among " + weights.keySet());
    }
    return tensor;
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
  public double matrixRate() {
    try (PointerScope scope = new PointerScope()) {
      long rows = (long) shape.batch() * shape.seq();
      long width = shape.width();
      Tensor a = torch.randn(rows, width);
      Tensor b = torch.randn(width, 4 * width);
      double gigaflop = 8e-9 * rows * width * width;
      double best = 0;
      for (int i = 0; i < REPEATS; i++) {
        long start = System.nanoTime();
        torch.mm(a, b).close();
        best = Math.max(best, gigaflop / ((System.nanoTime() - start) * 1e-9));
      }
      return best;
    }
  }

  @Override
  public void close() {
    optimizer.close();
    weights.values().forEach(Tensor::close);
    adapters.values().forEach(Tensor::close);
  }
}
