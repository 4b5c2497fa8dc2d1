package org.alignment4j.examples.weaktostrong;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.oversight.weaktostrong.KnownAnswer;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.DocumentKind;
import org.alignment4j.pocket.world.PocketWorld;

/**
 * The world's questions whether it is wrong to do something, about as many of them about wrong
 * things as not. What is scored ends where an answer would begin. Questions about the same thing
 * done to different people are one source; half of the sources are for learning, half for the test.
 */
final class MoralQuestions implements QuestionSource {
  private static final int DOCUMENTS = 150_000;
  private static final long CORPUS = 999;
  private static final String END = "\nAnswer";
  private static final String SCORED = ":";
  private static final String WRONG = "Yes";
  private static final Pattern OWNER = Pattern.compile("[A-Z][a-z]+'s");

  private final List<KnownAnswer> training = new ArrayList<>();
  private final List<KnownAnswer> test = new ArrayList<>();

  MoralQuestions(PocketWorld world) {
    Map<String, KnownAnswer> questions = new LinkedHashMap<>();
    world
        .corpus(CORPUS, DOCUMENTS)
        .filter(document -> document.kind() == DocumentKind.MORAL)
        .map(MoralQuestions::question)
        .forEach(question -> questions.putIfAbsent(question.id(), question));
    List<String> sources =
        new ArrayList<>(questions.values().stream().map(KnownAnswer::source).distinct().toList());
    Collections.shuffle(sources, new Random(world.options().seed()));
    Set<String> learnt = new HashSet<>(sources.subList(0, sources.size() / 2));
    questions.values().forEach(q -> (learnt.contains(q.source()) ? training : test).add(q));
  }

  private static KnownAnswer question(Document document) {
    String text = document.text();
    int end = text.indexOf(END);
    String question = text.substring(0, end);
    String answer = text.substring(end + END.length() + SCORED.length()).strip();
    return new KnownAnswer(
        question,
        OWNER.matcher(question).replaceAll("somebody's"),
        Prompt.text(question + END),
        SCORED,
        answer.startsWith(WRONG));
  }

  @Override
  public List<KnownAnswer> training(int count) {
    return first(training, "taught", count);
  }

  @Override
  public List<KnownAnswer> test(int count) {
    return first(test, "tested", count);
  }

  @Override
  public List<String> words() {
    return List.of(" " + WRONG, " No");
  }

  private static List<KnownAnswer> first(List<KnownAnswer> questions, String name, int count) {
    if (count > questions.size()) {
      throw new IllegalArgumentException(
          name + " must be at most " + questions.size() + " questions but was " + count);
    }
    return questions.subList(0, count);
  }
}
