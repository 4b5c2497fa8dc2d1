package org.alignment4j.interp.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.audit.Claim.Instruction;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * A model whose layers add nothing, so that what it holds and says is what the last token's
 * embedding was made to be: tokens of a topic that stand for true statements lie to one side of a
 * direction, those for false ones to the other, and one token is followed by yes, another by no.
 */
final class PlantedModel {

  static final int YES = 40;
  static final int NO = 41;
  private static final int ASSERTS_YES = 42;
  private static final int ASSERTS_NO = 39;
  private static final int WIDTH = 32;
  private static final int MARKERS = 5;

  private PlantedModel() {}

  /** Topics a and b agree; c is turned round. */
  static DecoderModel create(double signal) {
    try (DecoderModel random = RandomModels.create("gpt2")) {
      Weights weights = random.weights();
      for (WeightTensor tensor : random.weights().tensors()) {
        if (tensor.name().contains("c_proj")) {
          weights =
              weights.with(
                  WeightTensor.of(tensor.name(), tensor.shape(), new float[tensor.size()]));
        }
      }
      float[] table = new float[random.weights().get("transformer.wte.weight").size()];
      random.weights().get("transformer.wte.weight").data().get(table);
      Random draw = new Random(12);
      double[] truth = new double[WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        truth[j] = signal * draw.nextGaussian() / Math.sqrt(WIDTH);
      }
      for (int token = 0; token < 6 * MARKERS; token++) {
        for (int j = 0; j < WIDTH; j++) {
          table[token * WIDTH + j] += (float) (positive(token) ? truth[j] : -truth[j]);
        }
      }
      for (int j = 0; j < WIDTH; j++) {
        table[ASSERTS_YES * WIDTH + j] = 3 * table[YES * WIDTH + j];
        table[ASSERTS_NO * WIDTH + j] = 3 * table[NO * WIDTH + j];
      }
      return random.withWeights(
          weights.with(
              WeightTensor.of(
                  "transformer.wte.weight",
                  random.weights().get("transformer.wte.weight").shape(),
                  table)));
    }
  }

  private static boolean positive(int token) {
    int block = token / MARKERS;
    return block == 0 || block == 2 || block == 5;
  }

  private static int marker(char topic, boolean truth, int i) {
    return (2 * (topic - 'a') + (truth ? 0 : 1)) * MARKERS + i % MARKERS;
  }

  /** Pairs of a true and a false statement with one beginning. */
  static List<TruthStatement> statements(String topics, int pairs, long seed) {
    Random random = new Random(seed);
    List<TruthStatement> all = new ArrayList<>();
    for (int t = 0; t < topics.length(); t++) {
      char topic = topics.charAt(t);
      for (int i = 0; i < pairs; i++) {
        TokenIds start = RandomModels.tokens(2 + random.nextInt(5), random.nextInt());
        for (boolean truth : new boolean[] {true, false}) {
          TokenIds tokens = start.concat(TokenIds.of(marker(topic, truth, random.nextInt(99))));
          all.add(new TruthStatement(tokens, truth, String.valueOf(topic), Integer.toString(i)));
        }
      }
    }
    return all;
  }

  /**
   * Claims about topics a and b, half of them true; the first ones under each instruction are odd.
   */
  static List<Claim> claims(int n, int honestLies, int lyingTruths) {
    List<Claim> claims = new ArrayList<>();
    for (Instruction instruction : Instruction.values()) {
      for (int i = 0; i < n; i++) {
        boolean truth = i % 2 == 0;
        boolean odd = i < (instruction == Instruction.HONEST ? honestLies : lyingTruths);
        boolean says = truth ^ odd ^ (instruction == Instruction.LIE);
        char topic = i / 2 % 2 == 0 ? 'a' : 'b';
        TokenIds start = RandomModels.tokens(3, i);
        TokenIds prompt = start.concat(TokenIds.of(says ? ASSERTS_YES : ASSERTS_NO));
        claims.add(
            new Claim(
                "claim " + i,
                instruction,
                new Cloze(prompt, TokenIds.of(YES)),
                new Cloze(prompt, TokenIds.of(NO)),
                start.concat(TokenIds.of(marker(topic, truth, i))),
                start.concat(TokenIds.of(marker(topic, !truth, i / 5))),
                Optional.of(truth)));
      }
    }
    return claims;
  }
}
