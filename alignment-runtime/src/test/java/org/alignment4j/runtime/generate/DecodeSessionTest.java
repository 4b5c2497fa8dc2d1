package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.Columns;
import org.alignment4j.runtime.engine.DecoderFixture;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.engine.LoraInputs;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to decode, rows alone and together, give the same logits. */
class DecodeSessionTest {

  private static final int[] LENGTHS = {5, 17, 1, 32, 11};
  private static final int STEPS = 6;
  private static final float BATCH_TOLERANCE = 1e-5f;
  private static final float KERNEL_TOLERANCE = 3e-5f;

  private static List<int[]> prompts() {
    SplittableRandom random = new SplittableRandom(7);
    List<int[]> prompts = new ArrayList<>();
    for (int length : LENGTHS) {
      prompts.add(random.ints(length, 3, 500).toArray());
    }
    return prompts;
  }

  private static int token(int row, int step) {
    return 3 + (row * 31 + step * 7) % 480;
  }

  /** Logits of every step of one row decoded alone. */
  private static List<float[]> alone(DecodeSession.Factory factory, int[] prompt, int row) {
    List<float[]> logits = new ArrayList<>();
    try (DecodeSession session = factory.open(new int[] {row}, 64)) {
      logits.add(session.prefill(List.of(prompt)));
      for (int s = 0; s < STEPS; s++) {
        logits.add(session.step(new int[] {token(row, s)}));
      }
    }
    return logits;
  }

  private static List<List<float[]>> alone(DecodeSession.Factory factory) {
    List<List<float[]>> rows = new ArrayList<>();
    List<int[]> prompts = prompts();
    for (int i = 0; i < prompts.size(); i++) {
      rows.add(alone(factory, prompts.get(i), i));
    }
    return rows;
  }

  private static void compare(float[] batch, int at, float[] alone, float tolerance) {
    for (int i = 0; i < alone.length; i++) {
      assertThat(batch[at * alone.length + i])
          .isCloseTo(alone[i], within(tolerance * (1 + Math.abs(alone[i]))));
    }
  }

