package org.alignment4j.oversight.amplify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.oversight.ScriptedModel;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.decompose.FactoredCognition;
import org.junit.jupiter.api.Test;

class AmplifyAndDistilTest {
  private static final OversightContext CONTEXT = OversightContext.of(1);
  private static final Pattern FENCED = Pattern.compile("(?s)BEGIN ([0-9a-f]{24})\n(.*?)\nEND \\1");

  private final List<TrainingContext> trainings = new ArrayList<>();
  private final List<Summing> made = new ArrayList<>();

  /** Adds two numbers by itself, divides sums into halves, and knows what it was taught. */
  private static final class Summing implements LanguageModel, AutoCloseable {
    private final Map<String, String> taught;
    private final ScriptedModel script;
    private boolean closed;
    private String id = "summing";

    Summing(Map<String, String> taught) {
      this.taught = Map.copyOf(taught);
      this.script = ScriptedModel.of((prompt, seed, draw) -> reply(prompt));
    }

    private String reply(String prompt) {
      Matcher matcher = FENCED.matcher(prompt);
      List<String> parts = new ArrayList<>();
      while (matcher.find()) {
        parts.add(matcher.group(2));
      }
      if (prompt.contains("You divide")) {
        String[] numbers = parts.get(0).split("\\+");
        int half = numbers.length / 2;
        return String.join("+", Arrays.copyOf(numbers, half))
            + "\n"
            + String.join("+", Arrays.copyOfRange(numbers, half, numbers.length));
      }
      if (prompt.contains("What was found")) {
        int sum = 0;
        for (String line : parts.get(0).lines().filter(l -> l.startsWith("A: ")).toList()) {
          if (!line.matches("A: \\d+")) {
            return "";
          }
          sum += Integer.parseInt(line.substring(3));
        }
        return "\"" + sum + "\"";
      }
      String known = taught.get(prompt);
      if (known != null) {
        return known;
      }
      String[] numbers = parts.get(0).split("\\+");
      return numbers.length > 2
          ? ""
          : "\"" + Arrays.stream(numbers).mapToInt(Integer::parseInt).sum() + "\"";
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      return script.generate(prompts, options, cancellation);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private LanguageModel train(
      LanguageModel model, List<? extends PromptCompletion> examples, TrainingContext context) {
    trainings.add(context);
    Map<String, String> taught = new HashMap<>();
    for (PromptCompletion example : examples) {
      StringBuilder text = new StringBuilder();
      for (Message message : ((Prompt.Chat) example.prompt()).messages()) {
        text.append(message.role().label()).append(": ").append(message.content()).append('\n');
      }
      taught.put(text.toString(), example.completion());
    }
    Summing trained = new Summing(taught);
    made.add(trained);
    return trained;
  }

  private static AmplifyAndDistil loop(LanguageModel model) {
    return AmplifyAndDistil.of(
        FactoredCognition.by(model),
        List.of(List.of("1+2+3+4", "5+6+7+8"), List.of("1+2+3+4+5+6+7+8", "5+6+7+8+1+2+3+4")));
  }

  private static String direct(LanguageModel model, String question) {
    FactoredCognition protocol = FactoredCognition.by(model);
    return protocol
        .withLimits(protocol.limits().withDepth(0))
        .run(question, CONTEXT)
        .verdict()
        .answer()
        .orElse("unknown");
  }

  @Test
  void distilledModelAnswersDirectlyWhatNeededTwoLevels() {
    Summing start = new Summing(Map.of());
    Learner<PromptCompletion> learner = this::train;
    AmplificationResult result = loop(start).amplify(start, learner, CONTEXT);
    assertThat(direct(start, "1+2+3+4+5+6+7+8")).isEqualTo("unknown");
    assertThat(direct(result.model(), "1+2+3+4+5+6+7+8")).isEqualTo("36");
    assertThat(direct(result.model(), "1+2+3+4")).as("is not forgotten").isEqualTo("10");
    // One level of amplification without distillation does not reach it.
    assertThat(FactoredCognition.by(start).run("1+2+3+4+5+6+7+8", CONTEXT).verdict().answer())
        .isEmpty();
    assertThat(result.rounds()).extracting(AmplificationRound::examples).containsExactly(2, 4);
    assertThat(result.rounds().get(0).usage().calls()).isEqualTo(2 * 4);
    assertThat(result.incomplete()).isEmpty();
    assertThat(start.closed).isFalse();
    assertThat(made).extracting(summing -> summing.closed).containsExactly(true, false);
    assertThat(trainings).extracting(TrainingContext::seed).doesNotHaveDuplicates();
    assertThat(trainings).extracting(TrainingContext::runFolder).containsOnlyNulls();
  }

  @Test
  void budgetGivesTheModelOfTheLastFinishedRound() {
    Summing start = new Summing(Map.of());
    AmplificationResult result =
        loop(start)
            .withRunFolder(Path.of("runs"))
            .amplify(start, this::train, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(8 + 5)));
    assertThat(result.incomplete()).isEqualTo("budget: calls");
    assertThat(result.rounds()).hasSize(1);
    assertThat(result.usage().calls()).isEqualTo(8 + 5);
    assertThat(result.model()).isSameAs(made.get(0));
    assertThat(made.get(0).closed).isFalse();
    assertThat(trainings.get(0).runFolder()).isEqualTo(Path.of("runs/round-0"));
    assertThat(
            loop(start).run(start, this::train, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(3))))
        .isSameAs(start);
  }

