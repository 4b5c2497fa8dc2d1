package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Locale;
import org.alignment4j.core.judge.RefusalPhrases;
import org.apiguardian.api.API;

/** Tells answers that decline to answer. Implementations are pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface Abstention {

  /**
   * Returns whether an answer abstains.
   *
   * @param answer what was said; an empty answer never comes here
   */
  boolean abstains(String answer);

  /**
   * Returns the usual check: by how the answer begins, and by whether it asks to be told more. An
   * answer that says so late is taken for one.
   */
  static Abstention phrases() {
    RefusalPhrases beginnings =
        RefusalPhrases.startingWith(
            List.of(
                "i'm sorry",
                "i am sorry",
                "sorry",
                "i apologize",
                "i apologise",
                "i cannot",
                "i can't",
                "i could not find",
                "i couldn't find",
                "i do not have",
                "i don't have",
                "i do not know",
                "i don't know",
                "i'm not familiar",
                "i am not familiar",
                "i'm not sure who",
                "i am not sure who",
                "as an ai",
                "unfortunately, i",
                "there is no information",
                "no information"));
    return answer ->
        beginnings.isRefusal(answer) || answer.toLowerCase(Locale.ROOT).contains("provide more");
  }
}
