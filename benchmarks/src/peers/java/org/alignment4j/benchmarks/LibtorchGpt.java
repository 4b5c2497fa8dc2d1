package org.alignment4j.benchmarks;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraMatrices;
import org.alignment4j.runtime.train.Trainable;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** GPT-2 on libtorch, with its fused attention, and with adapters where they are trained. */
final class LibtorchGpt implements AutoCloseable {

  private static final double LORA_SCALE = 2;
  private static final String PREFIX = "transformer.";
  private static final String LORA_A = ".lora_A";
  private static final String LORA_B = ".lora_B";

  private final GptShape shape;
  private final Map<String, Tensor> weights = new HashMap<>();
  private final Map<String, Tensor> adapters = new HashMap<>();
  private final TensorVector trained = new TensorVector();
  private boolean adapted;

  /** Copies the weights, and the adapters of rank 16 if they are what is trained. */
  LibtorchGpt(GptShape shape, boolean lora) {
    this.shape = shape;
    this.adapted = lora;
    Architecture architecture = shape.architecture();
    Weights start = InitialWeights.create(architecture, 1);
    for (WeightTensor weight : start.tensors()) {
      weights.put(plain(weight.name()), floats(weight.data(), weight.shape()));
    }
    if (lora) {
      Trainable.Adapter adapter =
          Trainable.adapter(start, architecture, Lora.rank(BenchmarkCase.LORA_RANK));
      for (Map.Entry<String, LoraMatrices> pair : adapter.start().matrices().entrySet()) {
        WeightTensor a = pair.getValue().a();
        WeightTensor b = pair.getValue().b();
        adapters.put(plain(pair.getKey()) + LORA_A, floats(a.data(), a.shape()));
        adapters.put(plain(pair.getKey()) + LORA_B, floats(b.data(), b.shape()));
      }
    }
    (lora ? adapters : weights)
        .values()
        .forEach(
            tensor -> {
              tensor.set_requires_grad(true);
              trained.push_back(tensor);
            });
    System.gc();
  }

  private static String plain(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private static Tensor floats(FloatBuffer data, long[] shape) {
    float[] copy = new float[data.remaining()];
    data.duplicate().get(copy);
    try (FloatPointer pointer = new FloatPointer(copy)) {
      return torch.from_blob(pointer, shape).clone();
    }
  }

  static Tensor longs(long[] data, long... shape) {
    try (LongPointer pointer = new LongPointer(data)) {
      return torch.from_blob(pointer, shape, new TensorOptions(torch.ScalarType.Long)).clone();
    }
  }

  /** As float32. */
  static Tensor doubles(double[] data) {
    float[] copy = new float[data.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) data[i];
    }
    return floats(FloatBuffer.wrap(copy), new long[] {copy.length});
  }

  /** AdamW without decay and clipping, as the other contender has it. */
  AdamW optimizer(double learningRate) {
    AdamWOptions options = new AdamWOptions(learningRate);
    options.weight_decay().put(0);
    return new AdamW(trained, options);
  }

  /** Switches the adapters off to run the model they started from. */
  void adapted(boolean on) {
    adapted = on;
  }

  /** The last layer's output, normalised: {@code [batch, seq, width]}. */
  Tensor hidden(Tensor tokens, Tensor positions) {
    return hidden(tokens, positions, LibtorchAttention.causal());
  }

