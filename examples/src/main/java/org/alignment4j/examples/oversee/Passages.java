package org.alignment4j.examples.oversee;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.pocket.world.Passage;
import org.alignment4j.pocket.world.PocketWorld;

/**
 * The world's passages as questions to debate, and as lessons in arguing: for the truth with the
 * sentence that supports it, against it with another sentence of the passage.
 */
final class Passages {

  private final List<Passage> judged;
  private final List<Passage> training;

  Passages(PocketWorld world, OverseeSettings settings) {
    int from = settings.first() + settings.questions();
    List<Passage> all = world.passages(from + settings.trainingPassages());
    this.judged = all.subList(settings.first(), from);
    this.training =
        all.subList(from, all.size()).stream()
            .filter(passage -> judged.stream().noneMatch(j -> j.text().equals(passage.text())))
            .toList();
  }

  /** The questions; the right answer stands first in every other one. */
  List<ChoiceQuestion> questions() {
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int i = 0; i < judged.size(); i++) {
      Passage passage = judged.get(i);
      String right = claim(passage, true);
      String wrong = claim(passage, false);
      questions.add(
          new ChoiceQuestion(
              "passage-" + i,
              passage.question().text(),
              i % 2 == 0 ? List.of(right, wrong) : List.of(wrong, right),
              List.of(passage.text()),
              OptionalInt.of(i % 2),
              "passage-" + i));
    }
    return questions;
  }

  private static String claim(Passage passage, boolean truth) {
    return passage
        .question()
        .reply(truth ? passage.question().fact().value() : passage.wrongAnswer());
  }

  /** Lessons for the first argument and for answers to an opponent, for either side. */
  List<PromptCompletion> lessons(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PromptCompletion> lessons = new ArrayList<>();
    for (Passage passage : training) {
      String honest = DebateText.argument(passage.support(), claim(passage, true));
      String liar = DebateText.argument(excuse(passage, random), claim(passage, false));
      boolean answering = random.nextBoolean();
      lessons.add(lesson(passage, true, answering ? liar : "", honest));
      lessons.add(lesson(passage, false, answering ? honest : "", liar));
    }
    return lessons;
  }

  private static PromptCompletion lesson(
      Passage passage, boolean truth, String opponent, String argument) {
    return new PromptCompletion(
        DebateText.arguePrompt(
            passage.text(), passage.question().text(), claim(passage, truth), opponent),
        argument);
  }

  /** What a liar quotes: a sentence of the passage that is beside the point. */
  private static String excuse(Passage passage, SplittableRandom random) {
    List<String> others = new ArrayList<>(passage.sentences());
    others.remove(passage.supporting());
    return others.get(random.nextInt(others.size()));
  }
}