  private static void together(DecodeSession.Factory factory, List<List<float[]>> expected) {
    List<int[]> prompts = prompts();
    int[] rows = {0, 1, 2, 3, 4};
    try (DecodeSession session = factory.open(rows, 64)) {
      float[] logits = session.prefill(prompts);
      for (int s = 0; ; s++) {
        for (int b = 0; b < rows.length; b++) {
          compare(logits, b, expected.get(rows[b]).get(s), BATCH_TOLERANCE);
        }
        if (s == STEPS) {
          break;
        }
        if (s == 2) {
          session.select(new int[] {0, 4, 2});
          rows = new int[] {0, 4, 2};
        }
        int step = s;
        logits = session.step(Arrays.stream(rows).map(r -> token(r, step)).toArray());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void raggedBatchesEqualSingleRowsInBothForms(String name) {
    try (DecoderFixture fixture = DecoderFixture.load("fixtures/models/" + name)) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      DecodeSession.Factory fast = DecodeSessions.groupedQuery(model);
      DecodeSession.Factory cached = DecodeSessions.cached(model, new Passing());
      List<List<float[]>> fastAlone = alone(fast);
      List<List<float[]>> cachedAlone = alone(cached);

      together(fast, fastAlone);
      together(cached, cachedAlone);
      for (int row = 0; row < LENGTHS.length; row++) {
        for (int s = 0; s <= STEPS; s++) {
          compare(cachedAlone.get(row).get(s), 0, fastAlone.get(row).get(s), KERNEL_TOLERANCE);
        }
      }
      model.close();
    }
  }

  /** Prompts that begin alike, equal ones among them, share the computation and change nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void sharedBeginningsChangeNothing(String name) {
    SplittableRandom random = new SplittableRandom(3);
    int[] head = random.ints(24, 3, 500).toArray();
    List<int[]> prompts = new ArrayList<>();
    for (int[] tail : new int[][] {{7}, {7, 8, 9}, {9, 9}, {}, {7, 8, 9}, {7, 8, 11, 12}}) {
      prompts.add(IntStream.concat(Arrays.stream(head), Arrays.stream(tail)).toArray());
    }
    prompts.add(1, random.ints(9, 3, 500).toArray());
    prompts.add(prompts.get(1));
    int[] rows = IntStream.range(0, prompts.size()).toArray();
    try (DecoderFixture fixture = DecoderFixture.load("fixtures/models/" + name)) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      for (DecodeSession.Factory factory :
          List.of(
              DecodeSessions.groupedQuery(model),
              DecodeSessions.cached(model, Instrumentation.none()))) {
        List<List<float[]>> expected = new ArrayList<>();
        for (int row : rows) {
          expected.add(alone(factory, prompts.get(row), row));
        }
        try (DecodeSession session = factory.open(rows, 64)) {
          float[] logits = session.prefill(prompts);
          int shared = Arrays.stream(session.reused()).sum();
          assertThat(shared).isGreaterThanOrEqualTo(9 + 27);
          for (int s = 0; ; s++) {
            for (int b = 0; b < rows.length; b++) {
              // What is read behind a shared beginning is read by the kernel of later tokens.
              compare(logits, b, expected.get(rows[b]).get(s), KERNEL_TOLERANCE);
              compareProbabilities(logits, b, expected.get(rows[b]).get(s));
            }
            if (s == STEPS) {
              break;
            }
            int step = s;
            logits = session.step(Arrays.stream(rows).map(r -> token(r, step)).toArray());
          }
        }
      }
      model.close();
    }
  }

  private static double[] probabilities(float[] logits, int row, int vocab) {
    return NaiveSampling.softmax(
        IntStream.range(row * vocab, (row + 1) * vocab).mapToDouble(i -> logits[i]).toArray());
  }

  private static void compareProbabilities(float[] batch, int at, float[] alone) {
    assertThat(probabilities(batch, at, alone.length))
        .containsExactly(probabilities(alone, 0, alone.length), within(1e-5));
  }

  /** Rows that are repeated, exchanged and multiplied, as beams are. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny"})
  void selectedRowsGoOnAsTheRowsTheyWere(String name) {
    int[][] choices = {{2, 0, 0, 1}, {3, 3, 1, 0, 2}, {4, 0, 1}, {2, 1, 0}, {0, 0, 0, 0, 0}};
    try (DecoderFixture fixture = DecoderFixture.load("fixtures/models/" + name)) {
      DecoderInstance model =
          DecoderInstance.bind(fixture.engine, fixture.weights, LoraInputs.none());
      for (DecodeSession.Factory factory :
          List.of(
              DecodeSessions.groupedQuery(model),
              DecodeSessions.cached(model, Instrumentation.none()))) {
        List<int[]> tokens = new ArrayList<>(prompts().subList(0, 3));
        try (DecodeSession session = factory.open(new int[5], 64)) {
          session.prefill(tokens);
          for (int s = 0; s < choices.length; s++) {
            List<int[]> selected = new ArrayList<>();
            int[] next = new int[choices[s].length];
            for (int b = 0; b < next.length; b++) {
              int[] before = tokens.get(choices[s][b]);
              next[b] = token(b, s);
              int[] longer = Arrays.copyOf(before, before.length + 1);
              longer[before.length] = next[b];
              selected.add(longer);
            }
            tokens = selected;
            session.select(choices[s]);
            float[] logits = session.step(next);
            for (int b = 0; b < next.length; b++) {
              try (DecodeSession plain = factory.open(new int[1], 64)) {
                compare(logits, b, plain.prefill(List.of(tokens.get(b))), KERNEL_TOLERANCE);
              }
            }
          }
        }
      }
      model.close();
    }
  }

  /**
   * Rewrites every hook point that all families have with itself; checks what it is told of the
   * columns.
   */
  private static final class Passing implements Instrumentation {
    @Override
    public Object structure() {
      return "passing";
    }

    @Override
    public Tap tap(Ops ops) {
      return new Tap() {
        @Override
        public boolean wants(String hook) {
          // Heads that share keys and values have no common input of their own.
          return !hook.endsWith("hook_attn_in");
        }

        @Override
        public org.alignment4j.runtime.graph.Value at(
            String hook, org.alignment4j.runtime.graph.Value value) {
          return value;
        }
      };
    }

    @Override
    public Map<String, Tensor> feeds(Columns columns) {
      for (int b = 0; b < columns.batch(); b++) {
        int sequence = columns.sequences()[b];
        assertThat(columns.promptLengths()[b]).isEqualTo(LENGTHS[sequence]);
        if (columns.keys() > columns.seq()) {
          assertThat(columns.positions()[b])
              .isEqualTo(columns.keyPositions()[(b + 1) * columns.keys() - 1])
              .isGreaterThanOrEqualTo(LENGTHS[sequence]);
        } else {
          long real =
              Arrays.stream(columns.positions(), b * columns.seq(), (b + 1) * columns.seq())
                  .filter(p -> p >= 0)
                  .count();
          assertThat(real).isEqualTo(LENGTHS[sequence]);
        }
      }
      return Map.of();
    }
  }
}
