package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.rlhf.data.ChainOfHindsight.Form;
import org.alignment4j.rlhf.data.ChainOfHindsight.Markers;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sequences of answers with markers, and their tokens with a real tokenizer. */
class ChainOfHindsightTest {

  private static final int EOS = 0;
  private static final Prompt PROMPT = Prompt.text("Tim saw a dog.");

  private static HfTokenizer tokenizer;
  private static PromptCompletionEncoder encoder;

  @BeforeAll
  static void load(@TempDir Path folder) {
    tokenizer = HfTokenizer.load(PocketModel.copyTo(folder));
    encoder = new PromptCompletionEncoder(tokenizer, ChatTemplate.plain(), true);
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private static PreferencePair pair(double probability) {
    return new PreferencePair(
        PROMPT, " It was happy.", "It was sad.", probability, OptionalDouble.empty(), null);
  }

  private static ChainOfHindsight only(Form... forms) {
    return new ChainOfHindsight(Set.of(forms), ChainOfHindsight.standard().markers());
  }

  /** Learnt stretches as texts, an end token as a bar; and all else between them. */
  private static List<String> stretches(SftExample example) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= example.ids().size(); i++) {
      if (i == example.ids().size() || example.learnt().get(i) != example.learnt().get(from)) {
        TokenIds part = example.ids().slice(from, i);
        boolean ended = part.get(part.size() - 1) == EOS;
        String text = tokenizer.decode(ended ? part.slice(0, part.size() - 1) : part);
        parts.add(text + (ended ? "|" : ""));
        from = i;
      }
    }
    return parts;
  }

  private static List<SftExample> encode(ChainOfHindsight hindsight, List<PreferencePair> pairs) {
    return SftExamples.encodeChains(hindsight.of(pairs).chains(), encoder, SequenceLimits.of(200))
        .examples();
  }

  @Test
  void answersAreLearntBehindTheirMarkersAndEndEach() {
    List<SftExample> examples = encode(ChainOfHindsight.standard(), List.of(pair(1)));
    assertThat(examples).hasSize(4);
    String good = "Tim saw a dog.\nA helpful answer:";
    String bad = "Tim saw a dog.\nAn unhelpful answer:";
    assertThat(stretches(examples.get(0))).containsExactly(good, " It was happy.|");
    assertThat(stretches(examples.get(1))).containsExactly(bad, " It was sad.|");
    assertThat(stretches(examples.get(2)))
        .containsExactly(bad, " It was sad.|", "\nA helpful answer:", " It was happy.|");
    assertThat(stretches(examples.get(3)))
        .containsExactly(good, " It was happy.|", "\nAn unhelpful answer:", " It was sad.|");
  }

  @Test
  void formsTimesWordingsAreTheSequencesOfAPair() {
    List<Markers> wordings =
        List.of(
            new Markers(" Good:", " Bad:"),
            new Markers(" Yes:", " No:"),
            new Markers(" A:", " B:"));
    for (Set<Form> forms :
        List.of(
            EnumSet.allOf(Form.class), Set.of(Form.BAD), Set.of(Form.GOOD, Form.BAD_THEN_GOOD))) {
      ChainOfHindsight hindsight = new ChainOfHindsight(forms, wordings);
      assertThat(hindsight.of(List.of(pair(1), pair(0.9))).chains())
          .hasSize(2 * 3 * forms.size())
          .allSatisfy(
              chain ->
                  assertThat(chain.links())
                      .allSatisfy(
                          link ->
                              assertThat(wordings)
                                  .anyMatch(
                                      w ->
                                          link.answer().contains("happy")
                                              ? link.marker().equals(w.good())
                                              : link.marker().equals(w.bad()))));
    }
  }

  @Test
  void likelierAnswersAreTheGoodOnesAndTiesAreDropped() {
    ChainOfHindsight.Sequences found =
        only(Form.GOOD)
            .of(
                List.of(
                    pair(0.3),
                    pair(0.5),
                    new PreferencePair(PROMPT, " the same", "the same "),
                    pair(0.7)));
    assertThat(found.chains().stream().map(c -> c.links().get(0).answer()))
        .containsExactly(" It was sad.", " It was happy.");
    assertThat(found.undecided()).isEqualTo(1);
    assertThat(found.equal()).isEqualTo(1);
  }

  @Test
  void conversationsGoOnWithTheOtherAnswer() {
    Prompt chat =
        Prompt.chat(Message.user("Hi"), Message.assistant("Hello"), Message.user("A story"));
    List<SftExample> examples =
        encode(
            only(Form.BAD_THEN_GOOD),
            List.of(new PreferencePair(chat, "It was happy.", "It was sad.")));
    List<String> parts = stretches(examples.get(0));
    assertThat(parts).hasSize(4);
    assertThat(parts.get(0)).contains("Hello").contains("A story\nAn unhelpful answer:");
    assertThat(parts.get(1)).contains("It was sad.").endsWith("|");
    assertThat(parts.get(2)).contains("A helpful answer:");
    assertThat(parts.get(3)).contains("It was happy.").endsWith("|");
    TokenIds asked = encoder.encodePrompt(ChainOfHindsight.standard().prompt(chat));
    List<SftExample> good =
        encode(only(Form.GOOD), List.of(new PreferencePair(chat, "It was happy.", "No.")));
    assertThat(good.get(0).ids().startsWith(asked)).isTrue();
    assertThat(good.get(0).learnt().nextSetBit(0)).isEqualTo(asked.size());
  }

  @Test
  void thePromptOfInferenceIsWhatWasTrained() {
    TokenIds asked = encoder.encodePrompt(ChainOfHindsight.standard().prompt(PROMPT));
    SftExample example = encode(only(Form.GOOD), List.of(pair(1))).get(0);
    assertThat(example.ids().startsWith(asked)).isTrue();
    assertThat(example.learnt().nextSetBit(0)).isEqualTo(asked.size());
    assertThatThrownBy(() -> ChainOfHindsight.standard().prompt(Prompt.tokens(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but was Tokens");
  }

  @Test
  void thePromptIsCutAndAnswersNever() {
    Prompt chat =
        Prompt.chat(
            Message.user("One day a very big dog ran to the park to play with a ball."),
            Message.assistant("It was a good day for the dog and for Tim and for Lily."),
            Message.user("A story"));
    List<AnswerChain> chains =
        only(Form.BAD_THEN_GOOD)
            .of(List.of(new PreferencePair(chat, "It was happy.", "It was sad.")))
            .chains();
    int whole =
        SftExamples.encodeChains(chains, encoder, SequenceLimits.of(200))
            .examples()
            .get(0)
            .ids()
            .size();
    SftExamples shorter = SftExamples.encodeChains(chains, encoder, SequenceLimits.of(whole - 1));
    assertThat(shorter.report().turnsCut()).isPositive();
    assertThat(stretches(shorter.examples().get(0)).get(3)).contains("It was happy.").endsWith("|");
    assertThat(shorter.examples().get(0).ids().size()).isLessThan(whole);
    assertThatThrownBy(() -> SftExamples.encodeChains(chains, encoder, SequenceLimits.of(20)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chains[0]: prompt and answers must fit into 20 tokens");
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertThatThrownBy(() -> new Markers("x", " x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two different texts");
    assertThatThrownBy(() -> new ChainOfHindsight(Set.of(), ChainOfHindsight.standard().markers()))
        .hasMessageContaining("forms and markers must not be empty");
    assertThatThrownBy(
            () -> ChainOfHindsight.standard().of(List.of(new PreferencePair(PROMPT, "", "x"))))
        .hasMessageContaining("pairs[0]: chosen and rejected must not be empty but chosen was");
    assertThatThrownBy(
            () ->
                ChainOfHindsight.standard()
                    .of(List.of(pair(1), new PreferencePair(Prompt.tokens(1), "x", "y"))))
        .hasMessageContaining("pairs[1]: prompt must be a text or a conversation");
  }
}
