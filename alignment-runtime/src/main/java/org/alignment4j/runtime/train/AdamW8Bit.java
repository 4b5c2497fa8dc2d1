package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.runtime.train.FlatLayout.Slot;

/**
 * {@link AdamW} whose moments are kept in 8 bits by block-wise dynamic quantisation (Dettmers et
 * al. 2022, arXiv 2110.02861, section 2): a step reads moments as {@code scale·map[code]}, updates
 * them and the parameters in float32, and keeps the new ones as the nearest numbers of the map over
 * the block's largest magnitude. First moments use the signed {@link DynamicMap}, second moments
 * the unsigned one; a parameter takes 2 bytes of state and 8 bytes a block.
 *
 * <p>Unlike bitsandbytes, a second moment that is not 0 is never kept as 0 but as the smallest
 * number of the map: a first moment reaches further down than the root of a second, and the
 * quotient by ε alone would be a huge step. Small tensors keep float32 moments, in which this is
 * AdamW in every bit.
 */
final class AdamW8Bit extends FlatOptimizer {
  /** Both moments of one tensor, however they are kept. */
  private interface Moments {
    /** Reads elements from {@code start} on. */
    void read(int start, float[] m, float[] v, int length);

    /** Keeps elements from {@code start} on. */
    void write(int start, float[] m, float[] v, int length);

    List<StateTensor> state(String tensor);
  }

  private record FloatMoments(float[] first, float[] second) implements Moments {
    @Override
    public void read(int start, float[] m, float[] v, int length) {
      System.arraycopy(first, start, m, 0, length);
      System.arraycopy(second, start, v, 0, length);
    }

    @Override
    public void write(int start, float[] m, float[] v, int length) {
      System.arraycopy(m, 0, first, start, length);
      System.arraycopy(v, 0, second, start, length);
    }

    @Override
    public List<StateTensor> state(String tensor) {
      return List.of(
          new StateTensor("exp_avg." + tensor, List.of(FloatBuffer.wrap(first))),
          new StateTensor("exp_avg_sq." + tensor, List.of(FloatBuffer.wrap(second))));
    }
  }

  private record ByteMoments(QuantisedMoments first, QuantisedMoments second) implements Moments {
    @Override
    public void read(int start, float[] m, float[] v, int length) {
      first.read(start, m, length);
      second.read(start, v, length);
    }

    @Override
    public void write(int start, float[] m, float[] v, int length) {
      first.write(start, m, length, false);
      second.write(start, v, length, true);
    }

    @Override
    public List<StateTensor> state(String tensor) {
      List<StateTensor> state = new ArrayList<>(first.state("exp_avg", tensor));
      state.addAll(second.state("exp_avg_sq", tensor));
      return state;
    }
  }

  private record Tensor(Slot slot, boolean decays, Moments moments) {}

  /** A part of a tensor that one thread works on: whole blocks but for the tensor's last. */
  private record Piece(Tensor tensor, int start, int length) {}

  /** Memory of one thread. */
  private static final class Scratch {
    final float[] p = new float[Blocks.SIZE];
    final float[] g = new float[Blocks.SIZE];
    final float[] m = new float[Blocks.SIZE];
    final float[] v = new float[Blocks.SIZE];
  }

  private final AdamW8BitConfig config;
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private final Scratch[] scratch;

  AdamW8Bit(AdamW8BitConfig config, FlatParameters parameters, Executor executor, int threads) {
    super(parameters, executor, threads);
    this.config = config;
    DynamicMap signed = DynamicMap.signed();
    DynamicMap unsigned = DynamicMap.unsigned();
    for (Slot slot : parameters.layout().slots()) {
      boolean small = slot.size() < config.smallestQuantised();
      int block = config.blockSize();
      Moments moments =
          small
              ? new FloatMoments(new float[slot.size()], new float[slot.size()])
              : new ByteMoments(
                  new QuantisedMoments(signed, block, slot.size()),
                  new QuantisedMoments(unsigned, block, slot.size()));
      Tensor tensor = new Tensor(slot, config.adam().decayed().includes(slot), moments);
      tensors.add(tensor);
      for (int start = 0; start < slot.size(); start += Blocks.SIZE) {
        pieces.add(new Piece(tensor, start, Math.min(Blocks.SIZE, slot.size() - start)));
      }
    }
    this.scratch = new Scratch[threads];
    for (int i = 0; i < threads; i++) {
      scratch[i] = new Scratch();
    }
  }

  @Override
  void apply(FlatParameters gradients, double scale, double learningRate, long step) {
    AdamWStep now = new AdamWStep(config.adam(), step, learningRate, scale);
    AtomicInteger workers = new AtomicInteger();
    loop(pieces.size())
        .run(
            () -> {
              Scratch own = scratch[workers.getAndIncrement()];
              return i -> update(pieces.get(i), gradients, now, own);
            });
  }

  private void update(Piece piece, FlatParameters gradients, AdamWStep now, Scratch own) {
    Slot slot = piece.tensor().slot();
    int start = slot.offset() + piece.start();
    int length = piece.length();
    FloatBuffer target = parameters().buffer(slot.buffer());
    target.get(start, own.p, 0, length);
    gradients.buffer(slot.buffer()).get(start, own.g, 0, length);
    if (piece.tensor().decays()) {
      for (int i = 0; i < length; i++) {
        own.p[i] *= now.decay;
      }
    }
    piece.tensor().moments().read(piece.start(), own.m, own.v, length);
    now.update(own.p, own.g, own.m, own.v, length);
    piece.tensor().moments().write(piece.start(), own.m, own.v, length);
    target.put(start, own.p, 0, length);
  }

  @Override
  public List<StateTensor> state() {
    return tensors.stream().flatMap(t -> t.moments().state(t.slot().name()).stream()).toList();
  }
}
