package org.alignment4j.eval.factuality.factscore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.factuality.SentenceSplitter;
import org.apiguardian.api.API;

/**
 * Checks answers fact by fact (Min et al. 2023, arXiv 2305.14251, section 3): answers that abstain
 * are left; the others are cut into sentences, these into atomic facts, and each fact is judged by
 * passages about the topic. The sentences of all answers go to the extractor in one call and their
 * facts to the judge in another, so that models can batch them. About one call a sentence and one a
 * fact. Results are filed by the identities of extractor, source and judge; a splitter or an
 * abstention of one's own takes a run folder of its own. Immutable and thread-safe, as its parts
 * are.
 *
 * @param extractor who finds the facts
 * @param source where they are looked up
 * @param judge who judges them
 * @param passages how many passages the judge sees of a fact, at least 1
 * @param splitter how answers are cut into sentences
 * @param abstention which answers abstain
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FactChecker(
    FactExtractor extractor,
    KnowledgeSource source,
    FactJudge judge,
    int passages,
    SentenceSplitter splitter,
    Abstention abstention) {

  /** The role under which the cost of finding facts is counted. */
  public static final String EXTRACTOR = "extractor";

  private static final int PASSAGES = 5;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there would be no passage
   */
  public FactChecker {
    Objects.requireNonNull(extractor, "extractor");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(judge, "judge");
    Objects.requireNonNull(splitter, "splitter");
    Objects.requireNonNull(abstention, "abstention");
    if (passages < 1) {
      throw new IllegalArgumentException("passages must be at least 1 but was " + passages);
    }
  }

  /** Returns the usual checker: five passages, English sentences, abstention by phrases. */
  public static FactChecker of(FactExtractor extractor, KnowledgeSource source, FactJudge judge) {
    return new FactChecker(
        extractor, source, judge, PASSAGES, SentenceSplitter.english(), Abstention.phrases());
  }

  /** Facts of one answer on their way, with the numbers of their questions; -1 without passages. */
  private record Open(List<String> facts, List<Integer> questions, Usage extraction) {}

  /**
   * Checks answers.
   *
   * @param answers what is checked; may be empty
   * @param cancellation asks to stop at the next call
   * @return what each came to, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when a model fails or loses an answer
   * @throws org.alignment4j.api.AlignmentException when the source cannot be read
   */
  public List<CheckedAnswer> check(List<LongAnswer> answers, CancellationToken cancellation) {
    return check(answers, UsageMeter.none(), cancellation);
  }

  /**
   * Checks answers, and tells what it costs.
   *
   * @param answers what is checked; may be empty
   * @param meter told of extractor ({@link #EXTRACTOR}) and judge ({@link JudgingScorer#JUDGE})
   * @param cancellation asks to stop at the next call
   * @return what each came to, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when a model fails or loses an answer
   * @throws org.alignment4j.api.AlignmentException when the source cannot be read
   */
  public List<CheckedAnswer> check(
      List<LongAnswer> answers, UsageMeter meter, CancellationToken cancellation) {
    List<List<String>> sentences = new ArrayList<>();
    for (LongAnswer answer : answers) {
      boolean silent = answer.text().isBlank() || abstention.abstains(answer.text());
      sentences.add(silent ? List.of() : splitter.sentences(answer.text()));
    }
    List<String> all = sentences.stream().flatMap(List::stream).toList();
    List<ExtractedFacts> extracted =
        all.isEmpty() ? List.of() : extractor.extract(all, cancellation);
    extracted.forEach(own -> meter.add(EXTRACTOR, own.usage()));
    requireOneEach("an extractor", "sentence", extracted.size(), all.size());
    List<FactQuestion> questions = new ArrayList<>();
    List<Open> open = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < answers.size(); i++) {
      List<ExtractedFacts> own = extracted.subList(at, at + sentences.get(i).size());
      at += own.size();
      open.add(ask(answers.get(i).topic(), own, questions, cancellation));
    }
    List<Judgement<Boolean>> judgements =
        questions.isEmpty() ? List.of() : judge.judge(questions, cancellation);
    judgements.forEach(own -> meter.add(JudgingScorer.JUDGE, own.usage()));
    requireOneEach("a judge", "fact", judgements.size(), questions.size());
    return open.stream().map(each -> checked(each, judgements)).toList();
  }

  private Open ask(
      String topic,
      List<ExtractedFacts> extracted,
      List<FactQuestion> questions,
      CancellationToken cancellation) {
    List<String> facts = extracted.stream().flatMap(own -> own.facts().stream()).toList();
    List<Integer> numbers = new ArrayList<>();
    for (String fact : facts) {
      cancellation.throwIfCancelled("fact checking");
      List<Passage> found = source.passages(topic, fact, passages);
      numbers.add(found.isEmpty() ? -1 : questions.size());
      if (!found.isEmpty()) {
        questions.add(new FactQuestion(topic, fact, found));
      }
    }
    return new Open(
        facts,
        Collections.unmodifiableList(numbers),
        extracted.stream().map(ExtractedFacts::usage).reduce(Usage.NONE, Usage::plus));
  }

  private static CheckedAnswer checked(Open open, List<Judgement<Boolean>> judgements) {
    List<CheckedFact> facts = new ArrayList<>();
    for (int i = 0; i < open.facts().size(); i++) {
      int question = open.questions().get(i);
      facts.add(
          new CheckedFact(
              open.facts().get(i),
              question < 0
                  ? new Judgement.Unparsed<>("", "no passage about the topic", Usage.NONE)
                  : judgements.get(question)));
    }
    Usage judging =
        facts.stream().map(fact -> fact.judgement().usage()).reduce(Usage.NONE, Usage::plus);
    return new CheckedAnswer(facts, open.extraction(), judging);
  }

  private static void requireOneEach(String who, String what, int given, int asked) {
    if (given != asked) {
      throw new ModelExecutionException(
          "%s must give one result per %s, %s, but gave %s".formatted(who, what, asked, given));
    }
  }
}
