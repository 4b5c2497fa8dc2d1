package org.alignment4j.eval.redteam.suffix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.LongestMatchTokenizer;

/**
 * A model whose loss is a sum over the slots of a planted weight of slot and token, so that the
 * best tokens are known. It says the target when the slots hold them.
 */
final class PlantedModel implements GradientModel, LanguageModel {
  static final int SLOTS = 6;
  static final double LEAST = 0.02;

  /** Before the slots: the special token and the frame's. */
  static final int SLOT_START = 2;

  final List<TokenIds> evaluated = new ArrayList<>();
  final List<Prompt> prompts = new ArrayList<>();
  final float[][] weights;
  int gradients;
  int largestCall;
  int callsLeft = Integer.MAX_VALUE;
  private final Tokenizer tokenizer;

  PlantedModel(Tokenizer tokenizer, long seed) {
    this.tokenizer = tokenizer;
    Random random = new Random(seed);
    weights = new float[SLOTS][tokenizer.vocabularySize()];
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = 0.75f + random.nextFloat();
      }
    }
  }

  /** Words of three letters after a space; a token that is not ASCII; pieces that merge. */
  static Tokenizer words(int count) {
    List<String> tokens = new ArrayList<>(List.of("<s>", "Say:", "\nReply:", " yes", " é"));
    for (int i = 0; i < count; i++) {
      tokens.add(" " + (char) ('a' + i / 676) + (char) ('a' + i / 26 % 26) + (char) ('a' + i % 26));
    }
    tokens.addAll(List.of(" q", "z", " qz"));
    return new LongestMatchTokenizer(tokens);
  }

  /** Makes a token the best of a slot. */
  void plant(int slot, int token) {
    weights[slot][token] = 0;
  }

  double loss(TokenIds slots) {
    double loss = LEAST;
    for (int i = 0; i < SLOTS; i++) {
      loss += weights[i][slots.get(i)];
    }
    return loss;
  }

  private void called() {
    if (callsLeft-- <= 0) {
      throw new CancelledException("the process was killed");
    }
  }

  @Override
  public String id() {
    return "planted";
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public InputGradients oneHotGradients(GradientRequest request) {
    called();
    gradients++;
    int width = tokenizer.vocabularySize() + 3;
    float[] all = new float[SLOTS * width];
    for (int slot = 0; slot < SLOTS; slot++) {
      System.arraycopy(weights[slot], 0, all, slot * width, width - 3);
      // Rows beyond the vocabulary, as models pad their embeddings, tempt most.
      for (int i = width - 3; i < width; i++) {
        all[slot * width + i] = -9;
      }
    }
    TokenIds slots = request.prompt().slice(request.slotStart(), request.slotEnd());
    return new InputGradients(loss(slots), SLOTS, width, all);
  }

  @Override
  public InputGradients embeddingGradients(GradientRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation) {
    called();
    largestCall = Math.max(largestCall, candidates.size());
    evaluated.addAll(candidates);
    return candidates.stream().mapToDouble(this::loss).toArray();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> asked, SamplingOptions options, CancellationToken cancellation) {
    called();
    prompts.addAll(asked);
    TokenIds ids = ((Prompt.Tokens) asked.get(0)).ids();
    boolean reached = loss(ids.slice(SLOT_START, SLOT_START + SLOTS)) < LEAST + 1e-9;
    return List.of(
        Completion.of(
            reached ? " yes" : " no",
            FinishReason.EOS,
            Usage.ofGeneration(9, 1, Duration.ofMillis(1))));
  }
}
