package org.alignment4j.eval.factuality.factscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.BenchmarkOutcome;
import org.alignment4j.eval.Evaluation;
import org.alignment4j.eval.EvaluationRun;
import org.alignment4j.eval.factuality.BusyOnce;
import org.alignment4j.eval.factuality.PromptStyle;
import org.alignment4j.eval.factuality.TextModel;
import org.alignment4j.eval.factuality.WeighedChoices;
import org.alignment4j.eval.solve.BenchmarkRun;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactScoreTest {

  private static final PassageIndex SOURCE =
      PassageIndex.of(
          List.of(
              new Passage("Ada Roe", "Ada Roe was born in Rome."),
              new Passage("Ada Roe", "Ada Roe played chess."),
              new Passage("Bo Hall", "Bo Hall sailed.")));

  @TempDir Path folder;

  /** Takes every word of the last line but the instruction's for a fact. */
  private static TextModel wordByWord() {
    return TextModel.of(
        prompt -> {
          String[] lines = prompt.strip().split("\n", -1);
          String sentence = lines[lines.length - 1].replaceAll("^.*own: ", "");
          return sentence
              .lines()
              .flatMap(line -> List.of(line.split("[ .]+", 0)).stream())
              .map(word -> "- " + word)
              .collect(Collectors.joining("\n"));
        });
  }

  private static FactChecker checker(FactJudge judge) {
    return FactChecker.of(ModelFactExtractor.of(wordByWord(), PromptStyle.TEXT), SOURCE, judge);
  }

  @Test
  void penaltyByHand() {
    assertThat(FactScoreFormulas.lengthPenalty(10, 10)).isEqualTo(1);
    assertThat(FactScoreFormulas.lengthPenalty(11, 10)).isEqualTo(1);
    assertThat(FactScoreFormulas.lengthPenalty(5, 10)).isCloseTo(Math.exp(-1), within(1e-15));
    assertThat(FactScoreFormulas.lengthPenalty(1, 10)).isCloseTo(Math.exp(-9), within(1e-15));
    assertThat(FactScoreFormulas.lengthPenalty(1, 0)).isEqualTo(1);
    assertThat(FactScoreFormulas.score(3, 4, 5, 10)).isCloseTo(0.75 * Math.exp(-1), within(1e-15));
    assertThatThrownBy(() -> FactScoreFormulas.lengthPenalty(0, 10))
        .hasMessage("facts must be at least 1 but was 0");
    assertThatThrownBy(() -> FactScoreFormulas.lengthPenalty(1, -1))
        .hasMessageContaining("gamma must be finite and not negative but was -1.0");
    assertThatThrownBy(() -> FactScoreFormulas.score(0, 0, 1, 10))
        .hasMessageContaining("at least one judged but were 0, 0 and 1");
  }

  @Test
  void theQuestionHasPassagesInReverseOrder() {
    FactQuestion question =
        new FactQuestion(
            "Ada",
            "She was\nborn.",
            List.of(new Passage("T1", "best"), new Passage("T2", "second")));
    assertThat(question.text())
        .isEqualTo(
            """
            Answer the question about Ada based on the given context.

            Title: T2
            Text: second

            Title: T1
            Text: best

            Input: She was born. True or False?
            Output:\
            """);
  }

  @Test
  void writtenVerdicts() {
    assertThat(FactReply.parse("True.")).hasValue(true);
    assertThat(FactReply.parse(" The statement is FALSE")).hasValue(false);
    assertThat(FactReply.parse("not false but true")).hasValue(true);
    assertThat(FactReply.parse("true, not false")).hasValue(false);
    assertThat(FactReply.parse("Yes")).isEmpty();
    assertThat(FactReply.parse("unknown")).isEmpty();
  }

  @Test
  void listsOfFacts() {
    assertThat(ModelFactExtractor.parse("- a b\n* c\n2. d\n- a b\n\nSentence: x\n- no"))
        .containsExactly("a b", "c", "d");
    assertThat(ModelFactExtractor.parse("Here are the facts:\n1) One.\n")).containsExactly("One.");
    assertThat(ModelFactExtractor.parse("There is none.")).isEmpty();
    assertThat(ModelFactExtractor.parse("-")).isEmpty();
  }

  @Test
  void theExtractorShowsTheDemonstrationsMostLikeTheSentenceNearestLast() {
    FactDemonstrations own =
        FactDemonstrations.of(
            List.of(
                new FactDemonstrations.Demonstration("Cats sleep.", List.of("Cats sleep.")),
                new FactDemonstrations.Demonstration("Dogs bark loudly.", List.of("Dogs bark.")),
                new FactDemonstrations.Demonstration("Dogs bark at night.", List.of("x", "y"))));
    TextModel model = TextModel.of(prompt -> "- one");
    ModelFactExtractor extractor =
        new ModelFactExtractor(
            model,
            own,
            2,
            "List:",
            PromptStyle.TEXT,
            ModelFactExtractor.of(model, PromptStyle.TEXT).options());
    List<ExtractedFacts> facts =
        extractor.extract(List.of("Dogs bark at\nnight."), CancellationToken.none());
    assertThat(model.calls().get(0).get(0))
        .isEqualTo(
            """
            List: Dogs bark loudly.
            - Dogs bark.

            List: Dogs bark at night.
            - x
            - y

            List: Dogs bark at night.
            """);
    assertThat(facts.get(0).usage().calls()).isEqualTo(1);
    assertThat(FactDemonstrations.bundled().size()).isEqualTo(20);
    assertThat(extractor.id())
        .isNotEqualTo(extractor.withDemonstrations(FactDemonstrations.bundled()).id());
  }

  @Test
  void anAnswerIsScoredByItsFacts() {
    // Four facts, of which the judge finds one false and cannot tell of one.
    TextModel judge =
        TextModel.of(
            prompt -> {
              String fact = prompt.replaceAll("(?s).*Input: (.*) True or False\\?\nOutput:", "$1");
              return Map.of("Ada", "True", "was", "False", "born", "True").getOrDefault(fact, "?");
            });
    FactScore form = FactScore.of(checker(FactJudges.byText(judge, PromptStyle.TEXT)));
    LoadedBenchmark benchmark = form.topics(List.of("Ada Roe"));
    TextModel target = TextModel.of(prompt -> "Ada was born here.").named("target");
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, target);
    assertThat(target.calls().get(0)).containsExactly("Tell me a bio of Ada Roe.");
    assertThat(estimates.get("factscore_unpenalised").value()).isCloseTo(2.0 / 3, within(1e-15));
    assertThat(estimates.get("factscore").value())
        .isCloseTo(2.0 / 3 * Math.exp(1 - 10.0 / 4), within(1e-15));
    assertThat(estimates.get("facts_per_answer").value()).isEqualTo(4);
    assertThat(estimates.get("unscored_facts").value()).isEqualTo(0.25);
    assertThat(estimates.get("respond_ratio").value()).isEqualTo(1);
    // One sentence and four facts of twelve tokens each.
    assertThat(estimates.get("checking_tokens").value()).isEqualTo(5 * 12);
    assertThat(judge.calls()).hasSize(1);
    assertThat(judge.calls().get(0).get(0))
        .contains("Title: Ada Roe\nText: Ada Roe was born in Rome.")
        .doesNotContain("sailed");

    List<Sample> samples = benchmark.samples().toList();
    Answer answer = benchmark.solver().solve(samples, target, CancellationToken.none()).get(0);
    assertThat(answer.completions()).hasSize(1);
    assertThat(answer.usage().calls()).isEqualTo(1);
    CheckedAnswer checked =
        checker(FactJudges.byText(judge, PromptStyle.TEXT))
            .check(
                List.of(new LongAnswer("Ada Roe", answer.completions().get(0).text())),
                CancellationToken.none())
            .get(0);
    assertThat(checked.facts())
        .extracting(CheckedFact::fact)
        .containsExactly("Ada", "was", "born", "here");
    assertThat(checked.facts())
        .extracting(CheckedFact::supported)
        .containsExactly(true, false, true, false);
    assertThat(((Judgement.Unparsed<Boolean>) checked.facts().get(3).judgement()).problem())
        .isEqualTo("the reply has neither true nor false");
    assertThat(checked.judging().calls()).isEqualTo(4);
    assertThat(
            BenchmarkRun.estimates(form.withGamma(0).topics(List.of("Ada Roe")), target)
                .get("factscore")
                .value())
        .isCloseTo(2.0 / 3, within(1e-15));
  }

  @Test
  void answersWithoutFactsLowerTheRespondRatioAndCostNoChecks() {
    TextModel judge = TextModel.of(prompt -> "True");
    LoadedBenchmark benchmark =
        FactScore.of(checker(FactJudges.byText(judge, PromptStyle.CHAT)))
            .topics(List.of("Ada Roe", "Bo Hall", "Cy", "Di"));
    Map<String, String> says =
        Map.of(
            "Ada Roe", "Ada was born here.",
            "Bo Hall", "I'm sorry, I don't have that.",
            "Cy", "  ",
            "Di", "Di sang.");
    TextModel target =
        TextModel.of(prompt -> says.get(prompt.replaceAll("Tell me a bio of (.*)\\.", "$1")));
    Map<String, Estimate> estimates = BenchmarkRun.estimates(benchmark, target);
    assertThat(estimates.get("respond_ratio").value()).isEqualTo(0.5);
    assertThat(estimates.get("factscore").n()).isEqualTo(1);
    // Nothing is known about Di: no verdict, and no value made of it.
    assertThat(estimates.get("factscore").unscored()).isEqualTo(1);
    assertThat(estimates.get("unscored_facts").value()).isEqualTo(0.5);
    assertThat(judge.answered()).isEqualTo(4);
  }

  @Test
  void judgesByProbability() {
    List<FactQuestion> questions =
        List.of(
            new FactQuestion("t", "likely", List.of(new Passage("t", "x"))),
            new FactQuestion("t", "unlikely", List.of(new Passage("t", "x"))),
            new FactQuestion("t", "equal", List.of(new Passage("t", "x"))));
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) ->
                prompt.contains("equal")
                    ? -1
                    : prompt.contains("unlikely") == text.equals(" True") ? -2 : -1);
    List<CheckedFact> facts = new ArrayList<>();
    FactJudges.byLikelihood(model)
        .judge(questions, CancellationToken.none())
        .forEach(judgement -> facts.add(new CheckedFact("f", judgement)));
    assertThat(facts.stream().map(CheckedFact::supported)).containsExactly(true, false, false);
    assertThat(facts.stream().map(CheckedFact::judged)).containsExactly(true, true, false);
    assertThat(facts.get(0).judgement().usage().scoredTokens()).isEqualTo(2);
    assertThat(model.calls()).hasSize(1);

    WeighedChoices choices =
        new WeighedChoices(
            prompt -> prompt.contains("equal") ? 0.5 : prompt.contains("unlikely") ? 0.4 : 0.6);
    facts.clear();
    FactJudges.byChoice(choices)
        .judge(questions, CancellationToken.none())
        .forEach(judgement -> facts.add(new CheckedFact("f", judgement)));
    assertThat(facts.stream().map(CheckedFact::supported)).containsExactly(true, false, false);
    assertThat(facts.get(2).judged()).isFalse();
    assertThat(choices.asked().get(0).choices()).containsExactly(" True", " False");

    FactJudge confirmed =
        FactJudges.confirmed(
            FactJudges.byChoice(new WeighedChoices(prompt -> 0.9)),
            new FactJudges.FactProbability() {
              @Override
              public String id() {
                return "npm";
              }

              @Override
              public double probability(String topic, String fact) {
                return fact.equals("likely") ? 0.31 : 0.3;
              }
            },
            0.3);
    facts.clear();
    confirmed
        .judge(questions, CancellationToken.none())
        .forEach(judgement -> facts.add(new CheckedFact("f", judgement)));
    assertThat(facts.stream().map(CheckedFact::supported)).containsExactly(true, false, false);
    assertThat(confirmed.id()).isEqualTo("choice: choices, confirmed above 0.3 by npm");
  }

  @Test
  void wordsThatAreNoSingleTokensAreRefused() {
    ScriptedLikelihoods model = ScriptedLikelihoods.constant();
    LikelihoodModel longer =
        new LikelihoodModel() {
          @Override
          public String id() {
            return "long";
          }

          @Override
          public List<ContinuationScore> logProbabilities(
              List<? extends Continuation> continuations, CancellationToken cancellation) {
            return model.logProbabilities(
                continuations.stream()
                    .map(
                        own ->
                            Continuation.of(
                                own.prompt(), ((Continuation.OfText) own).text() + " x"))
                    .toList(),
                cancellation);
          }
        };
    List<FactQuestion> questions =
        List.of(new FactQuestion("t", "f", List.of(new Passage("t", "x"))));
    assertThatThrownBy(
            () -> FactJudges.byLikelihood(longer).judge(questions, CancellationToken.none()))
        .hasMessageContaining("' True' must be a single token of the judge but is 2 of 'long'")
        .hasMessageContaining("judge by choices instead");
  }

  @Test
  void aJudgeThatTossesACoinGivesOneHalf() {
    List<String> topics = IntStream.range(0, 300).mapToObj(i -> "Topic " + i).toList();
    PassageIndex source =
        PassageIndex.of(List.of(new Passage("a", "b"), new Passage("c", "d"))).acrossTitles();
    int covered = 0;
    for (int seed = 0; seed < 10; seed++) {
      FactJudge judge = FactJudges.byLikelihood(ScriptedLikelihoods.random(seed));
      FactExtractor extractor = ModelFactExtractor.of(wordByWord(), PromptStyle.TEXT);
      Map<String, Estimate> estimates =
          BenchmarkRun.estimates(
              FactScore.of(FactChecker.of(extractor, source, judge)).topics(topics),
              TextModel.of(prompt -> prompt + " One two three four five six."));
      covered += estimates.get("factscore_unpenalised").contains(0.5) ? 1 : 0;
    }
    assertThat(covered).isGreaterThanOrEqualTo(8);
  }

  @Test
  void runsInTheEngineWithTheCostsOfAllRolesAndAsksNothingTwice() {
    TextModel judge = TextModel.of(prompt -> "True");
    LoadedBenchmark benchmark =
        FactScore.of(checker(FactJudges.byText(judge, PromptStyle.TEXT)))
            .topics(List.of("Ada Roe", "Bo Hall"));
    TextModel target = TextModel.of(prompt -> "Ada was born here.").named("target");
    EvaluationRun run = Evaluation.of(benchmark).model(target).runFolder(folder).run();
    Usage usage = run.report().of("factscore").get(0).usage();
    assertThat(usage.calls()).isEqualTo(2 * (1 + 1 + 4));
    Map<String, Usage> byRole = run.outcomes().get(0).usageByRole();
    assertThat(byRole.get("target").calls()).isEqualTo(2);
    assertThat(byRole.get(FactChecker.EXTRACTOR).calls()).isEqualTo(2);
    assertThat(byRole.get("judge").calls()).isEqualTo(2 * 4);
    int calls = judge.answered();
    EvaluationRun again = Evaluation.of(benchmark).model(target).runFolder(folder).run();
    assertThat(judge.answered()).isEqualTo(calls);
    assertThat(again.report().results()).isEqualTo(run.report().results());
    // Another judge is another evaluation.
    LoadedBenchmark other =
        FactScore.of(checker(FactJudges.byChoice(new WeighedChoices(prompt -> 0.1))))
            .topics(List.of("Ada Roe", "Bo Hall"));
    EvaluationRun third = Evaluation.of(other).model(target).runFolder(folder).run();
    assertThat(third.report().of("factscore").get(0).estimate("factscore").value()).isZero();
  }

  @Test
  void aJudgeThatIsBusyLeavesTheAnswerAsItIsAndWhatWasPaidIsPaid() {
    BusyOnce judge = new BusyOnce(TextModel.of(prompt -> "True"));
    LoadedBenchmark benchmark =
        FactScore.of(checker(FactJudges.byText(judge, PromptStyle.TEXT)))
            .topics(List.of("Ada Roe", "Bo Hall"));
    TextModel target = TextModel.of(prompt -> "Ada was born here.").named("target");
    BenchmarkOutcome outcome = Evaluation.of(benchmark).model(target).run().outcomes().get(0);
    assertThat(judge.wasBusy()).isTrue();
    assertThat(outcome.failed()).isZero();
    assertThat(target.answered()).isEqualTo(2);
    assertThat(outcome.usageByRole().get("target").calls()).isEqualTo(2);
    // The facts of the answer that the judge was too busy for were found twice.
    assertThat(outcome.usageByRole().get(FactChecker.EXTRACTOR).calls()).isEqualTo(3);
  }

  @Test
  void aJudgeOrExtractorThatLosesResultsHasFailed() {
    FactJudge losing =
        new IdentifiedFactJudge(
            "losing", java.util.Set.of(), (questions, cancellation) -> List.of());
    List<LongAnswer> answers = List.of(new LongAnswer("Ada Roe", "Ada was."));
    assertThatThrownBy(() -> checker(losing).check(answers, CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("a judge must give one result per fact, 2, but gave 0");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void topicsOfFiles() throws IOException {
    FactScore form = FactScore.of(checker(FactJudges.byChoice(new WeighedChoices(p -> 0.9))));
    assertThat(
            form.topics(file("t.txt", "Ada Roe\nBo Hall\n"), ReadOptions.strict())
                .samples()
                .map(Sample::id))
        .containsExactly("Ada Roe", "Bo Hall");
    assertThat(form.topics(file("t.jsonl", "{\"topic\": \"Ada\"}\n"), ReadOptions.strict()).size())
        .isEqualTo(1);
    Path twice = file("u.txt", "Ada\nBo\nAda\n");
    assertThatThrownBy(() -> form.topics(twice, ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("a topic must occur once but 'Ada' occurs twice")
        .hasMessageContaining("u.txt, line 3");
    Path wrong = file("v.jsonl", "{\"name\": \"Ada\", \"x\": 1}\n");
    assertThatThrownBy(() -> form.topics(wrong, ReadOptions.strict()))
        .hasMessageContaining("field is required but is missing")
        .hasMessageContaining("v.jsonl, line 1, field 'topic'");
    assertThatThrownBy(() -> form.topics(List.of())).hasMessageContaining("at least one sample");
    assertThatThrownBy(() -> form.withQuestion("Who?", PromptStyle.TEXT))
        .hasMessageContaining("question must contain {topic} but was 'Who?'");
  }

  @Test
  void passagesAndDemonstrationsOfFiles() throws IOException {
    PassageIndex index =
        PassageIndex.read(
            file("p.csv", "title,text\nAda,\"born, far\"\nada,sang\n"), ReadOptions.strict());
    assertThat(index.passages(" ADA", "what she sang", 1))
        .containsExactly(new Passage("ada", "sang"));
    assertThat(index.passages("Bo", "sang", 5)).isEmpty();
    assertThat(index.acrossTitles().passages("Bo", "sang", 5)).hasSize(2);
    assertThat(index.report()).isPresent();
    Path broken = file("q.csv", "title,text\nAda,born\nBo, \n");
    assertThatThrownBy(() -> PassageIndex.read(broken, ReadOptions.strict()))
        .hasMessageContaining("text must not be empty")
        .hasMessageContaining("q.csv, line 3, field 'text'");
    Path empty = file("r.csv", "title,text\n");
    assertThatThrownBy(() -> PassageIndex.read(empty, ReadOptions.strict()))
        .hasMessageContaining("the file must have at least one passage but has none");
    assertThat(
            FactDemonstrations.read(
                    file("d.jsonl", "{\"sentence\": \"A b.\", \"facts\": [\"A\", \"b\"]}\n"),
                    ReadOptions.strict())
                .like("b", 3))
        .hasSize(1);
    Path none = file("e.jsonl", "{\"sentence\": \"A b.\", \"facts\": []}\n");
    assertThatThrownBy(() -> FactDemonstrations.read(none, ReadOptions.strict()))
        .hasMessageContaining("there must be a fact but there is none")
        .hasMessageContaining("e.jsonl, line 1, field 'facts'");
  }

  @Test
  void costsNameTheirTime() {
    FactJudge judge = FactJudges.byChoice(new WeighedChoices(prompt -> 0.9));
    CheckedAnswer checked =
        checker(judge)
            .check(List.of(new LongAnswer("Ada Roe", "Ada was.")), CancellationToken.none())
            .get(0);
    assertThat(checked.extraction().time()).isEqualTo(Duration.ofMillis(1));
    assertThat(checked.judging().calls()).isEqualTo(2);
    assertThat(checked.supported()).isEqualTo(2);
  }
}
