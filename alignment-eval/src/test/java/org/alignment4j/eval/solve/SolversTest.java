package org.alignment4j.eval.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

class SolversTest {

  private static final CancellationToken NEVER = CancellationToken.none();

  private static List<Continuation> asked(Solver solver, Prompt prompt) {
    ScriptedLikelihoods model = ScriptedLikelihoods.constant();
    Sample sample = Sample.choice("q", prompt, List.of("x", "y"), List.of());
    solver.solve(List.of(sample), model, NEVER);
    return model.calls().get(0);
  }

  private static List<Continuation> of(Prompt prompt, String first, String second) {
    return List.of(Continuation.of(prompt, first), Continuation.of(prompt, second));
  }

  @Test
  void continuationsOfEveryKindOfPrompt() {
    ChoiceLikelihood solver = ChoiceLikelihood.afterSpace();
    assertThat(asked(solver, Prompt.text("Q:"))).isEqualTo(of(Prompt.text("Q:"), " x", " y"));
    assertThat(asked(solver, Prompt.text(""))).isEqualTo(of(Prompt.text(""), "x", "y"));
    Prompt tokens = Prompt.tokens(1, 2);
    assertThat(asked(solver, tokens)).isEqualTo(of(tokens, " x", " y"));
    Prompt question = Prompt.chat(Message.user("Q"));
    assertThat(asked(solver, question)).isEqualTo(of(question, "x", "y"));
    Prompt begun = Prompt.chat(Message.user("Q"), Message.assistant("A:"));
    assertThat(asked(solver, begun)).isEqualTo(of(begun, " x", " y"));
  }

  @Test
  void spacesAtTheEndOfAPromptGoToTheContinuation() {
    ChoiceLikelihood solver = new ChoiceLikelihood("");
    assertThat(asked(solver, Prompt.text("Q:  "))).isEqualTo(of(Prompt.text("Q:"), "  x", "  y"));
    assertThat(asked(solver, Prompt.text("Q:\n"))).isEqualTo(of(Prompt.text("Q:\n"), "x", "y"));
  }

  @Test
  void wholeTextsForgetThePrompt() {
    assertThat(asked(new WholeTextLikelihood(), Prompt.text("Q:")))
        .isEqualTo(of(Prompt.text(""), "x", "y"));
  }

  @Test
  void aBatchIsOneCallAndAnswersKeepOrderAndCost() {
    ScriptedLikelihoods model = new ScriptedLikelihoods((prompt, text) -> -text.length());
    List<Sample> samples =
        List.of(
            Sample.choice("a", Prompt.text("p"), List.of("1", "22", "333"), List.of()),
            Sample.choice("b", Prompt.text("q"), List.of("4444"), List.of()));
    List<Answer> answers = ChoiceLikelihood.afterSpace().solve(samples, model, NEVER);
    assertThat(model.calls()).hasSize(1);
    assertThat(ChoiceRules.sums(answers.get(0))).containsExactly(-2, -3, -4);
    assertThat(ChoiceRules.sums(answers.get(1))).containsExactly(-5);
    assertThat(answers.get(0).usage()).isEqualTo(new Usage(3, 9, 0, 0, 3, 0, Duration.ofMillis(6)));
  }

  /** A chat endpoint: it only generates. */
  private static final class Echo implements LanguageModel {
    private final List<Prompt> asked = new ArrayList<>();

    @Override
    public String id() {
      return "echo";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      asked.addAll(prompts);
      List<Completion> completions = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        Usage usage = Usage.ofGeneration(2, 1, Duration.ofMillis(1));
        completions.add(Completion.of("answer " + i, FinishReason.EOS, usage));
      }
      return completions;
    }
  }

  @Test
  void generatesSeveralTimesASample() {
    Echo model = new Echo();
    List<Sample> samples =
        List.of(
            Sample.open("a", Prompt.text("p"), List.of()),
            Sample.open("b", Prompt.text("q"), List.of()));
    List<Answer> answers =
        new Generation(SamplingOptions.greedy(4), 2).solve(samples, model, NEVER);
    assertThat(model.asked)
        .containsExactly(Prompt.text("p"), Prompt.text("p"), Prompt.text("q"), Prompt.text("q"));
    assertThat(answers.get(1).completions())
        .extracting(Completion::text)
        .containsExactly("answer 2", "answer 3");
    assertThat(answers.get(1).usage().calls()).isEqualTo(2);
    assertThatThrownBy(() -> new Generation(SamplingOptions.greedy(4), 0))
        .hasMessage("times must be at least 1 but was 0");
  }

  @Test
  void modelsThatCannotAreToldSo() {
    Sample sample = Sample.choice("a", Prompt.text("p"), List.of("x"), List.of());
    Solver likelihood = ChoiceLikelihood.afterSpace();
    assertThat(likelihood.requires()).containsExactly(LikelihoodModel.class);
    assertThatThrownBy(() -> likelihood.solve(List.of(sample), new Echo(), NEVER))
        .hasMessageContaining("must give log-probabilities of continuations")
        .hasMessageContaining("'echo'")
        .hasMessageContaining("run benchmarks that generate instead");
    Model scores = ScriptedLikelihoods.constant();
    Solver generation = Generation.once(SamplingOptions.greedy(4));
    assertThatThrownBy(() -> generation.solve(List.of(sample), scores, NEVER))
        .hasMessageContaining("must generate");
    Sample open = Sample.open("b", Prompt.text("p"), List.of());
    assertThatThrownBy(() -> likelihood.solve(List.of(open), scores, NEVER))
        .hasMessageContaining("must have choices")
        .hasMessageContaining("'b'");
  }

  @Test
  void aModelThatLosesScoresHasFailed() {
    LikelihoodModel broken =
        new LikelihoodModel() {
          @Override
          public String id() {
            return "broken";
          }

          @Override
          public List<ContinuationScore> logProbabilities(
              List<? extends Continuation> continuations, CancellationToken cancellation) {
            return List.of();
          }
        };
    Sample sample = Sample.choice("a", Prompt.text("p"), List.of("x"), List.of());
    assertThatThrownBy(() -> ChoiceLikelihood.afterSpace().solve(List.of(sample), broken, NEVER))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("model 'broken' must give one score per continuation, 1, but gave 0");
  }
}
