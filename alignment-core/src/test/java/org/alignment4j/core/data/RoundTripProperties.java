package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Ranking;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.api.reward.UnpairedLabel;

/** What is written reads back as it is, whatever the texts are made of. */
class RoundTripProperties {

  private static final int TRIES = 25;

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> hostile =
        Arbitraries.of(
            "\n\nHuman: q\n\nAssistant: a",
            "\"\\\"",
            "{\"a\":1}",
            "\u2028x\u0000",
            "😀",
            "\uFEFFb",
            "\uFFFF",
            " a ",
            "NaN",
            "a,b\r\n\"c\"",
            "\t\u001b[31m");
    Arbitrary<String> random =
        Arbitraries.strings()
            .all()
            .ofMinLength(1)
            .ofMaxLength(12)
            .filter(s -> !s.isBlank() && JsonValues.loneSurrogate(s) < 0);
    return Arbitraries.oneOf(hostile, random);
  }

  /** Prompts of one form, as the rows of one file must have. */
  private Arbitrary<Prompt> prompts(boolean chat) {
    if (!chat) {
      return texts().map(Prompt::text);
    }
    Arbitrary<Message> message =
        Combinators.combine(Arbitraries.of(Role.class), texts()).as(Message::new);
    return message.list().ofMinSize(1).ofMaxSize(4).map(Prompt::chat);
  }

  private <T> Arbitrary<List<T>> files(Function<Arbitrary<Prompt>, Arbitrary<T>> examples) {
    return Arbitraries.of(true, false)
        .flatMap(chat -> examples.apply(prompts(chat)).list().ofMaxSize(6));
  }

  @Provide
  Arbitrary<List<PreferencePair>> pairs() {
    return files(
        prompts ->
            Combinators.combine(
                    prompts,
                    texts(),
                    texts(),
                    Arbitraries.doubles().between(0, 1),
                    Arbitraries.doubles().between(-1e300, 1e300).optional(),
                    texts().injectNull(0.5))
                .as(
                    (prompt, chosen, rejected, probability, margin, annotator) ->
                        new PreferencePair(
                            prompt,
                            chosen,
                            chosen.equals(rejected) ? rejected + "'" : rejected,
                            probability,
                            margin.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                            annotator)));
  }

  @Provide
  Arbitrary<List<Ranking>> rankings() {
    return files(
        prompts ->
            Combinators.combine(
                    prompts,
                    texts().set().ofMinSize(2).ofMaxSize(5),
                    Arbitraries.doubles().between(-1e6, 1e6).list().ofSize(5))
                .as(
                    (prompt, responses, numbers) -> {
                      List<Double> scores = new ArrayList<>(numbers.subList(0, responses.size()));
                      scores.replaceAll(score -> Math.rint(score) + 0.0);
                      scores.sort(Collections.reverseOrder());
                      return new Ranking(prompt, List.copyOf(responses), scores);
                    }));
  }

  @Provide
  Arbitrary<List<UnpairedLabel>> unpaired() {
    return files(
        prompts ->
            Combinators.combine(prompts, texts(), Arbitraries.of(true, false))
                .as(UnpairedLabel::new));
  }

  @Provide
  Arbitrary<List<StepLabels>> steps() {
    return files(
        prompts ->
            Combinators.combine(
                    prompts,
                    texts().list().ofMinSize(1).ofMaxSize(4),
                    Arbitraries.doubles().between(0, 1).optional().list().ofSize(4))
                .as(
                    (prompt, steps, labels) ->
                        new StepLabels(
                            new StepwiseSolution(prompt, steps),
                            labels.subList(0, steps.size()).stream()
                                .map(
                                    label ->
                                        label
                                            .map(OptionalDouble::of)
                                            .orElse(OptionalDouble.empty()))
                                .toList())));
  }

  @Provide
  Arbitrary<List<Prompt>> promptFiles() {
    return files(prompts -> prompts);
  }

  @Provide
  Arbitrary<List<Demonstration>> demonstrations() {
    Arbitrary<List<Demonstration>> answers =
        files(prompts -> Combinators.combine(prompts, texts()).as(Demonstration::answer));
    Arbitrary<List<Demonstration>> documents =
        texts().map(text -> (Demonstration) new Demonstration.Text(text)).list().ofMaxSize(5);
    Arbitrary<Demonstration> conversation =
        Combinators.combine(texts(), texts(), texts())
            .as(
                (system, question, answer) ->
                    new Demonstration.Conversation(
                        List.of(
                            Message.system(system),
                            Message.user(question),
                            Message.assistant(answer))));
    return Arbitraries.oneOf(answers, documents, conversation.list().ofMaxSize(5));
  }

  @Property(tries = TRIES)
  void preferencePairs(@ForAll("pairs") List<PreferencePair> pairs) {
    roundTrip(pairs, Preferences::write, Preferences::read);
  }

  @Property(tries = TRIES)
  void rankings(@ForAll("rankings") List<Ranking> rankings) {
    roundTrip(rankings, Rankings::write, Rankings::read);
  }

  @Property(tries = TRIES)
  void unpairedLabels(@ForAll("unpaired") List<UnpairedLabel> labels) {
    roundTrip(labels, UnpairedLabels::write, UnpairedLabels::read);
  }

  @Property(tries = TRIES)
  void stepLabels(@ForAll("steps") List<StepLabels> labels) {
    roundTrip(labels, StepLabelled::write, StepLabelled::read);
  }

  @Property(tries = TRIES)
  void prompts(@ForAll("promptFiles") List<Prompt> prompts) {
    roundTrip(prompts, Prompts::write, Prompts::read);
  }

  @Property(tries = TRIES)
  void documents(@ForAll("texts") String document) {
    roundTrip(List.of(document, "x"), Documents::write, Documents::read);
  }

  @Property(tries = TRIES)
  void demonstrations(@ForAll("demonstrations") List<Demonstration> examples) {
    roundTrip(examples, Demonstrations::write, Demonstrations::read);
  }

  @Property(tries = TRIES)
  void selectedPairsAreAmongThoseOfTheRanking(@ForAll("rankings") List<Ranking> rankings) {
    for (Ranking ranking : rankings) {
      List<PreferencePair> all = PairSelection.ALL.pairs(ranking);
      assertThat(all).isEqualTo(ranking.pairs());
      for (PairSelection selection : PairSelection.values()) {
        assertThat(new HashSet<>(all)).containsAll(selection.pairs(ranking));
        assertThat(selection.pairsWithMargins(ranking))
            .hasSameSizeAs(selection.pairs(ranking))
            .allSatisfy(pair -> assertThat(pair.margin().getAsDouble()).isPositive());
      }
    }
  }

  private static <T> void roundTrip(
      List<T> examples,
      BiFunction<Path, Iterable<T>, Long> write,
      Function<Path, Dataset<T>> read) {
    try {
      Path folder = Files.createTempDirectory("roundtrip");
      for (String name : List.of("a.jsonl", "a.jsonl.gz")) {
        Path file = folder.resolve(name);
        assertThat(write.apply(file, examples)).isEqualTo(examples.size());
        assertThat(read.apply(file)).isEqualTo(examples);
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
