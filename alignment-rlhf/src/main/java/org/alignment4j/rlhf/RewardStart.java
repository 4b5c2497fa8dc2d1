package org.alignment4j.rlhf;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.rlhf.data.Answers;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.RankingExample;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Trainable;

/** Where the training of a reward model starts. The models are left as they are. */
sealed interface RewardStart {

  /** What makes text the tokens that are scored. */
  PromptCompletionEncoder encoder();

  /** The same, but answers get no end token. */
  PromptCompletionEncoder withoutEnd();

  /** The architecture of the model. */
  Architecture architecture();

  /** The tokenizer of the model. */
  Tokenizer tokenizer();

  /** How long sequences may be. */
  SequenceLimits limits(FineTuningOptions options);

  /** The tokens of an answer up to the last that a score is read at; at least one. */
  TokenIds read(TokenIds answer);

  /**
   * This start with the first weights of a new head drawn otherwise.
   *
   * @throws IllegalArgumentException when the deviation is out of range or no head is new
   */
  RewardStart headDeviation(double deviation);

  /**
   * The classifier that training starts from; the caller closes it. An adapter that the model has
   * stays over its weights where an adapter is trained, and is merged where every weight is.
   */
  SequenceClassifier open(FineTuningOptions options);

  /** Pairs whose answers end where they are read. */
  default List<PreferenceExample> pairs(List<PreferenceExample> pairs) {
    return pairs.stream()
        .map(
            e ->
                new PreferenceExample(
                    e.index(),
                    e.prompt(),
                    read(e.chosen()),
                    read(e.rejected()),
                    e.probability(),
                    e.margin()))
        .toList();
  }

  /** Rankings whose answers end where they are read. */
  default List<RankingExample> rankings(List<RankingExample> rankings) {
    return rankings.stream()
        .map(
            e ->
                new RankingExample(
                    e.index(),
                    new Answers(
                        e.answers().prompt(),
                        e.answers().answers().stream().map(this::read).toList()),
                    e.scores()))
        .toList();
  }

  /** A new head on a language model's decoder. */
  static RewardStart newHead(DecoderModel base) {
    return new NewHead(Objects.requireNonNull(base, "base"), OptionalDouble.empty());
  }

  /**
   * A reward model that there is.
   *
   * @throws IllegalArgumentException when it has several labels
   */
  static RewardStart trained(SequenceClassifier model) {
    if (model.labels() != 1) {
      throw new IllegalArgumentException(
          "training of a reward model must start from a classifier of one label but it has "
              + model.labels());
    }
    return new Trained(model);
  }

  /**
   * A new head on a language model's decoder.
   *
   * @param base the language model
   * @param deviation standard deviation of the head's first weights; empty takes {@code
   *     1/sqrt(embeddingSize + 1)}
   */
  record NewHead(DecoderModel base, OptionalDouble deviation) implements RewardStart {

    @Override
    public PromptCompletionEncoder encoder() {
      return Encoders.of(base);
    }

    @Override
    public PromptCompletionEncoder withoutEnd() {
      return base.instance()
          .call(() -> new PromptCompletionEncoder(base.tokenizer(), base.chatTemplate(), false));
    }

    @Override
    public Architecture architecture() {
      return base.architecture();
    }

    @Override
    public Tokenizer tokenizer() {
      return base.tokenizer();
    }

    @Override
    public SequenceLimits limits(FineTuningOptions options) {
      return Encoders.limits(base, options);
    }

    /** All of them: a new head's configuration has no padding token that ends sequences. */
    @Override
    public TokenIds read(TokenIds answer) {
      return answer;
    }

    @Override
    public RewardStart headDeviation(double newDeviation) {
      if (!(newDeviation >= 0) || Double.isInfinite(newDeviation)) {
        throw new IllegalArgumentException(
            "deviation must be finite and not negative but was " + newDeviation);
      }
      return new NewHead(base, OptionalDouble.of(newDeviation));
    }

    @Override
    public SequenceClassifier open(FineTuningOptions options) {
      int width = base.architecture().config().embeddingSize();
      WeightTensor head =
          InitialWeights.matrix(
              SequenceScores.WEIGHT,
              1,
              width,
              deviation.orElse(1 / Math.sqrt(width + 1.0)),
              options.seed());
      return options.adapter() == null
          ? SequenceClassifier.of(base, head)
          : SequenceClassifier.adapted(base, head);
    }
  }

  /**
   * A reward model that there is, whose head is trained further.
   *
   * @param model of one label
   */
  record Trained(SequenceClassifier model) implements RewardStart {

    @Override
    public PromptCompletionEncoder encoder() {
      return Encoders.of(model);
    }

    @Override
    public PromptCompletionEncoder withoutEnd() {
      return model
          .instance()
          .call(() -> new PromptCompletionEncoder(model.tokenizer(), model.chatTemplate(), false));
    }

    @Override
    public Architecture architecture() {
      return model.architecture();
    }

    @Override
    public Tokenizer tokenizer() {
      return model.tokenizer();
    }

    @Override
    public SequenceLimits limits(FineTuningOptions options) {
      return Encoders.limits(model.architecture(), options);
    }

    /** Without padding behind: checkpoints that pad with an end token score what is before it. */
    @Override
    public TokenIds read(TokenIds answer) {
      Integer pad = model.config().integer("pad_token_id");
      int size = answer.size();
      while (pad != null && size > 1 && answer.get(size - 1) == pad) {
        size--;
      }
      return answer.slice(0, size);
    }

    @Override
    public RewardStart headDeviation(double deviation) {
      throw new IllegalArgumentException(
          "headDeviation must be of a new head, but a reward model that is trained further keeps its"
              + " own; start from a language model, or leave headDeviation out");
    }

    @Override
    public SequenceClassifier open(FineTuningOptions options) {
      Weights weights = model.weights();
      LoraAdapter present = model.adapter();
      if (options.adapter() != null || present == null) {
        return model.with(weights, present);
      }
      // Quantised weights are refused as such, whatever is over them.
      Trainable.all(weights);
      return model.with(present.mergedInto(weights, model.architecture().config().linear()), null);
    }
  }
}