  @Test
  void roundWithoutAnswersTrainsNothing() {
    Summing start = new Summing(Map.of());
    AmplificationResult result =
        AmplifyAndDistil.of(
                FactoredCognition.by(start), List.of(List.of("1+2+3+4+5+6+7+8+9+1+2+3")))
            .amplify(start, this::train, CONTEXT);
    assertThat(result.incomplete()).isEqualTo("no answer in round 0");
    assertThat(result.model()).isSameAs(start);
    assertThat(made).isEmpty();
  }

  @Test
  void answersAreTaughtAsTheCallerWritesThem() {
    Summing start = new Summing(Map.of());
    AmplificationResult result =
        loop(start)
            .writing(node -> node.parts().size() + " parts: \"" + node.answer().orElseThrow() + '"')
            .amplify(start, this::train, CONTEXT);
    assertThat(made.get(0).taught.values())
        .containsExactlyInAnyOrder("2 parts: \"10\"", "2 parts: \"26\"");
    assertThat(direct(result.model(), "1+2+3+4")).isEqualTo("10");
  }

  @Test
  void recordedLoopRepeatsWithoutAskingAnyModel() {
    RecordedCalls calls = RecordedCalls.inMemory();
    AmplificationResult first =
        recorded(new Summing(Map.of()), calls).amplify(new Summing(Map.of()), this::named, CONTEXT);
    long asked = calls.usageByRole().get("amplified").calls();
    assertThat(asked).isEqualTo(first.rounds().stream().mapToLong(r -> r.usage().calls()).sum());
    assertThat(calls.knownAnswers()).isZero();
    AmplificationResult again =
        recorded(new Summing(Map.of()), calls).amplify(new Summing(Map.of()), this::named, CONTEXT);
    assertThat(calls.usageByRole().get("amplified").calls()).isEqualTo(asked);
    assertThat(again.rounds()).extracting(AmplificationRound::examples).containsExactly(2, 4);
    assertThat(direct(again.model(), "1+2+3+4+5+6+7+8")).isEqualTo("36");
  }

  private static AmplifyAndDistil recorded(LanguageModel model, RecordedCalls calls) {
    return loop(model).asking(round -> calls.as("amplified", round));
  }

  private LanguageModel named(
      LanguageModel model, List<? extends PromptCompletion> examples, TrainingContext context) {
    Summing trained = (Summing) train(model, examples, context);
    trained.id = "summing after " + examples.size();
    return trained;
  }

  @Test
  void trainedModelWithoutIdOfItsOwnIsRefusedWhereCallsAreRecorded() {
    Summing start = new Summing(Map.of());
    assertThatThrownBy(
            () -> recorded(start, RecordedCalls.inMemory()).amplify(start, this::train, CONTEXT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an id of its own")
        .hasMessageContaining("'summing'");
  }

  @Test
  void emptyCurriculumIsNamed() {
    Summing start = new Summing(Map.of());
    assertThatThrownBy(
            () ->
                AmplifyAndDistil.of(
                    FactoredCognition.by(start), List.of(List.of("1+2"), List.of())))
        .hasMessageContaining("[1, 0]");
  }
}
