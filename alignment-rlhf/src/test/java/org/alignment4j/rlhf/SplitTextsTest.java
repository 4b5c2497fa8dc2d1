package org.alignment4j.rlhf;

import static org.alignment4j.api.model.Message.assistant;
import static org.alignment4j.api.model.Message.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.alignment4j.rlhf.data.SequenceLimits.LongCompletion;
import org.alignment4j.rlhf.data.SequenceLimits.LongText;
import org.alignment4j.rlhf.data.SftExample;
import org.alignment4j.rlhf.data.SftExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that are longer than a row. */
class SplitTextsTest extends PocketTraining {

  private static final int LIMIT = 16;
  private static final String LONG = "Tim saw a big red ball and Lily saw a cat. ".repeat(5);

  private static final List<Demonstration> TEXTS =
      List.of(new Demonstration.Text("The dog ran."), new Demonstration.Text(LONG));

  private static final SequenceLimits CUT = SequenceLimits.of(LIMIT);
  private static final SequenceLimits SPLIT = CUT.texts(LongText.SPLIT);

  private static SftExamples encode(List<Demonstration> texts, SequenceLimits limits) {
    return SftExamples.encode(texts, Encoders.of(base), limits);
  }

  @Test
  void piecesTogetherAreTheText() {
    List<SftExample> whole = encode(TEXTS, SequenceLimits.of(256)).examples();
    SftExamples split = encode(TEXTS, SPLIT);
    assertThat(whole).hasSize(2);
    TokenIds text = whole.get(1).ids();
    assertThat(text.size()).isGreaterThan(4 * LIMIT);
    assertThat(base.eosTokenIds()).contains(text.get(text.size() - 1));

    assertThat(split.examples().get(0).ids()).isEqualTo(whole.get(0).ids());
    List<SftExample> pieces = split.examples().subList(1, split.examples().size());
    TokenIds joined = pieces.get(0).ids().slice(0, 1);
    for (SftExample piece : pieces) {
      assertThat(piece.index()).isEqualTo(1);
      assertThat(piece.ids().size()).isLessThanOrEqualTo(LIMIT);
      assertThat(piece.ids().get(0)).isEqualTo(joined.get(joined.size() - 1));
      assertThat(piece.learntTokens()).isEqualTo(piece.ids().size() - 1);
      joined = joined.concat(piece.ids().slice(1, piece.ids().size()));
    }
    assertThat(joined).isEqualTo(text);
    assertThat(pieces.stream().mapToInt(SftExample::learntTokens).sum()).isEqualTo(text.size() - 1);
    assertThat(split.report().kept()).isEqualTo(2);
    assertThat(split.report().completionsCut()).isZero();
  }

  @Test
  void withoutTheOptionTheEndIsLost() {
    SftExamples cut = encode(TEXTS, CUT);
    assertThat(cut.examples()).hasSize(2);
    assertThat(cut.examples().get(1).ids().size()).isEqualTo(LIMIT);
    assertThat(cut.report().completionsCut()).isEqualTo(1);
    assertThat(new SequenceLimits(16, 12, LongCompletion.CUT)).isEqualTo(CUT);
  }

  /** A piece of an answer would be learnt without what it answers. */
  @Test
  void answersAndConversationsAreNotSplit() {
    List<Demonstration> others =
        List.of(
            Demonstration.answer(Prompt.text("One"), LONG),
            new Demonstration.Conversation(List.of(user("a"), assistant(LONG))));
    SftExamples split = encode(others, SPLIT);
    SftExamples cut = encode(others, CUT);
    assertThat(split.report()).isEqualTo(cut.report());
    assertThat(split.report().completionsCut()).isEqualTo(2);
    assertThat(split.examples()).hasSize(2);
    for (int i = 0; i < 2; i++) {
      assertThat(split.examples().get(i).ids()).isEqualTo(cut.examples().get(i).ids());
      assertThat(split.examples().get(i).learnt()).isEqualTo(cut.examples().get(i).learnt());
    }
  }

  /** Against the cross-entropy of each piece read by itself. */
  @Test
  void trainingLearnsEveryPiece() {
    List<Continuation> pieces = new ArrayList<>();
    for (SftExample piece : encode(TEXTS, SPLIT).examples()) {
      TokenIds ids = piece.ids();
      pieces.add(Continuation.of(Prompt.tokens(ids.slice(0, 1)), ids.slice(1, ids.size())));
    }
    double sum = 0;
    int tokens = 0;
    for (var score : base.logProbabilities(pieces, CancellationToken.none())) {
      sum -= score.sum();
      tokens += score.tokens().size();
    }
    FineTuningResult result =
        SftTrainer.of(base)
            .limits(SPLIT)
            .learningRate(1e-4)
            .batchSize(pieces.size())
            .trainDemonstrations(TEXTS);
    result.model().close();
    assertThat(result.metrics()).hasSize(1);
    assertThat(value(result.metrics().get(0), "loss")).isCloseTo(sum / tokens, within(1e-4));
  }

  /** Beside rewards and beside pairs every piece counts as a text. */
  @Test
  void textsBesideAreSplitToo() {
    PolicyTrainer policy =
        PolicyTrainer.of(base, PolicyMethod.grpo().withGroupSize(2))
            .reward(RewardFunction.each("one", r -> 1))
            .rollouts(RolloutOptions.of(4))
            .pretraining(new PretrainingMix(TEXTS, 1, 1));
    List<Prompt> prompts = List.of(Prompt.text("Once upon"));
    assertThat(Logged.warnings(() -> policy.limits(CUT).begin(prompts).close()))
        .singleElement()
        .asString()
        .contains("1 lost their end");
    assertThat(Logged.warnings(() -> policy.limits(SPLIT).begin(prompts).close())).isEmpty();
    HindsightTrainer hindsight =
        HindsightTrainer.of(base).batchSize(6).epochs(1).pretraining(TEXTS, 0.5);
    SequenceLimits room = SequenceLimits.of(48);
    assertThat(
            Logged.warnings(() -> hindsight.limits(room).train(pairs()).model().close()).toString())
        .contains("1 lost their end");
    assertThat(
            Logged.warnings(
                () -> hindsight.limits(room.texts(LongText.SPLIT)).train(pairs()).model().close()))
        .isEmpty();
  }

  @Test
  void aRunOfCutTextsIsAnother(@TempDir Path folder) {
    assertThat(CUT)
        .as("as descriptions of runs always had it")
        .hasToString("SequenceLimits[maxLength=16, maxCompletionLength=12, longCompletions=CUT]");
    assertThat(SPLIT)
        .hasToString(
            "SequenceLimits[maxLength=16, maxCompletionLength=12, longCompletions=CUT,"
                + " longTexts=SPLIT]");
    assertThat(SPLIT.completions(10, LongCompletion.DROP).longTexts()).isEqualTo(LongText.SPLIT);
    SftTrainer trainer = SftTrainer.of(base).batchSize(2).runFolder(folder);
    trainer.limits(CUT).trainDemonstrations(TEXTS).model().close();
    assertThatThrownBy(() -> trainer.limits(SPLIT).trainDemonstrations(TEXTS))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data");
    trainer.limits(CUT.texts(LongText.CUT)).trainDemonstrations(TEXTS).model().close();
  }
}
