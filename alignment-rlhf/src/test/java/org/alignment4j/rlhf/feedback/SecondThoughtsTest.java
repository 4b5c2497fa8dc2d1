package org.alignment4j.rlhf.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains of edits as examples, and what becomes of a model's own. */
class SecondThoughtsTest {

  private static final SecondThoughts THOUGHTS = SecondThoughts.standard();
  private static final Prompt CONTEXT = Prompt.text("Tim saw a dog.");

  @Test
  void examplesTeachEditsAndTheNewText() {
    PromptCompletion example =
        THOUGHTS.example(CONTEXT, " It was so bad.", " It was very good today.");
    assertThat(example.prompt())
        .isEqualTo(Prompt.text("Tim saw a dog.<|source|> It was so bad.<|edits|>"));
    assertThat(example.completion())
        .isEqualTo(
            "<|keep|> It was<|insert|> very<|replace|> so bad.<|by|> good today.<|target|> It was"
                + " very good today.")
        .endsWith("<|target|> It was very good today.");
    Prompt chat = Prompt.chat(Message.user("Hi"));
    assertThat(THOUGHTS.example(chat, "a", "b").prompt())
        .isEqualTo(Prompt.chat(Message.user("Hi<|source|>a<|edits|>")));
  }

  @Test
  void pairsGoFromTheWorseToTheBetterAnswer() {
    List<PromptCompletion> examples =
        THOUGHTS.examples(List.of(new PreferencePair(CONTEXT, " good", " bad")));
    assertThat(examples.get(0).completion()).isEqualTo("<|replace|> bad<|by|> good<|target|> good");
    assertThatThrownBy(
            () -> THOUGHTS.examples(List.of(new PreferencePair(CONTEXT, " a", " <|keep|>"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pairs[0]: unaligned must not hold a marker");
    assertThatThrownBy(() -> THOUGHTS.prompt(Prompt.tokens(1), "a"))
        .hasMessageContaining("but was Tokens");
  }

  private static PreferencePair pair(String first, String second, double probability) {
    return new PreferencePair(CONTEXT, first, second, probability, OptionalDouble.empty(), null);
  }

  /** The answer that is more probably the better one is learned; of even odds nothing is. */
  @Test
  void probabilitiesDecideWhichAnswerIsTheBetter() {
    List<PromptCompletion> examples =
        THOUGHTS.examples(
            List.of(
                pair(" a", " b", 0.7),
                pair(" c", " d", 0.3),
                pair(" e", " f", 0.5),
                pair(" g", " h", 0),
                pair(" i", " j", 0.51)));
    assertThat(examples)
        .containsExactly(
            THOUGHTS.example(CONTEXT, " b", " a"),
            THOUGHTS.example(CONTEXT, " c", " d"),
            THOUGHTS.example(CONTEXT, " g", " h"),
            THOUGHTS.example(CONTEXT, " j", " i"));
    assertThatThrownBy(
            () -> THOUGHTS.examples(List.of(pair(" e", " f", 0.5), pair(" a", " <|keep|>", 0.4))))
        .hasMessageContaining("pairs[1]: aligned must not hold a marker");
  }

  @Test
  void whatAModelWroteIsReadAndChecked() {
    String draft = " It was bad.";
    String written = THOUGHTS.example(CONTEXT, draft, " It was good.").completion();
    SecondThoughts.Revision revision = THOUGHTS.read(draft, written);
    assertThat(revision.text()).isEqualTo(" It was good.");
    assertThat(revision.edits()).isNotNull();
    assertThat(revision.problem()).isNull();
    String cut = written.substring(0, written.indexOf("<|target|>"));
    assertThat(THOUGHTS.read(draft, cut).text()).as("edits alone").isEqualTo(" It was good.");
    SecondThoughts.Revision other = THOUGHTS.read(" Nothing.", written);
    assertThat(other.text()).isEqualTo(" It was good.");
    assertThat(other.edits()).isNull();
    assertThat(other.problem()).contains("piece 0");
    SecondThoughts.Revision another = THOUGHTS.read(draft, cut + "<|target|> It was fine.");
    assertThat(another.text()).isEqualTo(" It was fine.");
    assertThat(another.problem()).contains("another text");
    assertThat(THOUGHTS.read(draft, "nonsense").text()).isNull();
  }

  /** Short markers that a small model's tokenizer spells in few tokens. */
  @Test
  void aRealModelLearnsToEdit(@TempDir Path folder) {
    SecondThoughts terse =
        new SecondThoughts(
            EditCosts.standard(),
            new EditText(
                new EditMarkers(
                    " (", ") :", " Keep", " Replace", " By", " Delete", " Insert", " =")));
    List<PromptCompletion> examples = new ArrayList<>();
    for (String name : List.of("Tim", "Lily", "Ben", "Sue", "Tom", "Mia")) {
      examples.add(
          terse.example(Prompt.text("One day " + name + " saw"), " a bad dog.", " a big dog."));
    }
    try (DecoderModel base = TestModels.pocket(folder)) {
      FineTuningResult result =
          SftTrainer.of(base).learningRate(3e-3).epochs(60).batchSize(6).train(examples);
      try (DecoderModel editor = result.model()) {
        String written =
            editor
                .generate(
                    terse.prompt(Prompt.text("One day Ben saw"), " a bad dog."),
                    SamplingOptions.greedy(60))
                .text();
        SecondThoughts.Revision revision = terse.read(" a bad dog.", written);
        assertThat(revision.problem()).isNull();
        assertThat(revision.text()).isEqualTo(" a big dog.");
      }
    }
  }
}
