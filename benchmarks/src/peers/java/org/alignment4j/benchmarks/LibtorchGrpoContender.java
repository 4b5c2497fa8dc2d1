package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * An iteration of GRPO on libtorch. All completions are generated together from one copy of the
 * keys and values of each prompt; they are scored and learned from in the way of common trainers,
 * each behind a copy of its prompt, group after group, with logits of the completions' tokens
 * alone.
 */
final class LibtorchGrpoContender implements GrpoContender {

  private final GrpoCase which;
  private final LibtorchGpt policy;
  private final LibtorchGpt reference;
  private final AdamW optimizer;
  private final Tensor positions;

  private LibtorchGrpoContender(GrpoCase which) {
    torch.set_num_threads(Runtime.getRuntime().availableProcessors());
    this.which = which;
    this.policy = new LibtorchGpt(which.shape(), false);
    this.reference = new LibtorchGpt(which.shape(), false);
    this.optimizer = policy.optimizer(GrpoCase.LEARNING_RATE);
    long length = which.sequenceLength();
    this.positions = LibtorchGpt.longs(LongStream.range(0, length).toArray(), length);
  }

  /** Serves iterations of the case that the arguments give. */
  public static void main(String[] args) throws IOException {
    GrpoServer.serve(new LibtorchGrpoContender(GrpoCase.parse(Arrays.asList(args))));
  }

  @Override
  public String name() {
    return LibtorchGpt.engine();
  }

  @Override
  public GrpoIteration iterate(GrpoTokens given) {
    try (PointerScope scope = new PointerScope()) {
      long start = System.nanoTime();
      generate(given.prompts());
      long scoring = System.nanoTime();
      List<Group> groups = score(given);
      long updating = System.nanoTime();
      optimizer.zero_grad(true);
      double loss = 0;
      for (Group group : groups) {
        loss += backward(group);
      }
      optimizer.step();
      long end = System.nanoTime();
      return GrpoIteration.of(start, scoring, updating, end, loss, policy.gradientNorm());
    }
  }

  private void generate(List<int[]> prompts) {
    int rows = which.prompts();
    int length = which.promptLength();
    long[] tokens =
        LongStream.range(0, rows)
            .flatMap(i -> Arrays.stream(prompts.get((int) i * which.group())).asLongStream())
            .toArray();
    try (NoGradGuard guard = new NoGradGuard();
        LibtorchCache cache = new LibtorchCache(which.shape(), rows)) {
      Tensor next = LibtorchGpt.longs(new long[which.completions()], which.completions(), 1);
      try (PointerScope scope = new PointerScope()) {
        Tensor logits = last(LibtorchGpt.longs(tokens, rows, length), 0, cache);
        sample(
            torch.repeat_interleave(logits, which.group(), new LongOptional(0), new LongOptional()),
            next);
      }
      cache.repeat(which.group());
      for (int t = 1; t < which.newTokens(); t++) {
        try (PointerScope scope = new PointerScope()) {
          sample(last(next, length + t - 1, cache), next);
        }
      }
    }
  }

  /** Logits after the last of tokens that begin at a position: {@code [rows, vocab]}. */
  private Tensor last(Tensor tokens, long from, LibtorchCache cache) {
    long length = tokens.size(1);
    Tensor hidden = policy.hidden(tokens, positions.narrow(0, from, length), cache);
    cache.advance(length);
    return policy.logits(hidden.select(1, length - 1));
  }

  private static void sample(Tensor logits, Tensor next) {
    next.copy_(torch.multinomial(torch.softmax(logits, 1), 1));
  }

  /**
   * A prompt's completions.
   *
   * @param tokens {@code [group, sequenceLength]}
   * @param old log-probabilities of the completions' tokens, {@code [group, newTokens]}
   * @param reference as many
   * @param advantages {@code [group, 1]}
   */
  private record Group(Tensor tokens, Tensor old, Tensor reference, Tensor advantages) {}

  private List<Group> score(GrpoTokens given) {
    double[] advantages = which.advantages(given.completions());
    List<Group> groups = new ArrayList<>();
    try (NoGradGuard guard = new NoGradGuard()) {
      for (int from = 0; from < advantages.length; from += which.group()) {
        int to = from + which.group();
        long[] ids =
            LongStream.range(from, to)
                .flatMap(i -> Arrays.stream(given.sequence((int) i)).asLongStream())
                .toArray();
        Tensor tokens = LibtorchGpt.longs(ids, which.group(), which.sequenceLength());
        groups.add(
            new Group(
                tokens,
                logProbs(policy, tokens),
                logProbs(reference, tokens),
                LibtorchGpt.doubles(Arrays.copyOfRange(advantages, from, to))
                    .view(which.group(), 1)));
      }
    }
    return groups;
  }

  /** Of the completions' tokens: {@code [group, newTokens]}. */
  private Tensor logProbs(LibtorchGpt model, Tensor tokens) {
    int prompt = which.promptLength();
    int count = which.newTokens();
    Tensor hidden = model.hidden(tokens, positions);
    Tensor logits = model.logits(hidden.narrow(1, prompt - 1, count));
    hidden.close();
    Tensor labels = tokens.narrow(1, prompt, count).unsqueeze(2);
    Tensor logProbs = logits.gather(2, labels).squeeze(2).sub(logits.logsumexp(2));
    logits.close();
    return logProbs;
  }

  /** The group's part of the loss, whose gradients are added to those that are there. */
  private double backward(Group group) {
    try (PointerScope scope = new PointerScope()) {
      Tensor logProbs = logProbs(policy, group.tokens());
      Tensor ratio = logProbs.sub(group.old()).exp();
      Tensor clipped =
          torch.clamp(
              ratio,
              new ScalarOptional(new Scalar(1 - GrpoCase.CLIP)),
              new ScalarOptional(new Scalar(1 + GrpoCase.CLIP)));
      Tensor gain = torch.minimum(ratio.mul(group.advantages()), clipped.mul(group.advantages()));
      Tensor difference = group.reference().sub(logProbs);
      Tensor divergence = difference.expm1().sub(difference);
      Tensor losses = divergence.mul(new Scalar(GrpoCase.BETA)).sub(gain);
      Tensor loss = losses.mean().mul(new Scalar(1.0 / which.prompts()));
      loss.backward();
      return loss.item_double();
    }
  }

  @Override
  public void close() {
    optimizer.close();
    positions.close();
    policy.close();
    reference.close();
  }
}
