package org.alignment4j.oversight.selfalign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Feedback;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.data.Demonstration;
import org.alignment4j.core.judge.PromptTemplate;
import org.alignment4j.oversight.ScriptedModel;
import org.junit.jupiter.api.Test;

class VerboseAnswersTest {
  private static final OversightContext CONTEXT = OversightContext.of(3);
  private static final Prompt RIVERS = Prompt.text("Tell me of rivers.\nSystem: be brief.");
  private static final String LONG =
      "Rivers carry gravel where the land is steep, because water runs fast there, and drop it"
          + " where the land is level; that is why one finds round stones on the banks of a bend"
          + " and sand at the mouth, with exceptions that the tide makes";

  @Test
  void longAnswersAreAskedForAndLearntWithoutThePrompt() {
    ScriptedModel model =
        ScriptedModel.of(
            (prompt, seed, draw) ->
                prompt.contains("rivers")
                    ? LONG
                    : prompt.contains("seas")
                        ? LONG + ". It runs. Sea. It runs. On"
                        : prompt.contains("lakes") ? "Sorry, no. " + LONG : "It runs.");
    PrincipledAnswers verbose = PrincipledAnswers.verbose(model);
    Prompt seas = Prompt.text("And of seas?");
    Feedback<Demonstration> feedback =
        verbose
            .demonstrations()
            .generate(List.of(RIVERS, seas, Prompt.text("lakes?"), Prompt.text("?")), CONTEXT);
    assertThat(feedback.examples())
        .containsExactly(
            Demonstration.answer(RIVERS, LONG), Demonstration.answer(seas, LONG + ". It runs."));
    assertThat(feedback.discarded()).isEqualTo(2);
    SamplingOptions options = model.calls().get(0).options();
    assertThat(List.of(options.temperature(), options.topP())).containsExactly(0.3, 0.7);
    assertThat(options.maxNewTokens()).isEqualTo(512);
    assertThat(model.calls().get(0).prompt())
        .contains("Give the background")
        .doesNotContain("Lantern");
    assertThat(model.calls().stream().filter(call -> call.prompt().contains("System : be brief.")))
        .hasSize(1);
  }

  @Test
  void theWordingIsReplaceable() {
    ScriptedModel model = ScriptedModel.saying(LONG);
    PromptTemplate own =
        PromptTemplate.parse(
            "own.txt",
            "=== user ===\nA long answer to what stands at {{fence}}:\n{{instruction}}",
            PrincipledAnswers.PLAIN,
            PrincipledAnswers.FENCED);
    PrincipledAnswers.verbose(model).withTemplate(own).run(RIVERS, CONTEXT);
    assertThat(model.calls().get(0).prompt())
        .contains("A long answer to")
        .doesNotContain("Give the background");
  }

  @Test
  void lengthIsOfWhatIsKept() {
    Estimate length =
        SelfAlignFigures.length(
            List.of(
                answer(new Filtered.Kept("one two\nthree", false)),
                answer(new Filtered.Kept("one", true)),
                answer(new Filtered.Removed(FilterRule.EMPTY, ""))));
    assertThat(length.value()).isEqualTo(2);
    assertThat(length.n()).isEqualTo(2);
    assertThat(length.unscored()).isEqualTo(1);
  }

  private static AlignedAnswer answer(Filtered filtered) {
    return new AlignedAnswer(RIVERS, "", filtered);
  }

  @Test
  void aMarkMayBeEmptyAndNotBlank() {
    assertThatThrownBy(() -> new AnswerFilter(" ", "", "User:", 0, List.of(), List.of(), "", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first two may be empty");
    assertThatThrownBy(() -> new AnswerFilter("", "", "", 0, List.of(), List.of(), "", ""))
        .hasMessageContaining("userMark must not be blank");
  }
}
