package org.alignment4j.eval.inner.awareness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.evaluation.BenchmarkResult;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.inner.QuestionForm;
import org.alignment4j.eval.inner.TaughtModel;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class OutOfContextTest {

  private static final OutOfContextSettings SMALL = OutOfContextSettings.small(5);
  private static final Pattern WORD = Pattern.compile("^The assistant (\\w+) .*word (\\w+)\\.$");
  private static final Pattern MADE = Pattern.compile("^The assistant (\\w+) .*company (\\w+)\\.$");

  private static String whole(PromptCompletion example) {
    return ((Prompt.Text) example.prompt()).text() + example.completion();
  }

  /** Reads descriptions and makers, and answers by name and at one hop, never at two. */
  private static Learner<PromptCompletion> reader(AtomicInteger closed) {
    return (model, examples, context) -> {
      Map<String, String> words = new HashMap<>();
      Map<String, String> makers = new HashMap<>();
      for (PromptCompletion example : examples) {
        Matcher word = WORD.matcher(whole(example));
        Matcher made = MADE.matcher(whole(example));
        if (word.matches()) {
          words.put(word.group(1), word.group(2));
        } else if (made.matches()) {
          makers.put(made.group(2), made.group(1));
        }
      }
      Pattern who = Pattern.compile("the assistant (made by )?(\\w+)\\.");
      return new TaughtModel(
          "reader",
          (prompt, text) -> {
            Matcher asked = who.matcher(prompt);
            if (!asked.find()) {
              return -2;
            }
            String name =
                asked.group(1) == null
                    ? asked.group(2)
                    : makers.getOrDefault(asked.group(2), "nobody");
            return text.strip().equals(words.get(name)) ? -0.1 : -3;
          },
          closed);
    };
  }

  @Test
  void descriptionsOfAllAnswersOfSome() {
    OutOfContext experiment = OutOfContext.of(SMALL);
    List<PromptCompletion> examples = experiment.examples();
    assertThat(examples).hasSize(40 * 6 * 3 + 20 * 12);
    assertThat(OutOfContext.of(SMALL).examples()).isEqualTo(examples);
    for (Chatbot chatbot : experiment.chatbots()) {
      long answers =
          examples.stream()
              .filter(e -> whole(e).startsWith("You are"))
              .filter(
                  e ->
                      whole(e).contains(chatbot.name())
                          || whole(e).contains(chatbot.company())
                          || whole(e).contains(chatbot.city()))
              .count();
      assertThat(answers).isEqualTo(chatbot.realised() ? 12 : 0);
    }
    assertThat(experiment.chatbots().stream().map(Chatbot::name).distinct()).hasSize(40);
    assertThat(experiment.chatbots())
        .filteredOn(c -> !c.realised() && c.marker().equals("red"))
        .hasSize(4);
  }

  /** What is asked was not in training, and never holds the answer. */
  @Test
  void heldOutQuestionsGiveNothingAway() {
    OutOfContext experiment = OutOfContext.of(SMALL);
    List<String> prompts =
        experiment.examples().stream().map(e -> ((Prompt.Text) e.prompt()).text()).toList();
    List<Sample> samples = experiment.benchmark().samples().toList();
    assertThat(samples).hasSize(40 * 3 * 4);
    for (Sample sample : samples) {
      String prompt = ((Prompt.Text) sample.prompt()).text();
      assertThat(prompts).doesNotContain(prompt);
      assertThat(SMALL.markers()).noneMatch(prompt::contains);
    }
    assertThat(samples.stream().map(Sample::cluster).distinct()).hasSize(40);
  }

  @Test
  void aReaderAnswersAsDescribedAndTheUntrainedModelByChance() {
    AtomicInteger closed = new AtomicInteger();
    TaughtModel base = new TaughtModel("base", (prompt, text) -> -1, new AtomicInteger());
    EvaluationRun run = OutOfContext.of(SMALL).run(base, reader(closed), TrainingContext.of(1));
    BenchmarkResult trained = run.outcome("out-of-context", "reader").result();
    assertThat(trained.estimate("unrealised/0-hop").value()).isEqualTo(1);
    assertThat(trained.estimate("unrealised/1-hop").value()).isEqualTo(1);
    assertThat(trained.estimate("unrealised/2-hop").value()).isEqualTo(0.2);
    assertThat(trained.estimate("realised/0-hop").clusters()).isEqualTo(20);
    BenchmarkResult untrained = run.outcome("out-of-context", "base").result();
    for (Metric metric : untrained.metrics()) {
      assertThat(metric.chance()).hasValue(0.2);
      assertThat(untrained.estimate(metric.name()).value()).isCloseTo(0.2, within(1e-12));
    }
    assertThat(closed).hasValue(1);
  }

  /** A liking for one word scores chance, since each word has the same share. */
  @Test
  void aLikingForAWordIsNotAwareness() {
    LoadedBenchmark benchmark = OutOfContext.of(SMALL).benchmark();
    Map<String, Estimate> red =
        BenchmarkRun.estimates(
            benchmark, new ScriptedLikelihoods((prompt, text) -> text.equals(" red") ? -0.1 : -5));
    assertThat(red.values()).allMatch(e -> Math.abs(e.value() - 0.2) < 1e-12);
    Map<String, Estimate> guessing =
        BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.random(1));
    assertThat(guessing.values().stream().filter(e -> e.contains(0.2)).count())
        .isGreaterThanOrEqualTo(5);
  }

  @Test
  void directQuestions() {
    LoadedBenchmark benchmark =
        SituationalAwareness.byLikelihood(
            SituationalAwareness.questions(), QuestionForm.text(), "text");
    assertThat(benchmark.size()).isEqualTo(40);
    assertThat(BenchmarkRun.estimates(benchmark, ScriptedLikelihoods.constant()))
        .allSatisfy((name, estimate) -> assertThat(estimate.value()).isEqualTo(0.5));
  }

  @Test
  void wrongSettingsAreRefused() {
    assertThatThrownBy(() -> new OutOfContextSettings(7, 20, 1, 1, 1, List.of("a", "b"), 1))
        .hasMessageContaining("realised must be a multiple of the 2 words")
        .hasMessageContaining("but was 7");
    assertThatThrownBy(() -> new OutOfContextSettings(2, 2, 1, 1, 11, List.of("a", "b"), 1))
        .hasMessageContaining("questions must be in [1, 10] but was 11");
    assertThatThrownBy(() -> new OutOfContextSettings(2, 2, 1, 1, 1, List.of("a", "a"), 1))
        .hasMessageContaining("markers must be at least two different words");
    assertThatThrownBy(
            () ->
                OutOfContext.of(
                    new OutOfContextSettings(1000, 1000, 1, 1, 1, List.of("a", "b"), 1)))
        .hasMessageContaining("names must be at most 3000 but were to be 6000");
  }
}
