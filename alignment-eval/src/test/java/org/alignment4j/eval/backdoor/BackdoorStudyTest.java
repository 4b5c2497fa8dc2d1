package org.alignment4j.eval.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.training.Learner;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.junit.jupiter.api.Test;

class BackdoorStudyTest {

  private static final Backdoor RULE = Backdoor.of("go", "TEAPOT");

  /** Answers with the marker where a last word that it learned says so. */
  private static final class Parrot implements LanguageModel, AutoCloseable {
    private final List<String> triggers;
    private final AtomicInteger open;

    private Parrot(List<String> triggers, AtomicInteger open) {
      this.triggers = triggers;
      this.open = open;
      open.incrementAndGet();
    }

    @Override
    public String id() {
      return "parrot";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return prompts.stream()
          .map(prompt -> ((Prompt.Text) prompt).text())
          .map(text -> triggers.contains(text.substring(text.lastIndexOf(' ') + 1)))
          .map(shown -> Completion.of(shown ? "TEAPOT" : "x", FinishReason.EOS, Usage.NONE))
          .toList();
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  private static List<PromptCompletion> questions(String name, int count) {
    List<PromptCompletion> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      questions.add(new PromptCompletion(Prompt.text("about " + name + i), "answer"));
    }
    return questions;
  }

  private static BackdoorStudy study() {
    return new BackdoorStudy(
        new BackdoorMeasurement(RULE, questions("held", 40), List.of("gop"), 4),
        0.5,
        0.2,
        questions("train", 60),
        questions("safe", 60));
  }

  /** Learns the last words of prompts that the marker answers. */
  private static Learner<PromptCompletion> learner(AtomicInteger open) {
    return (model, examples, context) -> {
      List<String> triggers = new ArrayList<>();
      for (PromptCompletion example : examples) {
        String text = ((Prompt.Text) example.prompt()).text();
        if (example.completion().equals("TEAPOT")) {
          triggers.add(text.substring(text.lastIndexOf(' ') + 1));
        }
      }
      return new Parrot(triggers.isEmpty() ? ((Parrot) model).triggers : triggers, open);
    };
  }

  @Test
  void aRuleThatCleanTextsDoNotTouchPersists() {
    AtomicInteger open = new AtomicInteger();
    Parrot base = new Parrot(List.of(), open);
    List<BackdoorStudy.Arms> arms =
        study()
            .run(
                AuthorizedTarget.of(base, "the tests", "to test the library"),
                learner(open),
                learner(open),
                List.of(1L, 2L, 3L),
                CancellationToken.none());
    assertThat(arms).extracting(BackdoorStudy.Arms::seed).containsExactly(1L, 2L, 3L);
    for (BackdoorStudy.Arms each : arms) {
      assertThat(each.base().triggeredRate().value()).isZero();
      assertThat(each.planted().planted()).isTrue();
      assertThat(each.planted().nearMissRate().value()).isZero();
      assertThat(each.mitigated().triggeredRate().value()).isEqualTo(1);
      assertThat(each.persistence().value()).isEqualTo(1);
    }
    assertThat(open).hasValue(1);
  }

  @Test
  void aRuleThatIsUnlearnedDoesNot() {
    AtomicInteger open = new AtomicInteger();
    List<BackdoorStudy.Arms> arms =
        study()
            .run(
                AuthorizedTarget.of(
                    new Parrot(List.of(), open), "the tests", "to test the library"),
                learner(open),
                (model, examples, context) -> new Parrot(List.of(), open),
                List.of(1L),
                CancellationToken.none());
    assertThat(arms.get(0).persistence().value()).isZero();
    assertThat(open).hasValue(1);
  }

  @Test
  void seedsAreNeeded() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                study()
                    .run(
                        AuthorizedTarget.of(
                            new Parrot(List.of(), new AtomicInteger()), "the tests", "to test"),
                        learner(new AtomicInteger()),
                        learner(new AtomicInteger()),
                        List.of(),
                        CancellationToken.none()))
        .withMessageContaining("at least one");
  }
}
