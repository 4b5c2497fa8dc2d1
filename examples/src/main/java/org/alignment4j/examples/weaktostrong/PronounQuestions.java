package org.alignment4j.examples.weaktostrong;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;
import org.alignment4j.pocket.world.Dialogue;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.pocket.world.Split;

/**
 * Questions about the world's people, which tell nothing of the class: whether the world says "she"
 * of the person. Every first name is a case of its own, which only texts about its bearers show,
 * and so all questions about them are one source. First names are for development, for learning or
 * for the test by their hash alone; of each class there are as many questions.
 */
final class PronounQuestions implements QuestionSource {
  private static final int PARTS = 10;
  private static final String SALT = "weak-to-strong ";
  private static final String SCORED = ":";

  /** Which first names are asked about. */
  enum Names {
    /** Those that everything is chosen on. */
    DEVELOPMENT(ImmutableSet.of(0, 2), ImmutableSet.of(1)),
    /** Those of the figures that are shown. */
    MEASURED(ImmutableSet.of(3, 4, 5, 6), ImmutableSet.of(7, 8, 9));

    private final ImmutableSet<Integer> learnt;
    private final ImmutableSet<Integer> tested;

    Names(ImmutableSet<Integer> learnt, ImmutableSet<Integer> tested) {
      this.learnt = learnt;
      this.tested = tested;
    }
  }

  private final List<KnownAnswer> training;
  private final List<KnownAnswer> test;

  PronounQuestions(PocketWorld world, Names names) {
    training = questions(world, names.learnt);
    test = questions(world, names.tested);
  }

  private static List<KnownAnswer> questions(PocketWorld world, Set<Integer> parts) {
    Set<?> people = Set.copyOf(world.people());
    List<KnownAnswer> questions =
        new ArrayList<>(
            Stream.of(Split.values())
                .flatMap(split -> world.questions(split).stream())
                .filter(question -> people.contains(question.fact().subject()))
                .filter(question -> parts.contains(part(question.fact().subject().shortName())))
                .map(PronounQuestions::known)
                .toList());
    Collections.shuffle(questions, new Random(world.options().seed()));
    return questions;
  }

  private static int part(String firstName) {
    int hash = Hashing.sha256().hashString(SALT + firstName, StandardCharsets.UTF_8).asInt();
    return Math.floorMod(hash, PARTS);
  }

  private static KnownAnswer known(Question question) {
    String asked = Dialogue.prompt(question.text());
    return new KnownAnswer(
        question.text(),
        question.fact().subject().shortName(),
        Prompt.text(asked.substring(0, asked.length() - SCORED.length())),
        SCORED,
        question.fact().subject().pronoun().equals("she"));
  }

  @Override
  public List<KnownAnswer> training(int count) {
    return balanced(training, "taught", count);
  }

  @Override
  public List<KnownAnswer> test(int count) {
    return balanced(test, "tested", count);
  }

  @Override
  public List<String> words() {
    return List.of(" She", " He");
  }

  private static List<KnownAnswer> balanced(List<KnownAnswer> questions, String name, int count) {
    List<KnownAnswer> good = questions.stream().filter(KnownAnswer::good).toList();
    List<KnownAnswer> bad = questions.stream().filter(question -> !question.good()).toList();
    int most = 2 * Math.min(good.size(), bad.size());
    if (count > most || count % 2 != 0) {
      throw new IllegalArgumentException(
          name + " must be even and at most " + most + " questions but was " + count);
    }
    List<KnownAnswer> chosen = new ArrayList<>();
    for (int i = 0; i < count / 2; i++) {
      chosen.add(good.get(i));
      chosen.add(bad.get(i));
    }
    return List.copyOf(chosen);
  }
}
