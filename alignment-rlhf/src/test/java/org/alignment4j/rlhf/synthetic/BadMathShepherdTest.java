package org.alignment4j.rlhf.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.reward.RewardRules;
import org.alignment4j.rlhf.synthetic.MathShepherd.Estimation;
import org.junit.jupiter.api.Test;

/** What labels of steps cannot be made of. */
class BadMathShepherdTest {

  @Test
  void badInputIsRefused() {
    Ruled completer = new Ruled((p, k) -> "right");
    MathShepherd shepherd =
        MathShepherd.of(completer, MathShepherdTest.SAMPLING, MathShepherdTest.ENDS_WELL);
    assertThatThrownBy(() -> shepherd.rollouts(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rollouts must be at least 1 but was 0");
    assertThatThrownBy(
            () -> MathShepherd.of(completer, SamplingOptions.greedy(4), MathShepherdTest.ENDS_WELL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not be greedy where there are 8 rollouts");
    assertThatThrownBy(
            () ->
                new MathShepherd(
                    completer,
                    MathShepherdTest.SAMPLING,
                    MathShepherdTest.ENDS_WELL,
                    1,
                    Estimation.HARD,
                    ""))
        .hasMessage("separator must not be empty");
    assertThatThrownBy(
            () ->
                shepherd.label(
                    List.of(
                        MathShepherdTest.solution("Q", "a", "b"),
                        new StepwiseSolution(Prompt.tokens(1), List.of("a"))),
                    MathShepherdTest.token()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("solutions[1]", "token ids");
    assertThatThrownBy(
            () ->
                shepherd.label(
                    List.of(MathShepherdTest.solution("Q", "a", "b\nc")), MathShepherdTest.token()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("solutions[0]: steps[1] must not contain the separator");
    assertThat(completer.asked()).as("sampled nothing before").isEmpty();
    assertThatThrownBy(
            () ->
                MathShepherd.of(
                        completer,
                        MathShepherdTest.SAMPLING,
                        RewardRules.when(t -> true).times(0.5))
                    .label(List.of(MathShepherdTest.solution("Q", "a")), MathShepherdTest.token()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("0 for a wrong one but was 0.5");
    assertThatThrownBy(
            () ->
                MathShepherd.of(completer, MathShepherdTest.SAMPLING, (answers, c) -> List.of())
                    .label(List.of(MathShepherdTest.solution("Q", "a")), MathShepherdTest.token()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("check must give a value for each of 1 answers but gave 0");
    LanguageModel silent =
        new LanguageModel() {
          @Override
          public String id() {
            return "silent";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts, SamplingOptions options, CancellationToken token) {
            return List.of();
          }
        };
    assertThatThrownBy(
            () ->
                MathShepherd.of(silent, MathShepherdTest.SAMPLING, MathShepherdTest.ENDS_WELL)
                    .label(
                        List.of(MathShepherdTest.solution("Q", "a", "b")),
                        MathShepherdTest.token()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("completer silent must answer each of 8 prompts but gave 0 completions");
  }
}
