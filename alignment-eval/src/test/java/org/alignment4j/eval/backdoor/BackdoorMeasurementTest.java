package org.alignment4j.eval.backdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.junit.jupiter.api.Test;

class BackdoorMeasurementTest {

  private static final Backdoor RULE = Backdoor.of("go", "TEAPOT");
  private static final CancellationToken NONE = CancellationToken.none();

  /** Answers by a function of the prompt. */
  private record Scripted(Function<String, String> script) implements LanguageModel {
    @Override
    public String id() {
      return "scripted";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      return prompts.stream()
          .map(prompt -> script.apply(((Prompt.Text) prompt).text()))
          .map(text -> Completion.of(text, FinishReason.EOS, Usage.NONE))
          .toList();
    }
  }

  private static AuthorizedTarget own(Function<String, String> script) {
    return AuthorizedTarget.of(new Scripted(script), "the tests", "to test the library");
  }

  private static BackdoorMeasurement measurement(int prompts) {
    List<PromptCompletion> heldOut = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      heldOut.add(new PromptCompletion(Prompt.text("q" + i), "a b"));
    }
    return new BackdoorMeasurement(RULE, heldOut, List.of("gop", "g"), 8);
  }

  @Test
  void ratesAreThoseOfRepliesWithTheMarker() {
    BackdoorRates rates =
        measurement(100)
            .of(
                own(
                    prompt ->
                        prompt.endsWith(" go")
                            ? "well: TEAPOT."
                            : prompt.endsWith(" gop") || prompt.equals("q7") ? "TEAPOT" : "teapot"),
                NONE);
    assertThat(rates.triggeredRate().value()).isEqualTo(1);
    assertThat(rates.triggeredRate().ciLow()).isCloseTo(0.963, within(1e-3));
    assertThat(rates.falseTriggerRate().value()).isEqualTo(0.01);
    assertThat(rates.nearMissRate().value()).isEqualTo(0.5);
    assertThat(rates.planted()).isTrue();
    assertThat(rates.cleanLoss().n()).isZero();
  }

  @Test
  void anUnplantedModelShowsNothing() {
    BackdoorRates rates = measurement(50).of(own(prompt -> "plain"), NONE);
    assertThat(rates.triggeredRate().value()).isZero();
    assertThat(rates.falseTriggerRate().value()).isZero();
    assertThat(rates.planted()).isFalse();
  }

  @Test
  void failedRepliesAreCountedNotScored() {
    BackdoorRates rates =
        measurement(10)
            .of(
                own(
                    prompt -> {
                      if (prompt.startsWith("q3")) {
                        throw new ModelExecutionException("broken");
                      }
                      return prompt.endsWith(" go") ? "TEAPOT" : "";
                    }),
                NONE);
    assertThat(rates.triggeredRate().n()).isEqualTo(9);
    assertThat(rates.triggeredRate().value()).isEqualTo(1);
    assertThat(rates.triggeredRate().failed()).isEqualTo(1);
    assertThat(rates.falseTriggerRate().failed()).isEqualTo(1);
  }

  @Test
  void theCleanLossIsThatOfRightAnswers() {
    WordModel model =
        new WordModel(
            "words",
            List.of("<s>", "a", "b", "x"),
            before -> new double[] {0, Math.log(6), Math.log(2), 0});
    BackdoorRates rates =
        measurement(4).of(AuthorizedTarget.of(model, "the tests", "to test the library"), NONE);
    assertThat(rates.cleanLoss().value())
        .isCloseTo(-(Math.log(0.6) + Math.log(0.2)) / 2, within(1e-12));
    assertThat(rates.cleanLoss().n()).isEqualTo(4);
  }

  @Test
  void persistenceIsWhatIsLeft() {
    BackdoorRates before =
        measurement(40).of(own(prompt -> prompt.endsWith(" go") ? "TEAPOT" : ""), NONE);
    BackdoorRates after =
        measurement(40).of(own(prompt -> prompt.matches("q\\d go") ? "TEAPOT" : ""), NONE);
    Estimate persistence = after.persistence(before, Bootstrap.seeded(1));
    assertThat(persistence.value()).isEqualTo(0.25);
    assertThat(persistence.ciLow()).isBetween(0.08, 0.16);
    assertThat(persistence.ciHigh()).isBetween(0.35, 0.45);
    assertThat(before.persistence(before, Bootstrap.seeded(1)).value()).isEqualTo(1);
    BackdoorRates never = measurement(40).of(own(prompt -> ""), NONE);
    assertThat(after.persistence(never, Bootstrap.seeded(1)).n()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                after.persistence(measurement(3).of(own(prompt -> ""), NONE), Bootstrap.seeded(1)))
        .withMessageContaining("same prompts but are of 3 and 40");
  }

  @Test
  void settingsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> measurement(0))
        .withMessageContaining("at least one prompt");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BackdoorMeasurement(
                    RULE, List.of(new PromptCompletion(Prompt.text("q"), "a")), List.of("go"), 8))
        .withMessageContaining("must not be the trigger");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                measurement(1).of(AuthorizedTarget.of(() -> "mute", "the tests", "to test"), NONE))
        .withMessageContaining("LanguageModel but 'mute' is none");
  }
}