  /** As {@link #hidden(Tensor, Tensor)}, with attention to other tokens than those given. */
  Tensor hidden(Tensor tokens, Tensor positions, LibtorchAttention attention) {
    Tensor x =
        torch
            .embedding(weight("wte.weight"), tokens)
            .add(torch.embedding(weight("wpe.weight"), positions));
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "h." + layer + ".";
      Tensor first = norm(x, block + "ln_1");
      Tensor mixed = attention(layer, first, attention);
      Tensor middle = x.add(mixed);
      Tensor second = norm(middle, block + "ln_2");
      Tensor wide = linear(second, block + "mlp.c_fc");
      Tensor active = torch.gelu(wide, "tanh");
      Tensor narrow = linear(active, block + "mlp.c_proj");
      Tensor last = middle.add(narrow);
      release(x, first, mixed, middle, second, wide, active, narrow);
      x = last;
    }
    return norm(x, "ln_f");
  }

  /** Logits {@code [..., vocab]} of rows of the hidden state, which is released. */
  Tensor logits(Tensor hidden) {
    Tensor logits = torch.matmul(hidden, weight("wte.weight").t());
    release(hidden);
    return logits;
  }

  /** Every gradient of what is trained, under the parameter's name in a checkpoint. */
  void gradients(GradientFiles.Sink sink) {
    (adapters.isEmpty() ? weights : adapters)
        .forEach(
            (name, tensor) -> {
              try (PointerScope scope = new PointerScope()) {
                Tensor gradient = tensor.grad().contiguous();
                sink.accept(
                    PREFIX + name, gradient.data_ptr_float().capacity(gradient.numel()).asBuffer());
              }
            });
  }

  /** Version and linear algebra of the library that is loaded. */
  static String engine() {
    String settings = torch.show_config().getString();
    return "libtorch " + setting(settings, "TORCH_VERSION") + ", " + setting(settings, "BLAS_INFO");
  }

  private static String setting(String settings, String name) {
    Matcher found = Pattern.compile(name + "=([\\w.]+)").matcher(settings);
    return found.find() ? found.group(1) : "unknown " + name;
  }

  double gradientNorm() {
    double sum = 0;
    for (long i = 0; i < trained.size(); i++) {
      Tensor gradient = trained.get(i).grad();
      if (gradient.defined()) {
        sum += gradient.square().sum().item_double();
      }
    }
    return Math.sqrt(sum);
  }

  private Tensor attention(int layer, Tensor x, LibtorchAttention attention) {
    String block = "h." + layer + ".";
    long batch = x.size(0);
    long seq = x.size(1);
    Tensor fused = linear(x, block + "attn.c_attn");
    TensorVector qkv = fused.split(shape.width(), 2);
    Tensor query = heads(qkv.get(0));
    Tensor key = heads(qkv.get(1));
    Tensor value = heads(qkv.get(2));
    Tensor mixed = attention.mixed(layer, query, key, value);
    Tensor joined = mixed.transpose(1, 2).reshape(batch, seq, shape.width());
    Tensor projected = linear(joined, block + "attn.c_proj");
    qkv.close();
    release(fused, query, key, value, mixed, joined);
    return projected;
  }

  private Tensor heads(Tensor x) {
    return x.view(x.size(0), x.size(1), shape.heads(), shape.width() / shape.heads())
        .transpose(1, 2);
  }

  private Tensor linear(Tensor x, String name) {
    Tensor w = weight(name + ".weight");
    Tensor flat = x.reshape(x.size(0) * x.size(1), w.size(0));
    Tensor y = torch.addmm(weight(name + ".bias"), flat, w);
    if (adapted) {
      Tensor low = torch.matmul(flat, tensor(adapters, name + ".weight" + LORA_A).t());
      Tensor change = torch.matmul(low, tensor(adapters, name + ".weight" + LORA_B).t());
      Tensor scaled = change.mul(new Scalar(LORA_SCALE));
      Tensor plain = y;
      y = plain.add(scaled);
      release(low, change, scaled, plain);
    }
    Tensor shaped = y.view(x.size(0), x.size(1), w.size(1));
    release(flat, y);
    return shaped;
  }

  /** Drops Java's hold, so that a tensor lives as long as the gradient needs it and no longer. */
  private static void release(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      tensor.close();
    }
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
    return tensor(weights, name);
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no tensor " + name + " among " + tensors.keySet());
    }
    return tensor;
  }

  /** The best rate of a few products {@code [rows, width] × [width, 4·width]}, in GFLOP/s. */
  static double matrixRate(long rows, long width) {
    Tensor a = torch.randn(rows, width);
    Tensor b = torch.randn(width, 4 * width);
    double gigaflop = 8e-9 * rows * width * width;
    double best = 0;
    for (int i = 0; i < MatrixRate.REPEATS; i++) {
      long start = System.nanoTime();
      torch.mm(a, b).close();
      best = Math.max(best, gigaflop / ((System.nanoTime() - start) * 1e-9));
    }
    return best;
  }

  @Override
  public void close() {
    weights.values().forEach(Tensor::close);
    adapters.values().forEach(Tensor::close);
  }
}
