package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.generate.NaiveSampling;
import org.junit.jupiter.api.Test;

/** Tokens of whole generations: the naive decoder, the naive rules and the documented numbers. */
class SampledGenerationTest {

  private static final int VOCAB = 120;

  private static <T> T pick(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static double uniform(long seed, int[] prompt, long sample, long step) {
    long g = 0x9e3779b97f4a7c15L;
    long hash = mix(prompt.length + g);
    for (int token : prompt) {
      hash = mix(hash + g * (token + 1));
    }
    long key = mix(mix(seed + g) + g * (mix(hash + g * (sample + 1)) + 1));
    return (mix(key + g * (step + 1)) >>> 11) * 0x1p-53;
  }

  /** Whole generation, ragged and batched, against the float64 decoder and the naive rules. */
  @Test
  void sampledGenerationDrawsFromTheDefinition() {
    Map<String, Object> keys = RandomModels.llama(VOCAB, 32, 4, 2, 64, 48);
    keys.put("eos_token_id", 2);
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RandomModels.weights(config, 0.2);
    NaiveDecoder reference = new NaiveDecoder(keys, weights);
    Random random = new Random(4);
    int tokens = 0;
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      for (int round = 0; round < 5; round++) {
        List<Prompt> prompts = new ArrayList<>();
        List<int[]> raw = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          int[] ids = random.ints(1 + random.nextInt(20), 3, 120).toArray();
          raw.add(ids);
          prompts.add(Prompt.tokens(ids));
        }
        SamplingOptions o =
            SamplingOptions.builder(14)
                .temperature(pick(random, List.of(1.0, 0.6, 1.7)))
                .topK(pick(random, List.of(0, 5, 30)))
                .topP(pick(random, List.of(1.0, 0.8, 0.4)))
                .minP(pick(random, List.of(0.0, 0.1)))
                .typicalP(pick(random, List.of(1.0, 0.7)))
                .epsilonCutoff(pick(random, List.of(0.0, 0.01)))
                .etaCutoff(pick(random, List.of(0.0, 0.02)))
                .repetitionPenalty(pick(random, List.of(1.0, 1.4, 0.8)))
                .noRepeatNgramSize(pick(random, List.of(0, 1, 2)))
                .ignoreEos(random.nextBoolean())
                .logProbs(true)
                .seed(round * 31L - 7)
                .build();
        List<Completion> out = model.generate(prompts, o);
        for (int i = 0; i < 5; i++) {
          int[] ids = raw.get(i);
          TokenIds generated = out.get(i).tokens();
          for (int t = 0; t < generated.size(); t++) {
            double[] logits = reference.logits(ids)[ids.length - 1];
            double[] margin = new double[1];
            double[] p =
                NaiveSampling.softmax(
                    NaiveSampling.scores(logits, ids, o, model.eosTokenIds(), margin));
            int token = generated.get(t);
            if (margin[0] > 1e-4) {
              double u = uniform(round * 31L - 7, raw.get(i), 0, t);
              double below = 0;
              for (int k = 0; k < token; k++) {
                below += p[k];
              }
              tokens++;
              assertThat(u).as("%s", o).isBetween(below - 1e-4, below + p[token] + 1e-4);
              double gap =
                  Math.abs(
                      Math.log(p[token]) - Objects.requireNonNull(out.get(i).logProbs()).get(t));
              assertThat(gap).as("%s", o).isLessThan(2e-4);
              double own = Math.log(NaiveSampling.softmax(logits)[token]);
              double modelGap =
                  Math.abs(own - Objects.requireNonNull(out.get(i).modelLogProbs()).get(t));
              assertThat(modelGap).as("%s", o).isLessThan(2e-4);
            }
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = token;
          }
        }
      }
    }
    assertThat(tokens).isGreaterThan(100);
  }
}
